"""What is held about a person: all of their rows, and one file with everything."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, Q, QuerySet

from founders.forms import FounderForm
from founders.models import Decision, Founder
from stories.models import FounderMerge, Revision, Story, StoryFounder, Suggestion, Webmention
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import COMMAND_LINE, record
from stories_project.text.folding import fold

REVISIONS_AT_ONCE = 200
Values = dict[str, Any]


@dataclass(frozen=True)
class Person:
    """A founder, with the profiles that were merged into theirs."""

    profiles: list[Founder]

    @classmethod
    def with_slug(cls, slug: str) -> Self:
        """Return the person who has, or had, this slug. Raises ValidationError if nobody has."""
        founders = Founder.objects.order_by("pk")
        has_it, had_it = founders.filter(slug=slug), founders.filter(past_slugs__slug=slug)
        founder = has_it.first() or had_it.first()
        if founder is None:
            raise ValidationError(f"No founder has the address /founders/{slug}/.")
        kept = founder.merged_into or founder
        return cls([kept, *kept.merged.order_by("pk")])

    @cached_property
    def names(self) -> set[str]:
        """All names of the person that are not empty."""
        names = {name for each in self.profiles for name in (each.name, each.native_name)}
        return names - {""}

    @property
    def decisions(self) -> QuerySet[Decision]:
        """The decisions about the person."""
        return Decision.objects.filter(founder__in=self.profiles).order_by("pk")

    @cached_property
    def suggestions(self) -> list[Suggestion]:
        """The suggestions that are about the person, or that suggest them."""
        entries = AuditEntry.objects.about(*self.profiles)
        values = [value for entry in entries for value in (entry.before, entry.after)]
        former = {fold(str(v.get(name) or "")) for v in values for name in ("name", "native_name")}
        folded = {name for p in self.profiles for name in (p.folded_name, p.folded_native_name)}
        folded |= former
        # One that was accepted belongs to its founder, who may be somebody else of this name.
        is_new = Q(kind=Suggestion.Kind.FOUNDER, founder=None, folded_name__in=folded - {""})
        return list(Suggestion.objects.filter(Q(founder__in=self.profiles) | is_new).order_by("pk"))

    @property
    def stories(self) -> QuerySet[Story]:
        """The stories that are about the person, whatever their state."""
        rows = StoryFounder.objects.filter(founder__in=self.profiles).values("story")
        return Story.objects.filter(pk__in=rows).order_by("pk")

    @property
    def webmentions(self) -> QuerySet[Webmention]:
        """The pages of other sites that link to the profiles, or whose kept words name them."""
        of_profiles = Webmention.objects.filter(founder__in=self.profiles)
        return (of_profiles | Webmention.objects.naming(self.names)).order_by("pk")

    @property
    def log(self) -> QuerySet[AuditEntry]:
        """The entries of the audit log about the profiles and the suggestions."""
        rows: list[Model] = [*self.profiles, *self.suggestions]
        return AuditEntry.objects.about(*rows).order_by("pk")

    @property
    def portraits(self) -> set[str]:
        """The names of the stored portraits, also of the former and the proposed ones."""
        names = {str(each.portrait) for each in self.profiles}
        merges = FounderMerge.objects.filter(merged__in=self.profiles)
        values = [
            *(value for row in self.suggestions for value in (row.content, row.based_on)),
            *(value for entry in self.log for value in (entry.before, entry.after)),
            *(merge.before.get("filled", {}) for merge in merges),
        ]
        names |= {str(value.get("portrait") or "") for value in values}
        return names - {""}


def export(person: Person, path: Path) -> None:
    """Write a ZIP file with `data.json` and the portraits, which only its owner may read.

    Raises FileExistsError rather than replace a file.
    """
    path.touch(mode=0o600, exist_ok=False)
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        data = json.dumps(held(person), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        archive.writestr("data.json", data)
        for name in sorted(person.portraits):
            if default_storage.exists(name):
                with default_storage.open(name) as file:
                    archive.writestr(name, file.read())
    what = f"exported all about a person (founder {person.profiles[0].pk})"
    record(AuditEntry.Kind.EXPORT, what, by=COMMAND_LINE)


def held(person: Person) -> Values:
    """Return everything that is held about a person, as values that JSON can hold.

    Who sent a suggestion is somebody else, and left out.
    """
    return {
        "profiles": [_profile(each) for each in person.profiles],
        "decisions": [
            {"at": each.decided_at, "step": str(each), "reason": each.reason}
            for each in person.decisions
        ],
        "suggestions": [_suggestion(each) for each in person.suggestions],
        "stories": [
            {"title": each.title, "url": each.absolute_url, "state": each.state}
            for each in person.stories
        ],
        "webmentions": [
            {
                "source": each.source,
                "target": each.target,
                "status": each.get_status_display(),
                "sent_at": each.sent_at,
                "title": each.title,
                "author": each.author,
                "excerpt": each.excerpt,
            }
            for each in person.webmentions
        ],
        "passages": list(passages(person.names)),
        "audit_log": [
            {"at": each.at, "entry": str(each), "before": each.before, "after": each.after}
            for each in person.log
        ],
    }


def passages(names: set[str]) -> Iterator[Values]:
    """Yield the paragraphs with one of the names, of all revisions. Reads every revision."""
    has_name = Q(pk=None)
    for name in names:
        has_name |= Q(content__body__icontains=name)
    folded = [name.casefold() for name in names]
    rows = Revision.objects.filter(has_name).order_by("story", "pk")
    for revision in rows.iterator(REVISIONS_AT_ONCE):
        paragraphs = revision.content.body.split("\n\n")
        yield {
            "story": revision.content.title,
            "revision": revision.pk,
            "saved_at": revision.created_at,
            "paragraphs": [p for p in paragraphs if any(n in p.casefold() for n in folded)],
        }


def _profile(founder: Founder) -> Values:
    values = {name: getattr(founder, name) for name in FounderForm.Meta.fields}
    return {
        **values,
        "portrait": str(founder.portrait),
        "status": founder.get_status_display(),
        "companies": [f"{row}: {row.role}" for row in founder.ventures.with_companies()],
        "former_slugs": list(founder.past_slugs.values_list("slug", flat=True)),
        "created_at": founder.created_at,
        "updated_at": founder.updated_at,
    }


def _suggestion(suggestion: Suggestion) -> Values:
    return {
        "sent_at": suggestion.created_at,
        "kind": suggestion.get_kind_display(),
        "status": suggestion.get_status_display(),
        "content": suggestion.content,
        "message": suggestion.message,
        "answer": suggestion.reason or suggestion.public_note,
    }
