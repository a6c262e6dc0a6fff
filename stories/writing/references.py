"""The founders, stories and pictures that a content refers to."""

from collections.abc import Mapping
from dataclasses import replace

from django.core.files.storage import default_storage
from django.db.models import Model

from founders.models import Founder
from stories.models import Story, StoryContent

Names = Mapping[str, Mapping[int, str]]


def names_of_references(*contents: StoryContent) -> Names:
    """Return {field: {primary key: name}} for the founders and stories that contents refer to."""

    def names(model: type[Model], *fields: str) -> dict[int, str]:
        keys = {key for content in contents for field in fields for key in getattr(content, field)}
        return {row.pk: str(row) for row in model._default_manager.filter(pk__in=keys)}

    stories = names(Story, "pinned", "banned")
    return {"founders": names(Founder, "founders"), "pinned": stories, "banned": stories}


def without_missing_references(content: StoryContent) -> StoryContent:
    """Return an old content without the related stories and the cover that no longer exist."""
    others = {*content.pinned, *content.banned}
    stored = set(Story.objects.filter(pk__in=others).values_list("pk", flat=True))
    has_cover = not content.cover or default_storage.exists(content.cover)
    return replace(
        content,
        pinned=tuple(key for key in content.pinned if key in stored),
        banned=tuple(key for key in content.banned if key in stored),
        cover=content.cover if has_cover else "",
    )
