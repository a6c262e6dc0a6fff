"""Begin the audit log with the records of what was done before there was one."""

from datetime import timedelta

from django.db import migrations
from django.db.models import F
from django.utils import timezone

KEPT = timedelta(days=365)
AT_ONCE = 2000
VERBS = {
    "submitted": "submitted for review",
    "cancelled": "unscheduled",
    "withdrawn": "withdrew",
}


def copy_records(apps, schema_editor):
    since = timezone.now() - KEPT
    for entries in (decisions, reviews, suggestions, tag_changes):
        batch = []
        for entry in entries(apps, since):
            batch.append(entry)
            if len(batch) == AT_ONCE:
                store(apps, batch)
                batch = []
        store(apps, batch)


def store(apps, entries):
    apps.get_model("audit", "AuditEntry").objects.bulk_create(entries)


def entry_of(apps, kind, at, who, what, target, key, **more):
    entry = apps.get_model("audit", "AuditEntry")
    target = str(target or "")[:250]
    return entry(kind=kind, at=at, who=who, what=what, target=target, target_key=key, **more)


def decisions(apps, since):
    rows = apps.get_model("founders", "Decision").objects.filter(decided_at__gte=since)
    rows = rows.exclude(moderator=None).select_related("moderator", "founder").order_by("pk")
    for row in rows.iterator(AT_ONCE):
        yield entry_of(
            apps,
            "founder",
            row.decided_at,
            row.moderator.username,
            "decided about",
            row.founder.name,
            f"founders.founder-{row.founder_id}",
            before={"status": row.from_status},
            after={"status": row.to_status},
            reason=row.reason,
        )


def reviews(apps, since):
    # A deleted story has no title any more, and its reviews stay.
    titles = apps.get_model("stories", "Story").objects.values_list("title", flat=True)
    rows = apps.get_model("stories", "Review").objects.filter(taken_at__gte=since)
    rows = (
        rows.exclude(by=None)
        .order_by("pk")
        .values("step", "story_id", "comment", "taken_at", who=F("by__username"))
    )
    for row in rows.iterator(AT_ONCE):
        title = titles.filter(pk=row["story_id"]).first()
        yield entry_of(
            apps,
            "story",
            row["taken_at"],
            row["who"],
            VERBS.get(row["step"], row["step"]),
            title,
            f"stories.story-{row['story_id']}",
            reason=row["comment"],
        )


def suggestions(apps, since):
    rows = apps.get_model("stories", "Suggestion").objects.filter(decided_at__gte=since)
    rows = rows.exclude(decided_by=None).select_related("decided_by").order_by("pk")
    for row in rows.only("decided_at", "decided_by", "status", "name", "reason").iterator(AT_ONCE):
        yield entry_of(
            apps,
            "suggestion",
            row.decided_at,
            row.decided_by.username,
            row.status,
            row.name,
            f"stories.suggestion-{row.pk}",
            reason=row.reason,
        )


def tag_changes(apps, since):
    rows = apps.get_model("stories", "TagChange").objects.filter(made_at__gte=since)
    rows = rows.exclude(by=None).select_related("by").defer("moved", "doubled").order_by("pk")
    for row in rows.iterator(AT_ONCE):
        verb = "renamed" if row.kind == "renamed" else f"merged into “{row.after}”"
        yield entry_of(
            apps,
            "tag",
            row.made_at,
            row.by.username,
            verb,
            row.before["name"],
            f"stories.tag-{row.tag_id}" if row.tag_id else "",
        )


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_initial"),
        ("founders", "0008_portrait_index"),
        ("stories", "0017_index_names_at_once"),
    ]

    operations = [migrations.RunPython(copy_records, migrations.RunPython.noop)]
