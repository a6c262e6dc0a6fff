"""Stories as Ghost imports them: JSON as in https://docs.ghost.org/migration/custom

Founders become tags too, before the others: the first tag of a post is its primary one. Pictures
lie in `content/images/`; a zip archive of the folder is what Ghost imports.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, TextIO

from django.utils.text import slugify

from founders.models import Founder
from stories.models import Story, Tag
from stories.moving.exported_html import Moved, state_of, url_of

VERSION = "6.0.0"
IMAGES = "content/images"
# What Ghost replaces by its own address.
GHOST = "__GHOST_URL__"
State = Story.State
STATUS = {
    State.DRAFT: "draft",
    State.SCHEDULED: "scheduled",
    State.PUBLISHED: "published",
    State.WITHDRAWN: "draft",
}
LONGEST_TITLE, LONGEST_SLUG, LONGEST_EXCERPT, LONGEST_ALT = 255, 191, 300, 191
Rows = list[dict[str, Any]]


class GhostFile:
    """Writes one file for Ghost: the posts one after the other, and then what belongs to them."""

    name = "ghost.json"

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self.tables: dict[str, Rows] = {
            name: [] for name in ("posts_meta", "posts_tags", "posts_authors")
        }
        self.tags: dict[str, dict[str, Any]] = {}
        self.users: dict[str, dict[str, Any]] = {}
        # {slug: key of the tag that has it}.
        self.slugs: dict[str, str] = {}
        self.newest = datetime(1970, 1, 1, tzinfo=UTC)

    def write(self, stories: Iterable[Moved]) -> Iterator[Moved]:
        """Write all stories, and yield each when it is written."""
        self.out.write('{"data": {"posts": [')
        for number, story in enumerate(stories):
            self.out.write(("" if number == 0 else ",") + "\n")
            self.out.write(json.dumps(self._post(story), ensure_ascii=False))
            self.newest = max(self.newest, story.modified_at)
            yield story
        self.out.write("\n]")
        rest = self.tables | {
            "tags": list(self.tags.values()),
            "users": list(self.users.values()),
        }
        for name, rows in rest.items():
            self.out.write(f', "{name}": {json.dumps(rows, ensure_ascii=False)}')
        # Not the present time: equal sites write equal bytes.
        meta = {"exported_on": int(self.newest.timestamp() * 1000), "version": VERSION}
        self.out.write(f'}}, "meta": {json.dumps(meta)}}}\n')

    def _post(self, moved: Moved) -> dict[str, Any]:
        story, key = moved.story, str(moved.story.pk)
        self.tables["posts_meta"].append(_meta(story, key))
        rows: list[Founder | Tag] = [*moved.founders, *moved.tags]
        for order, row in enumerate(rows):
            tag = self._tag(row)
            self.tables["posts_tags"].append(
                {"post_id": key, "tag_id": tag["id"], "sort_order": order}
            )
        author = self._author(story.signature)
        self.tables["posts_authors"].append({"post_id": key, "author_id": author["id"]})
        html = moved.html
        for name in moved.pictures:
            html = html.replace(url_of(name), f"{GHOST}/{path_of(name)}")
        return {
            "id": key,
            "title": story.title[:LONGEST_TITLE],
            "slug": story.slug[:LONGEST_SLUG],
            "html": html,
            "feature_image": f"{GHOST}/{path_of(moved.cover)}" if moved.cover else None,
            "featured": story.is_lead,
            "type": "post",
            "status": STATUS[state_of(story)],
            "visibility": "public",
            "created_at": _date(story.created_at),
            "updated_at": _date(story.modified_at),
            "published_at": _date(story.publish_at) if story.publish_at else None,
            "custom_excerpt": story.excerpt[:LONGEST_EXCERPT],
            "canonical_url": story.canonical_url or None,
        }

    def _tag(self, row: Founder | Tag) -> dict[str, Any]:
        """Return the tag for a founder or a tag; one of each, even if they have one slug."""
        kind = "founder" if isinstance(row, Founder) else "tag"
        key = f"{kind}-{row.pk}"
        is_taken = self.slugs.setdefault(row.slug, key) != key
        slug = f"{kind}-{row.slug}" if is_taken else row.slug
        new = {"id": key, "name": row.name[:LONGEST_SLUG], "slug": slug[:LONGEST_SLUG]}
        return self.tags.setdefault(key, new)

    def _author(self, name: str) -> dict[str, Any]:
        """Return the user for a byline. Ghost needs an address; nobody gets mail at this one."""
        slug = slugify(name)[:LONGEST_SLUG] or f"author-{len(self.users) + 1}"
        new = {
            "id": f"user-{slug}",
            "name": name[:LONGEST_SLUG],
            "slug": slug,
            "email": f"{slug[:60]}@example.invalid",
            "roles": ["Contributor"],
        }
        return self.users.setdefault(name, new)


def path_of(name: str) -> str:
    """Return where a rendition lies in the folder that Ghost imports."""
    return f"{IMAGES}/{name.removeprefix('renditions/')}"


def _meta(story: Story, key: str) -> dict[str, Any]:
    return {
        "post_id": key,
        "feature_image_alt": story.cover_alt[:LONGEST_ALT] or None,
        "feature_image_caption": story.cover_credit or None,
        "meta_title": story.search_title or None,
        "meta_description": story.search_description or None,
    }


def _date(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
