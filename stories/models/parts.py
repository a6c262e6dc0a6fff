"""The rows that belong to one story: stored with its content, and deleted with the story."""

import re
from collections.abc import Sequence
from datetime import date
from math import inf
from typing import Any, Self

from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stories.models.visibility import TimedQuerySet, TimedRow, published_at
from stories_project.past_slugs import PastSlug
from stories_project.text.citations import KEY

# More pairs of founders than fit on a page of lives.
MOST_PAIRS = 2000


class StoryFounderQuerySet(TimedQuerySet):
    def with_founders(self) -> Self:
        """Load each founder too, without the biography."""
        return self.select_related("founder").defer("founder__biography")

    def pairs(self, founders: Sequence[int]) -> Any:
        """Return (founder, other) for each two of these founders who share a public story."""
        shared = self.filter(
            published_at(timezone.now(), "story__"),
            founder__in=founders,
            story__story_founders__founder__in=founders,
            story__story_founders__founder__gt=F("founder"),
        )
        pairs = shared.order_by().values_list("founder", "story__story_founders__founder")
        return pairs.distinct()[:MOST_PAIRS]


class StoryFounder(TimedRow):
    """Says that a story is about a founder. It has copies of what decides where in the life."""

    # Sorts after every year: the place of a story that tells of no year.
    NO_YEAR = 32767

    story = models.ForeignKey(
        "stories.Story", on_delete=models.CASCADE, related_name="story_founders", db_index=False
    )
    founder = models.ForeignKey(
        "founders.Founder", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    position = models.PositiveSmallIntegerField()
    told_order = models.SmallIntegerField(default=NO_YEAR, db_default=NO_YEAR, editable=False)

    objects = StoryFounderQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["story", "founder"],
                name="story_founder_once",
                violation_error_message=_("The story names this founder already."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["founder", "-publish_at", "-story", "unpublish_at"],
                name="story_founder_newest",
            ),
            models.Index(
                fields=["founder", "told_order", "publish_at", "story", "unpublish_at"],
                name="story_founder_life",
            ),
        ]

    @classmethod
    def in_years(cls, founder: int, first: int | None, last: int | None) -> Q:
        """Return the condition of stories about a founder that tell of these years, or of none."""
        timeless = Q(told_order=cls.NO_YEAR)
        begins = Q() if last is None else Q(told_order__lte=last) | timeless
        # A story that tells of no year sorts after every first year.
        ends = Q() if first is None else Q(told_order__gte=first)
        return Q(founder=founder) & begins & ends

    @classmethod
    def place_of(cls, year: int | None) -> int:
        """Return the `told_order` of a story that tells of a year, or of none."""
        return cls.NO_YEAR if year is None else year


class Takeaway(models.Model):
    """One key takeaway of a story."""

    story = models.ForeignKey(
        "stories.Story", on_delete=models.CASCADE, related_name="takeaways", db_index=False
    )
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=500)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["story", "position"], name="takeaway_order"),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="takeaway_has_text",
                violation_error_message=_("A takeaway needs a sentence."),
            ),
        ]

    def __str__(self) -> str:
        return self.text


_KEY_OF_LINE = re.compile(rf"@({KEY})")


class Source(models.Model):
    """One source of a story: a web page, or a book without an address.

    `[@key]` in the text cites it. `number` is that of its citations, or None if nothing cites it.
    """

    story = models.ForeignKey(
        "stories.Story", on_delete=models.CASCADE, related_name="sources", db_index=False
    )
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    url = models.CharField(
        max_length=1000, blank=True, validators=[URLValidator(schemes=["http", "https"])]
    )
    accessed_on = models.DateField(null=True, blank=True)
    key = models.CharField(
        max_length=40, blank=True, db_default="", validators=[RegexValidator(rf"^{KEY}\Z")]
    )
    number = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["story", "position"], name="source_order"),
            models.UniqueConstraint(
                fields=["story", "key"],
                condition=~Q(key=""),
                name="source_key_once",
                violation_error_message=_("Two sources have the same key."),
            ),
            models.CheckConstraint(
                condition=~Q(title=""),
                name="source_has_title",
                violation_error_message=_("A source needs a title."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def from_line(cls, line: str) -> Self:
        """Return the source that a line of the form describes, not validated and not saved.

        The line is `@key | Title | https://address | 2026-01-31`; only the title is required.
        """
        parts = [part.strip() for part in line.split(" | ")]
        key = match[1] if len(parts) > 1 and (match := _KEY_OF_LINE.fullmatch(parts[0])) else ""
        if key:
            del parts[0]
        accessed_on = parse_day(parts[-1]) if len(parts) > 1 else None
        if accessed_on:
            parts.pop()
        url = parts.pop() if len(parts) > 1 and "://" in parts[-1] else ""
        return cls(title=" | ".join(parts), url=url, accessed_on=accessed_on, key=key)

    def by_number(self) -> tuple[float, int]:
        """Sort the cited sources by their numbers, and the others after them as in the form."""
        return (inf if self.number is None else self.number, self.position or 0)

    @property
    def line(self) -> str:
        """The source as one line of the form, which `from_line` reads back."""
        day = self.accessed_on.isoformat() if self.accessed_on else ""
        key = f"@{self.key}" if self.key else ""
        return " | ".join(part for part in (key, self.title, self.url, day) if part)

    @classmethod
    def from_lines(cls, lines: str, cited: Sequence[str]) -> list[Self]:
        """Return the sources of a form's lines, each with its number.

        `cited` are the keys that the text cites, in the order of their numbers.
        """
        sources = [cls.from_line(line) for line in lines.splitlines()]
        numbers = {key: number for number, key in enumerate(cited, start=1)}
        for source in sources:
            source.number = numbers.get(source.key) if source.key else None
        return sources


def parse_day(text: str) -> date | None:
    """Return the date that a text such as "2026-01-31" means, or None for any other text."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class StoryPastSlug(PastSlug):
    """A slug that a story had while it was public. It stays when the story is deleted.

    The address then answers 410 instead of 404.
    """

    story = models.ForeignKey(
        "stories.Story", on_delete=models.DO_NOTHING, db_constraint=False, related_name="past_slugs"
    )


class RelatedChoice(models.Model):
    """An editor's choice that another story is always or never related to this one."""

    class Choice(models.TextChoices):
        PIN = "pin", _("Pinned")
        BAN = "ban", _("Banned")

    story = models.ForeignKey(
        "stories.Story", on_delete=models.CASCADE, related_name="related_choices", db_index=False
    )
    other = models.ForeignKey("stories.Story", on_delete=models.CASCADE, related_name="+")
    choice = models.CharField(max_length=3, choices=Choice)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["story", "other"],
                name="related_choice_once",
                violation_error_message=_("A story can be pinned or banned once, not both."),
            ),
            models.CheckConstraint(
                condition=~Q(story=F("other")),
                name="related_choice_is_another",
                violation_error_message=_("A story cannot be related to itself."),
            ),
            models.CheckConstraint(
                condition=Q(choice__in=["pin", "ban"]),
                name="related_choice_known",
                violation_error_message=_("A related story is pinned or banned."),
            ),
        ]
