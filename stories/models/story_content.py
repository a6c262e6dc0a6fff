"""The content of a story: everything an editor writes, as one typed value.

This is the only place that declares the fields of a story. Form, desk, history, comparison, import
and preview derive their lists from it. `docs/architecture.md` has the recipe for adding a field.
"""

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields, replace
from datetime import UTC, datetime
from enum import Enum, auto
from typing import Any, Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_noop


class Kind(Enum):
    """The type of a field's value. It decides how the field is edited, compared and stored."""

    TEXT = auto()  # str, in a column of its own
    LINES = auto()  # str with one item a line, each stored as a row
    KEYS = auto()  # tuple of primary keys, in the editor's order, stored as rows
    NAMES = auto()  # tuple of names, in the editor's order, stored as rows
    PICTURE = auto()  # str, the name of a stored picture
    FOCUS = auto()  # str, "30 70" in percent from left and top
    NUMBER = auto()  # int or None
    MOMENT = auto()  # aware datetime or None
    FLAG = auto()  # bool


class Section(Enum):
    """The section of the form that shows a field, in the order of work.

    The value is the heading; the first has none.
    """

    TEXT = ""
    PEOPLE = gettext_noop("Founders and tags")
    COVER = gettext_noop("Cover")
    PUBLISHING = gettext_noop("Publishing")
    READING = gettext_noop("Reading")
    SEARCH_ENGINES = gettext_noop("Search engines")


IN_ROWS = {Kind.LINES, Kind.KEYS, Kind.NAMES}
EMPTY: dict[Kind, Any] = {
    **dict.fromkeys((Kind.TEXT, Kind.LINES, Kind.PICTURE, Kind.FOCUS), ""),
    **dict.fromkeys((Kind.KEYS, Kind.NAMES), ()),
    **dict.fromkeys((Kind.NUMBER, Kind.MOMENT), None),
    Kind.FLAG: False,
}


def declare(kind: Kind, section: Section, *, publishers_only: bool = False) -> Any:
    """Return a field of the content. Only publishers may change a `publishers_only` field."""
    metadata = {"kind": kind, "section": section, "publishers_only": publishers_only}
    return field(default=EMPTY[kind], metadata=metadata)


@dataclass(frozen=True)
class StoryContent:
    """Everything an editor writes in a story. `StoryForm` validates it, a `Revision` keeps it."""

    title: str = declare(Kind.TEXT, Section.TEXT)
    slug: str = declare(Kind.TEXT, Section.SEARCH_ENGINES)
    excerpt: str = declare(Kind.TEXT, Section.TEXT)
    body: str = declare(Kind.TEXT, Section.TEXT)
    takeaways: str = declare(Kind.LINES, Section.TEXT)
    sources: str = declare(Kind.LINES, Section.TEXT)
    founders: tuple[int, ...] = declare(Kind.KEYS, Section.PEOPLE)
    tags: tuple[str, ...] = declare(Kind.NAMES, Section.PEOPLE)
    told_from: int | None = declare(Kind.NUMBER, Section.PEOPLE)
    told_to: int | None = declare(Kind.NUMBER, Section.PEOPLE)
    cover: str = declare(Kind.PICTURE, Section.COVER)
    cover_focus: str = declare(Kind.FOCUS, Section.COVER)
    cover_alt: str = declare(Kind.TEXT, Section.COVER)
    cover_credit: str = declare(Kind.TEXT, Section.COVER)
    byline: str = declare(Kind.TEXT, Section.PEOPLE)
    reading_minutes: int | None = declare(Kind.NUMBER, Section.READING)
    publish_at: datetime | None = declare(Kind.MOMENT, Section.PUBLISHING, publishers_only=True)
    unpublish_at: datetime | None = declare(Kind.MOMENT, Section.PUBLISHING, publishers_only=True)
    is_lead: bool = declare(Kind.FLAG, Section.PUBLISHING, publishers_only=True)
    pinned: tuple[int, ...] = declare(Kind.KEYS, Section.READING, publishers_only=True)
    banned: tuple[int, ...] = declare(Kind.KEYS, Section.READING, publishers_only=True)
    search_title: str = declare(Kind.TEXT, Section.SEARCH_ENGINES)
    search_description: str = declare(Kind.TEXT, Section.SEARCH_ENGINES)
    canonical_url: str = declare(Kind.TEXT, Section.SEARCH_ENGINES)

    @classmethod
    def declared(cls) -> tuple[Field[Any], ...]:
        """Return the dataclass fields in their order."""
        return fields(cls)

    @classmethod
    def names(cls, *kinds: Kind) -> tuple[str, ...]:
        """Return the names of the fields of these kinds, or of all kinds, in their order."""
        return tuple(f.name for f in cls.declared() if not kinds or f.metadata["kind"] in kinds)

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """Return the names of the fields that are columns of `Story`."""
        return cls.names(*(kind for kind in Kind if kind not in IN_ROWS))

    @classmethod
    def publishers_only(cls) -> tuple[str, ...]:
        """Return the names of the fields that only publishers may change."""
        return tuple(f.name for f in cls.declared() if f.metadata["publishers_only"])

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return the content that `to_json` wrote.

        A field that was declared later is empty. A field that is no longer declared is left out.
        """
        return cls(
            **{
                f.name: _from_json(f.metadata["kind"], data[f.name])
                for f in cls.declared()
                if f.name in data
            }
        )

    def to_json(self) -> dict[str, Any]:
        """Return the content as JSON values: tuples as lists, times as ISO 8601 in UTC."""
        return {name: _to_json(getattr(self, name)) for name in self.names()}

    def to_form_data(self) -> dict[str, Any]:
        """Return the content as data for `StoryForm`."""
        return {name: getattr(self, name) for name in self.names()}

    def with_values(self, values: Mapping[str, Any]) -> Self:
        """Return a copy with the cleaned values of a form in place of its own."""
        known = {name: values[name] for name in self.names() if name in values}
        return replace(self, **{name: _frozen(value) for name, value in known.items()})

    def changed_from(self, other: "StoryContent") -> tuple[str, ...]:
        """Return the names of the fields whose values differ from those of another content."""
        return tuple(n for n in self.names() if getattr(self, n) != getattr(other, n))


class StoryContentField(models.JSONField):
    """A JSON column whose value in Python is a `StoryContent`."""

    _pyi_private_set_type: StoryContent
    _pyi_private_get_type: StoryContent

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "encoder": DjangoJSONEncoder})

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """Appear as a JSONField in migrations, because the column is the same."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Return the stored JSON as a StoryContent."""
        data = super().from_db_value(value, expression, connection)
        return StoryContent.from_json(data) if isinstance(data, dict) else data

    def get_prep_value(self, value: Any) -> Any:
        """Return the JSON values to store."""
        data = value.to_json() if isinstance(value, StoryContent) else value
        return super().get_prep_value(data)


def _from_json(kind: Kind, value: Any) -> Any:
    if kind is Kind.MOMENT and value:
        return datetime.fromisoformat(value)
    return _frozen(value)


def _to_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return list(value) if isinstance(value, tuple) else value


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
