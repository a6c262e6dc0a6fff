"""Who wrote which post of a Ghost export, its tags, and what its table of meta data adds."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import IO, Any

from stories.moving.streams import rows

TABLES = frozenset({"users", "tags", "posts_tags", "posts_authors", "posts_meta"})
# Of the table posts_meta; the others are for e-mails and for cards of social networks.
META = (
    *("meta_title", "meta_description", "feature_image_alt", "feature_image_caption"),
    *("og_image", "twitter_image"),
)
Pairs = defaultdict[str, list[tuple[int, str]]]


def _pairs() -> Pairs:
    return defaultdict(list)


@dataclass
class Names:
    """Users and tags by their ids, and {id of a post: (position, id) of its tags or authors}."""

    users: dict[str, str] = field(default_factory=dict)
    tags: dict[str, tuple[str, str]] = field(default_factory=dict)
    posts_tags: Pairs = field(default_factory=_pairs)
    posts_authors: Pairs = field(default_factory=_pairs)
    meta: dict[str, dict[str, str]] = field(default_factory=dict)

    def authors_of(self, post: dict[str, Any]) -> tuple[str, ...]:
        """Return the names of the authors of a post, in their order."""
        pairs = sorted(self.posts_authors.get(str(post.get("id")), ()))
        keys = [key for _, key in pairs] or [str(post.get("author_id"))]
        return tuple(self.users[key] for key in keys if self.users.get(key))

    def tags_of(self, post: dict[str, Any]) -> tuple[str, ...]:
        """Return the names of the tags of a post, in their order. Internal ones begin with #."""
        return tuple(name for name, _ in self._tags(post) if name)

    def first_tag_slug(self, post: dict[str, Any]) -> str:
        """Return the slug of the first public tag of a post, or an empty text."""
        return next((slug for name, slug in self._tags(post) if not name.startswith("#")), "")

    def _tags(self, post: dict[str, Any]) -> list[tuple[str, str]]:
        pairs = sorted(self.posts_tags.get(str(post.get("id")), ()))
        return [self.tags[key] for _, key in pairs if key in self.tags]


def read_names(file: IO[bytes]) -> Names:
    """Read the names of an export. Raises BadFile for a broken file."""
    names = Names()
    for table, row in rows(file, TABLES):
        key = str(row.get("id"))
        if table == "users":
            names.users[key] = str(row.get("name") or row.get("slug") or "").strip()
        elif table == "tags":
            names.tags[key] = _tag(row)
        elif table == "posts_meta":
            found = {name: str(row[name]) for name in META if row.get(name)}
            if found:
                names.meta[str(row.get("post_id"))] = found
        else:
            other = "tag_id" if table == "posts_tags" else "author_id"
            pairs: Pairs = getattr(names, table)
            pairs[str(row.get("post_id"))].append((_position(row), str(row.get(other))))
    return names


def _tag(row: dict[str, Any]) -> tuple[str, str]:
    name = str(row.get("name") or "").strip()
    is_internal = row.get("visibility") == "internal" and not name.startswith("#")
    return f"#{name}" if is_internal else name, str(row.get("slug") or "")


def _position(row: dict[str, Any]) -> int:
    value = row.get("sort_order")
    return int(value) if isinstance(value, int | float) else 0
