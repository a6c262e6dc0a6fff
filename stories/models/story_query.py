"""The querysets of stories: by state, by founder or tag, and what each list loads."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from functools import cache, reduce
from operator import or_
from typing import TYPE_CHECKING, Self, cast

from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import F, Prefetch, Q
from django.db.models.query import ModelIterable
from django.utils import timezone

from founders.models import Founder, Venture
from stories.models.listing import (
    LEAD,
    NEWEST,
    START_HERE,
    stories_of_founder,
    stories_of_month,
    stories_of_series,
    stories_of_tag,
)
from stories.models.parts import StoryFounder
from stories.models.stage import in_stage
from stories.models.story_search import StorySearch, StorySearchQuerySet
from stories.models.tag import StoryTag, Tag
from stories.models.visibility import TimedQuerySet, published_at
from stories_project.batches import batches
from stories_project.page_cache.surrogate_keys import note
from stories_project.prepared import Prepared, key_in
from stories_project.text import full_text, markdown

if TYPE_CHECKING:
    from stories.models.series import Series
    from stories.models.story import Story


# Where a story stands among the newest: its time of publication, and its primary key.
Place = tuple[datetime, int]


def _after(place: Place | None, row: str = "", key: str = "pk") -> Q:
    """Return the condition that a row stands after a Place, in a form that uses an index."""
    if place is None:
        return Q()
    at, pk = place
    is_older = Q((f"{row}publish_at__lt", at)) | Q((f"{key}__lt", pk))
    return Q((f"{row}publish_at__lte", at)) & is_older


class StoryQuerySet(TimedQuerySet):
    has_founders = False
    ON_CARDS = (
        *("title", "slug", "excerpt", "cover", "cover_focus", "cover_alt"),
        *("publish_at", "unpublish_at", "word_count", "reading_minutes", "told_from", "told_to"),
    )

    def lock_in_order(self, keys: Iterable[int]) -> None:
        """Lock the stories with these primary keys, before what belongs to them.

        Whoever stores a story locks it first, and then its founders and tags.
        """
        for some in batches(sorted(keys)):
            rows = self.select_for_update(no_key=True).filter(pk__in=some).order_by("pk")
            list(rows.values_list("pk", flat=True))

    def drafts(self) -> Self:
        """Return the stories without a time of publication."""
        return self.filter(publish_at=None)

    def scheduled(self, at: datetime | None = None) -> Self:
        """Return the stories whose time of publication is in the future."""
        return self.filter(publish_at__gt=at or timezone.now())

    def withdrawn(self, at: datetime | None = None) -> Self:
        """Return the stories whose time of withdrawal has passed."""
        return self.filter(unpublish_at__lte=at or timezone.now())

    def in_stage(self, stage: str, at: datetime | None = None) -> Self:
        """Return the stories in a column of the board; `Story.stage` is the same rule in Python."""
        return self.filter(in_stage(stage, at or timezone.now()))

    def with_unpublished_changes(self) -> Self:
        """Return the stories that have a working copy."""
        return self.filter(working_revision__isnull=False)

    def with_outdated_html(self) -> Self:
        """Return the stories whose stored HTML is of an older renderer."""
        version = markdown.RENDERER_VERSION
        # Two ranges of the index; "not equal" would read every story.
        return self.filter(Q(renderer_version__lt=version) | Q(renderer_version__gt=version))

    def in_review(self, status: str) -> Self:
        """Return the drafts with a review status, the longest waiting first."""
        return self.filter(review_status=status).order_by("review_status_changed_at", "pk")

    def leading(self) -> Self:
        """Return the lead story of the front page, or none."""
        note(LEAD)
        return self.filter(is_lead=True)

    def to_start_with(self) -> Self:
        """Return the stories that editors chose for newcomers, in their order, each with `why`."""
        note(START_HERE)
        chosen = self.filter(start_here__isnull=False).annotate(why=F("start_here__why"))
        return chosen.order_by("start_here__position", "pk")

    def titled(self, text: str) -> Self:
        """Return the stories whose title has all words of a text, or whose slug begins with it.

        The last word may be the beginning of a longer one.
        """
        matches = Q(slug__startswith=text.strip(), slug__gte=text.strip())
        if terms := full_text.last_as_prefix(full_text.parse(text)):
            titled = StorySearch.objects.with_all(terms, StorySearchQuerySet.TITLE)
            matches |= Q(pk__in=titled.values("pk"))
        return self.filter(matches)

    def newest_first(self) -> Self:
        """Sort by time of publication, the newest first."""
        note(NEWEST)
        return self.order_by("-publish_at", "-pk")

    def with_links_due(self) -> Self:
        """Return those whose links to other sites are to be checked, the longest waiting first."""
        is_due = Q(link_check=None) | Q(link_check__due_at__lte=timezone.now())
        return self.filter(is_due).order_by(F("link_check__due_at").asc(nulls_first=True), "pk")

    def older_than(self, place: Place | None) -> Self:
        """Return the stories that `newest_first` sorts after a Place; all without one."""
        return self.filter(_after(place))

    def of_month(self, start: datetime) -> Self:
        """Return the stories of the month that begins at `start`, the newest first."""
        note(stories_of_month(start))
        end = (start + timedelta(days=31)).replace(day=1)
        return self.filter(publish_at__gte=start, publish_at__lt=end).order_by("-publish_at", "-pk")

    def by(self, founder: Founder, after: Place | None = None) -> Self:
        """Return the public stories about a founder, newest first, in the order of one index.

        With `after`, they begin after this Place.
        """
        note(stories_of_founder(founder.pk))
        # With the times of the row itself, the index skips drafts and scheduled stories at once.
        is_public = published_at(timezone.now(), "story_founders__")
        rest = _after(after, "story_founders__", "story_founders__story")
        return self.filter(is_public, rest, story_founders__founder=founder).order_by(
            "-story_founders__publish_at", "-story_founders__story_id"
        )

    def in_life_of(self, founder: Founder) -> Self:
        """Return the public stories about a founder along the life, in the order of one index.

        Those that tell of no year come last, by time of publication.
        """
        note(stories_of_founder(founder.pk))
        is_public = published_at(timezone.now(), "story_founders__")
        return self.filter(is_public, story_founders__founder=founder).order_by(
            *("story_founders__told_order", "story_founders__publish_at"),
            "story_founders__story_id",
        )

    def of_ventures(self, ventures: Collection[Venture]) -> Self:
        """Return those about the founders of ventures, newest first.

        A story that tells of years before or after all ventures of a founder is left out.
        """
        note(*(stories_of_founder(venture.founder_id) for venture in ventures))
        conditions = [StoryFounder.in_years(v.founder_id, v.from_year, v.to_year) for v in ventures]
        about = reduce(or_, conditions, Q(pk__in=()))
        rows = StoryFounder.objects.published().filter(about)
        return self.filter(pk__in=rows.values("story")).order_by("-publish_at", "-pk")

    def tagged(self, tag: Tag, after: Place | None = None) -> Self:
        """Return the public stories with a tag, newest first, in the order of one index.

        With `after`, they begin after this Place.
        """
        note(stories_of_tag(tag.pk))
        is_public = published_at(timezone.now(), "story_tags__")
        rest = _after(after, "story_tags__", "story_tags__content_object")
        return self.filter(is_public, rest, story_tags__tag=tag).order_by(
            "-story_tags__publish_at", "-story_tags__content_object_id"
        )

    def in_series(self, series: "Series") -> Self:
        """Return the stories of a series, in its order."""
        note(stories_of_series(series.pk))
        return self.filter(series_parts__series=series).order_by("series_parts__position")

    def newest_in_series(self, series: "Series") -> Self:
        """Return the stories of a series, the newest first."""
        return self.in_series(series).order_by("-publish_at", "-pk")

    def for_cards(self) -> Self:
        """Load what a card shows, in two queries."""
        return self.only(*self.ON_CARDS).with_founders()

    def for_api(self) -> Self:
        """Load what the API says of a story in a list, in two queries."""
        return self.only(*self.ON_CARDS, "byline", "cover_credit", "modified_at").with_founders()

    def for_listing(self) -> Self:
        """Load what decides in which lists a story stands."""
        return self.only("publish_at", "unpublish_at", "is_lead", "told_from")

    def for_export(self) -> Self:
        """Load the rows of a story that leave the site with it, in a constant number of queries."""
        founders = StoryFounder.objects.select_related("founder").order_by("position")
        tags = StoryTag.objects.select_related("tag").order_by("pk")
        return self.prefetch_related(
            "takeaways",
            "sources",
            Prefetch("story_founders", founders),
            Prefetch("story_tags", tags),
        )

    def for_results(self) -> Self:
        """Load what a search result shows: a card, and the texts to cut the excerpt from."""
        return self.for_cards().only(*self.ON_CARDS, "body_html").prefetch_related("takeaways")

    def for_desk(self) -> Self:
        """Load what a row of the desk's list shows, in two queries."""
        rows = self.defer("body", "body_html", "body_headings")
        return rows.select_related("plan__owner").with_founders()

    def for_board(self) -> Self:
        """Load what a card of the board shows, with the plan and its owner."""
        of_story = ("title", "publish_at", "unpublish_at", "review_status", "word_count")
        of_plan = ("plan__deadline", "plan__planned_on", "plan__story")
        owner = ("first_name", "last_name", "username")
        return self.select_related("plan__owner").only(
            *of_story, "working_revision", *of_plan, *(f"plan__owner__{name}" for name in owner)
        )

    def with_founders(self) -> Self:
        """Load the founders of the stories too, in one more query."""
        stories = self.all()
        stories.has_founders = True
        return stories

    def _fetch_all(self) -> None:
        is_loaded = self._result_cache is not None
        super()._fetch_all()
        has_stories = issubclass(self._iterable_class, ModelIterable)
        if self.has_founders and has_stories and not is_loaded:
            load_founders(cast("list[Story]", self._result_cache))

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]  # the stubs do not know it
        clone.has_founders = self.has_founders
        return clone


@cache
def _columns_of_founders() -> list[str]:
    """Return the columns that are loaded of a founder: the primary key first, no biography."""
    fields = Founder._meta.concrete_fields
    return [field.attname for field in fields if field.name != "biography"]


_founders = Prepared(
    lambda stories: StoryFounder.objects.filter(key_in("story_id", stories)).values_list(
        "story_id", *(f"founder__{column}" for column in _columns_of_founders())
    ),
    stories=models.BigIntegerField(),
)


def load_founders(stories: "Iterable[Story]") -> None:
    """Load the founders of these stories, in the editor's order, in one query.

    Stories about the same founder, as most beside each other are, get the same object.
    """
    named: dict[int, list[Founder]] = {story.pk: [] for story in stories}
    founders: dict[int, Founder] = {}
    for story, *values in _founders(stories=list(named)) if named else ():
        founder = founders.get(values[0])
        if founder is None:
            founder = Founder.from_db(DEFAULT_DB_ALIAS, _columns_of_founders(), values)
            founders[founder.pk] = founder
        named[story].append(founder)
    for each in stories:
        each.loaded_founders = named[each.pk]
