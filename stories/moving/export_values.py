"""What an export says about a story, a founder, a tag and a series, and whom it leaves out."""

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from founders.forms import FounderForm
from founders.models import Company, Founder, Venture
from stories.models import Series, SeriesPart, Source, StartHere, Story, StoryContent, Tag
from stories.models.story_content import EMPTY, Kind
from stories.models.story_query import StoryQuerySet
from stories.moving.corrections import NOTES, corrections_of
from stories.moving.site_files import MEDIA, time_of
from stories.moving.story_files import FIELDS
from stories_project.pictures.uploads import STORED_NAME

KEY_OF = {field: key for key, field in FIELDS.items()}
PICTURES = re.compile(STORED_NAME.pattern)
# Where a file stands below the export, seen from a founder or a story.
UP = f"../{MEDIA}/"
# What readers do not see of a story that they can read.
INTERNAL = {"banned", "unpublish_at"}


@dataclass(frozen=True)
class Scope:
    """Which rows leave the site: what the public sees, or `everything`."""

    everything: bool

    def stories(self) -> QuerySet[Story]:
        """Return the stories, in the order of their primary keys."""
        stories = Story.objects.all() if self.everything else Story.objects.published()
        return stories.order_by("pk")

    def founders(self) -> QuerySet[Founder]:
        """Return the founders; an erased one never leaves."""
        kept = Founder.objects.filter(erased_at=None)
        founders = kept if self.everything else kept.approved()
        founders = founders.select_related("merged_into").prefetch_related(
            "past_slugs", NOTES, Prefetch("ventures", Venture.objects.with_companies())
        )
        return founders.order_by("pk")

    def companies(self) -> QuerySet[Company]:
        """Return the companies."""
        companies = Company.objects.all() if self.everything else Company.objects.public()
        return companies.prefetch_related("past_slugs").order_by("pk")

    def tags(self) -> QuerySet[Tag]:
        """Return the tags."""
        tags = Tag.objects.all() if self.everything else Tag.objects.in_use()
        return tags.prefetch_related("aliases", "past_slugs").order_by("pk")

    def series(self) -> QuerySet[Series]:
        """Return the series, with the parts whose stories leave too."""
        series = Series.objects.all() if self.everything else Series.objects.in_use()
        parts = SeriesPart.objects.all() if self.everything else SeriesPart.objects.published()
        shown = parts.select_related("story").only("position", "series", "story__slug")
        in_order = Prefetch("parts", shown.order_by("position"))
        return series.prefetch_related(in_order, "past_slugs").order_by("pk")


def loaded(stories: StoryQuerySet) -> StoryQuerySet:
    """Load what `story_values` shows, in a constant number of queries."""
    return stories.for_export().prefetch_related(
        "related_choices__other", "past_slugs", "old_addresses", NOTES
    )


def story_values(story: Story, scope: Scope) -> dict[str, Any]:
    """Return the front matter of a story that `loaded` has loaded."""
    values: dict[str, Any] = {"id": story.pk}
    for field in StoryContent.declared():
        if field.name != "body" and (scope.everything or field.name not in INTERNAL):
            key = KEY_OF.get(field.name, field.name)
            values[key] = _value(story, field.name, field.metadata["kind"], scope)
    values["past_slugs"] = _past_slugs(story)
    moved: Any = story
    values["old_addresses"] = sorted(address.path for address in moved.old_addresses.all())
    values["corrections"] = corrections_of(story)
    values["modified_at"] = time_of(story.modified_at)
    if scope.everything:
        values |= _times(story, "created_at", "updated_at", "review_status_changed_at")
        values["review_status"] = story.review_status
    return values


def founder_values(founder: Founder, scope: Scope) -> dict[str, Any]:
    """Return the front matter of a founder; without `everything`, all of them are approved."""
    values: dict[str, Any] = {"id": founder.pk}
    values |= {name: getattr(founder, name) for name in FounderForm.Meta.fields}
    values.pop("biography")
    values["portrait"] = _path(founder.portrait.name)
    values["links"] = founder.same_as
    values["ventures"] = [_venture(venture) for venture in founder.ventures.all()]
    values["past_slugs"] = _past_slugs(founder)
    values["corrections"] = corrections_of(founder)
    values["updated_at"] = time_of(founder.updated_at)
    if scope.everything:
        values |= _times(founder, "created_at", "status_changed_at")
        values["status"] = str(founder.status)
        values["merged_into"] = founder.merged_into.slug if founder.merged_into else ""
    return values


