"""The revisions of a story as lines of JSON, and back.

Founders and related stories stand in them by their slugs, other revisions of the story by their
numbers from 1, and authors by the names of their accounts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Model

from founders.models import Founder
from stories.models import Revision, ScheduledUpdate, Story, StoryContent
from stories.models.story_content import Kind
from stories.moving.site_files import time_in, time_of

OF_STORIES = ("pinned", "banned")


@dataclass
class Slugs:
    """The slugs of founders and stories by their primary keys, read once."""

    founders: Mapping[int, str]
    stories: Mapping[int, str]

    @classmethod
    def read(cls) -> "Slugs":
        """Read them all: a revision may name anybody."""
        return cls(_slugs(Founder), _slugs(Story))

    def of(self, field: str) -> Mapping[int, str]:
        """Return the slugs for a field of a content."""
        return self.stories if field in OF_STORIES else self.founders


def lines_of_story(
    story: Story, revisions: Sequence[Revision], update: ScheduledUpdate | None, slugs: Slugs
) -> list[dict[str, Any]]:
    """Return the lines for some revisions of a story, the oldest first.

    The live revision, the working copy and the scheduled update say so.
    """
    lines = lines_of_revisions(revisions, slugs)
    for revision, line in zip(revisions, lines, strict=True):
        if revision.pk == story.live_revision_id:
            line["is_live"] = True
        if revision.pk == story.working_revision_id:
            line["is_working_copy"] = True
        if update and revision.pk == update.revision_id:
            line["update"] = _update(update)
    return lines


def lines_of_revisions(revisions: Sequence[Revision], slugs: Slugs) -> list[dict[str, Any]]:
    """Return the lines for revisions, the oldest first."""
    numbers: dict[int | None, int] = {r.pk: number for number, r in enumerate(revisions, start=1)}
    return [_line(revision, numbers, slugs) for revision in revisions]


def _line(revision: Revision, numbers: Mapping[int | None, int], slugs: Slugs) -> dict[str, Any]:
    content = revision.content.to_json()
    for field in StoryContent.names(Kind.KEYS):
        known = slugs.of(field)
        content[field] = [known[key] for key in content[field] if key in known]
    line = {
        "number": numbers[revision.pk],
        "kind": str(revision.kind),
        "created_at": time_of(revision.created_at),
        "author": revision.author.get_username() if revision.author else "",
        "note": revision.note,
        "based_on": numbers.get(revision.based_on_id),
        "settles": numbers.get(revision.settles_id),
        "content": content,
    }
    return {key: value for key, value in line.items() if value not in ("", None)}


def _update(update: ScheduledUpdate) -> dict[str, str]:
    values = {
        "at": time_of(update.at),
        "by": update.by.get_username() if update.by else "",
        "failed_at": time_of(update.failed_at),
        "failure": update.failure,
    }
    return {key: value for key, value in values.items() if value}


def store_lines(story_pk: int, lines: Sequence[Mapping[str, Any]]) -> list[Revision]:
    """Store the revisions of these lines, as they were, and return them in their order.

    Raises ValueError, KeyError or TypeError for lines that are not those of an export.
    """
    keys = _keys_in(lines)
    stored: dict[int, Revision] = {}
    for line in lines:
        revision = Revision(
            story_id=story_pk,
            content=_content(line["content"], keys),
            kind=Revision.Kind(line["kind"]),
            note=str(line.get("note", ""))[:300],
            author=account(line.get("author")),
            based_on=stored.get(line.get("based_on", 0)),
            settles=stored.get(line.get("settles", 0)),
            created_at=datetime.fromisoformat(line["created_at"]),
        )
        # Raw: with the time that it has, in place of the present one.
        revision.save_base(raw=True, force_insert=True)
        stored[int(line["number"])] = revision
    return list(stored.values())


def store_update(story: Story, revision: Revision, values: Mapping[str, Any]) -> None:
    """Store the scheduled update of a story."""
    ScheduledUpdate.objects.create(
        story=story,
        revision=revision,
        at=datetime.fromisoformat(values["at"]),
        by=account(values.get("by")),
        failed_at=time_in(values.get("failed_at")),
        failure=str(values.get("failure", "")),
    )


def account(name: Any) -> User | None:
    """Return the account of an author. A missing one is made, and nobody can sign in with it."""
    if not name:
        return None
    user, is_new = User.objects.get_or_create(username=str(name), defaults={"is_active": False})
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


Keys = Mapping[str, Mapping[str, int]]


def _keys_in(lines: Sequence[Mapping[str, Any]]) -> Keys:
    """Return {field: {slug: primary key}} for all that these lines name, in two queries."""
    named: dict[str, set[str]] = {field: set() for field in StoryContent.names(Kind.KEYS)}
    for line in lines:
        for field, slugs in named.items():
            slugs.update(line["content"].get(field, ()))
    stories = _keys(Story, set().union(*(named[field] for field in OF_STORIES)))
    return {
        field: stories if field in OF_STORIES else _keys(Founder, slugs)
        for field, slugs in named.items()
    }


def _content(values: Mapping[str, Any], keys: Keys) -> StoryContent:
    by_keys = {
        field: tuple(known[slug] for slug in values.get(field, ()) if slug in known)
        for field, known in keys.items()
    }
    return StoryContent.from_json({**values, **by_keys})


def _keys(model: type[Model], slugs: set[str]) -> dict[str, int]:
    if not slugs:
        return {}
    return dict(model._default_manager.filter(slug__in=slugs).values_list("slug", "pk"))


def _slugs(model: type[Model]) -> dict[int, str]:
    return dict(model._default_manager.values_list("pk", "slug"))
