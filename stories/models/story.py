from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from markdownx.models import MarkdownxField
from taggit.managers import TaggableManager

from founders.models import Founder
from stories.models.parts import RelatedChoice
from stories.models.rendered_body import RenderedBody
from stories.models.stage import Stage, stage_of
from stories.models.story_content import StoryContent
from stories.models.story_query import StoryQuerySet
from stories.models.story_verbs import StoryVerbs
from stories_project.constraints import CheckedInPython
from stories_project.page_cache.surrogate_keys import KeyedModel, note_end
from stories_project.paths import path_to
from stories_project.pictures import drawings
from stories_project.pictures.drawings import Drawing
from stories_project.pictures.renditions import Picture, focus_classes, picture_of
from stories_project.publication.current import current
from stories_project.text.reading_time import minutes_to_read
from stories_project.text.years import YEAR_VALIDATORS, span_in_words

Choice = RelatedChoice.Choice


class Story(StoryVerbs, RenderedBody, KeyedModel, CheckedInPython):
    """A long-form story. Its `State` follows from its two times and is not stored."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SCHEDULED = "scheduled", _("Scheduled")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class ReviewStatus(models.TextChoices):
        NONE = "", _("Not in review")
        SUBMITTED = "submitted", _("Waiting for review")
        RETURNED = "returned", _("Returned to its writer")
        APPROVED = "approved", _("Approved")

    title = models.CharField(max_length=200)
    slug = models.SlugField(max_length=200, allow_unicode=True, db_index=False)
    excerpt = models.TextField(max_length=1000, blank=True)
    body = MarkdownxField(max_length=500_000, blank=True)
    tags = TaggableManager(through="stories.StoryTag", blank=True)
    cover = models.ImageField(max_length=200, blank=True)
    cover_focus = models.CharField(max_length=7, blank=True, db_default="")
    cover_alt = models.CharField(_("cover description"), max_length=300, blank=True)
    cover_credit = models.CharField(max_length=200, blank=True)
    byline = models.CharField(max_length=200, blank=True)
    reading_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    # The moment that the story tells, as years; negative before Christ.
    told_from = models.SmallIntegerField(
        _("told from"), null=True, blank=True, validators=YEAR_VALIDATORS
    )
    told_to = models.SmallIntegerField(
        _("told to"), null=True, blank=True, validators=YEAR_VALIDATORS
    )
    publish_at = models.DateTimeField(null=True, blank=True)
    unpublish_at = models.DateTimeField(null=True, blank=True)
    is_lead = models.BooleanField(_("lead story"), default=False)
    search_title = models.CharField(max_length=200, blank=True)
    search_description = models.CharField(max_length=300, blank=True)
    canonical_url = models.CharField(
        _("canonical address"),
        max_length=500,
        blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
    )

    live_revision = models.ForeignKey(
        "stories.Revision",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        db_index=False,
        related_name="+",
    )
    working_revision = models.ForeignKey(
        "stories.Revision",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        db_index=False,
        related_name="+",
    )

    review_status = models.CharField(
        max_length=10, choices=ReviewStatus, blank=True, default=ReviewStatus.NONE, editable=False
    )
    review_status_changed_at = models.DateTimeField(null=True, editable=False)

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    # When the text that readers see last changed; saving a working copy does not count.
    modified_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = StoryQuerySet.as_manager()

    # As `load_founders` has found them; None if nobody has asked for them.
    loaded_founders: list[Founder] | None = None

    class Meta:
        verbose_name_plural = _("stories")
        permissions = [("publish_story", "Can publish, schedule and withdraw stories")]
        indexes = [
            models.Index(fields=["-publish_at", "-id", "unpublish_at"], name="story_newest"),
            models.Index(fields=["publish_at"], condition=Q(is_lead=True), name="story_lead"),
            models.Index(fields=["unpublish_at"], name="story_withdrawal"),
            models.Index(fields=["renderer_version"], name="story_renderer_version"),
            models.Index(fields=["-updated_at", "-id"], name="story_last_edited"),
            models.Index(
                fields=["-updated_at", "-id"],
                condition=Q(working_revision__isnull=False),
                name="story_changed",
            ),
            models.Index(
                fields=["review_status", "review_status_changed_at"], name="story_in_review"
            ),
            # The list of the desk, sorted by title, and filtered by the status of the review.
            models.Index(fields=["title", "-updated_at", "-id"], name="story_by_title"),
            models.Index(
                fields=["review_status", "-updated_at", "-id"], name="story_by_review_status"
            ),
            # The board: ideas, and drafts that somebody writes.
            models.Index(
                fields=["review_status", "-updated_at", "-id"],
                condition=Q(publish_at=None, word_count=0),
                name="story_ideas",
            ),
            models.Index(
                fields=["review_status", "-updated_at", "-id"],
                condition=Q(publish_at=None, word_count__gt=0),
                name="story_drafts",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["slug"],
                name="story_slug_unique",
                violation_error_code="unique",
                violation_error_message=_(
                    "Another story already has this address. Choose another."
                ),
            ),
            models.UniqueConstraint(
                fields=["is_lead"],
                condition=Q(is_lead=True),
                name="story_one_lead",
                violation_error_message=_(
                    "Another story is the lead. Take the lead from it first."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(slug=""),
                name="story_has_title_and_slug",
                violation_error_message=_("A story needs a title and an address."),
            ),
            models.CheckConstraint(
                condition=Q(unpublish_at=None)
                | Q(publish_at__isnull=False, unpublish_at__gt=F("publish_at")),
                name="story_withdrawn_after_published",
                violation_error_message=_(
                    "A story is withdrawn after it is published: "
                    "set a later time, or leave the time of withdrawal empty."
                ),
            ),
            models.CheckConstraint(
                condition=Q(reading_minutes=None) | Q(reading_minutes__gte=1),
                name="story_takes_a_minute",
                violation_error_message=_("Reading takes at least one minute."),
            ),
            models.CheckConstraint(
                condition=Q(publish_at=None) | Q(cover="") | ~Q(cover_alt=""),
                name="story_cover_described",
                violation_error_message=_("Describe the cover for readers who cannot see it."),
            ),
            models.CheckConstraint(
                condition=Q(told_to=None) | Q(told_from__isnull=False, told_to__gte=F("told_from")),
                name="story_told_forwards",
                violation_error_message=_(
                    "The last year of what the story tells is not before the first one: "
                    "give both, or only the first."
                ),
            ),
        ]

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> "Story":
        """Load a story. A page that shows it ends with it, also while the database is away."""
        story = super().from_db(*args, **kwargs)
        end = story.__dict__.get("unpublish_at")
        if end and end > timezone.now():
            note_end(end)
        return story

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of the story's page."""
        return path_to("story", self.slug)

    @property
    def founders(self) -> list[Founder]:
        """The founders that the story is about, in the editor's order, approved or not."""
        if self.loaded_founders is not None:
            return self.loaded_founders
        return [row.founder for row in self.story_founders.all()]

    @property
    def founder_keys(self) -> list[int]:
        """The primary keys of the founders, in their order, without loading the founders."""
        if self.loaded_founders is not None:
            return [founder.pk for founder in self.loaded_founders]
        return [row.founder_id for row in self.story_founders.all()]

    @property
    def state(self) -> State:
        """The State of the story now; the queryset has a method for each state in SQL."""
        return self.state_at(timezone.now())

    def state_at(self, moment: datetime) -> State:
        """Return the State of the story at a moment."""
        if self.publish_at is None:
            return self.State.DRAFT
        if self.publish_at > moment:
            return self.State.SCHEDULED
        if self.unpublish_at and self.unpublish_at <= moment:
            return self.State.WITHDRAWN
        return self.State.PUBLISHED

    @property
    def stage(self) -> Stage | None:
        """The column of the board in which the story stands now; None once it is withdrawn."""
        return stage_of(self, timezone.now())

    @property
    def is_published(self) -> bool:
        """Whether the public sees the story now; `published()` is the same rule in SQL."""
        return self.state == self.State.PUBLISHED

    @property
    def has_been_public(self) -> bool:
        """Whether the story is public, or was public until it was withdrawn."""
        return self.state in (self.State.PUBLISHED, self.State.WITHDRAWN)

    @property
    def is_withdrawn(self) -> bool:
        """Whether the story was public and is withdrawn now."""
        return self.state == self.State.WITHDRAWN

    @property
    def minutes(self) -> int:
        """Reading time in minutes: the editor's figure, or else computed from the word count."""
        return self.reading_minutes or minutes_to_read(self.word_count)

    @property
    def told_years(self) -> str:
        """The moment that the story tells as shown: "1888", "1888–1890", or nothing."""
        return "" if self.told_from is None else span_in_words(self.told_from, self.told_to)

    @property
    def signature(self) -> str:
        """The byline to show: the name of the publication if the story has none."""
        return self.byline or current().name

    @property
    def absolute_url(self) -> str:
        """The address with scheme and host, for feeds, structured data and sharing."""
        return settings.SITE_URL + self.get_absolute_url()

    @property
    def cover_picture(self) -> Picture | Drawing:
        """The cover to show: the uploaded one, or else a drawn one."""
        return picture_of(self.cover.name) or self.drawn_cover

    @property
    def drawn_cover(self) -> Drawing:
        """The drawn cover, in the two inks of the first founder, with a motif of the subject."""
        first = next(iter(self.founder_keys), None) if self.pk else None
        return drawings.cover_for(self.pk, first, self.title, self.excerpt)

    @property
    def cover_address(self) -> str:
        """The address of the uploaded cover with scheme and host, or an empty text."""
        picture = picture_of(self.cover.name)
        return settings.SITE_URL + picture.largest if picture else ""

    @property
    def focus_classes(self) -> str:
        """The CSS classes that keep the subject of the cover visible when it is cropped."""
        return focus_classes(self.cover_focus)

    @property
    def has_unpublished_changes(self) -> bool:
        """Whether there is a working copy: a newer content than the one in this row."""
        return self.working_revision_id is not None

    @property
    def newest_revision_id(self) -> int | None:
        """The primary key of the newest revision, or None for a story without revisions."""
        return self.working_revision_id or self.live_revision_id

    @property
    def content(self) -> StoryContent:
        """The content stored in the row and its parts; empty for an unsaved story."""
        if self._state.adding:
            return StoryContent()
        choices = dict(self.related_choices.values_list("other", "choice"))
        tags = self.story_tags.order_by("pk").values_list("tag__name", flat=True)
        return StoryContent(
            **{name: getattr(self, name) for name in StoryContent.columns() if name != "cover"},
            cover=self.cover.name or "",
            takeaways="\n".join(takeaway.text for takeaway in self.takeaways.all()),
            sources="\n".join(source.line for source in self.sources.all()),
            founders=tuple(self.founder_keys),
            tags=tuple(tags),
            pinned=tuple(pk for pk, choice in choices.items() if choice == Choice.PIN),
            banned=tuple(pk for pk, choice in choices.items() if choice == Choice.BAN),
        )

    @property
    def newest_content(self) -> StoryContent:
        """The content that an editor works on: the working copy, or else the stored content."""
        return self.working_revision.content if self.working_revision else self.content

    def refresh_from_db(
        self, using: str | None = None, fields: Any = None, from_queryset: Any = None
    ) -> None:
        """Load the row again, and its founders when they are asked for; or only some fields."""
        super().refresh_from_db(using, fields, from_queryset)
        if fields is None:
            self.loaded_founders = None

    def lock(self) -> None:
        """Lock the row until the transaction ends, and load it again."""
        self.refresh_from_db(from_queryset=Story.objects.select_for_update())