def _venture(venture: Venture) -> dict[str, Any]:
    values = {
        "company": venture.company.slug,
        "role": venture.role,
        "from_year": venture.from_year,
        "to_year": venture.to_year,
    }
    return {name: value for name, value in values.items() if value}


def company_values(company: Company) -> dict[str, Any]:
    """Return the front matter of a company."""
    names = ("name", "slug", "founded_year", "closed_year", "place", "link")
    values = {name: getattr(company, name) for name in names}
    return {"id": company.pk, **values, "past_slugs": _past_slugs(company)}


def tag_values(tag: Tag) -> dict[str, Any]:
    """Return the front matter of a tag."""
    aliases = sorted(alias.name for alias in tag.aliases.all())
    return {
        "id": tag.pk,
        "name": tag.name,
        "slug": tag.slug,
        "aliases": aliases,
        "past_slugs": _past_slugs(tag),
    }


def start_here(scope: Scope) -> list[dict[str, str]]:
    """Return the stories that newcomers should read first, in their order."""
    chosen = StartHere.objects.filter(story__in=scope.stories().order_by())
    return [
        {"story": slug, "why": why}
        for slug, why in chosen.order_by("position", "pk").values_list("story__slug", "why")
    ]


def series_values(series: Series) -> dict[str, Any]:
    """Return the front matter of a series that `Scope.series` has loaded."""
    return {
        "id": series.pk,
        "title": series.title,
        "slug": series.slug,
        "stories": [part.story.slug for part in series.parts.all()],
        "past_slugs": _past_slugs(series),
    }


def pictures_in(*texts: str | None) -> set[str]:
    """Return the names of the stored pictures that texts name or show."""
    return {match.group() for text in texts if text for match in PICTURES.finditer(text)}


def _value(story: Story, name: str, kind: Kind, scope: Scope) -> Any:
    if kind in (Kind.LINES, Kind.KEYS, Kind.NAMES):
        return _rows(story, name, scope)
    value = getattr(story, name)
    if kind is Kind.MOMENT:
        return time_of(value)
    if kind is Kind.PICTURE:
        return _path(value.name)
    return None if value == EMPTY[kind] else value


def _rows(story: Story, name: str, scope: Scope) -> list[Any]:
    """Return what a field that is stored in rows holds."""
    if name == "takeaways":
        return [takeaway.text for takeaway in story.takeaways.all()]
    if name == "sources":
        return [_source(source) for source in story.sources.all()]
    if name == "founders":
        return [_name(founder, scope) for founder in story.founders]
    if name == "tags":
        return [row.tag.name for row in story.story_tags.all()]
    choice, now = {"pinned": "pin", "banned": "ban"}[name], timezone.now()
    return [
        row.other.slug
        for row in story.related_choices.all()
        if row.choice == choice
        and (scope.everything or row.other.state_at(now) == Story.State.PUBLISHED)
    ]


def _name(founder: Founder, scope: Scope) -> str:
    """Return the slug of a founder; only the plain name of one whose profile stays here."""
    return founder.slug if scope.everything or founder.is_approved else founder.name


def _source(source: Source) -> dict[str, str]:
    day = source.accessed_on.isoformat() if source.accessed_on else ""
    values = {"key": source.key, "title": source.title, "url": source.url, "accessed_on": day}
    return {key: value for key, value in values.items() if value}


def _times(row: Any, *names: str) -> dict[str, str]:
    return {name: time_of(getattr(row, name)) for name in names}


def _past_slugs(row: Any) -> list[str]:
    return sorted(past.slug for past in row.past_slugs.all())


def _path(name: str | None) -> str:
    return f"{UP}{name}" if name else ""
