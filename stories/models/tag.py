from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Length
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from markdownx.models import MarkdownxField
from taggit.models import ItemBase, TagBase

from stories.models.listing import TAGS, stories_of_tag
from stories.models.visibility import TimedQuerySet, TimedRow
from stories_project.page_cache import change_log
from stories_project.page_cache.surrogate_keys import MISSING, SEARCH, KeyedModel, note
from stories_project.past_slugs import PastSlug, refuse_past_slug
from stories_project.paths import path_to
from stories_project.prepared import Parameter
from stories_project.text import full_text, markdown
from stories_project.text.folding import FoldedField, fold, slug_for
from stories_project.text.full_text import Term
from stories_project.text.full_text_index import TokensField

# Counts stop here: "1,000" means "1,000 or more".
COUNTED_AT_MOST = 1000
# Tags with more stories are equally popular.
RANKED_AT_MOST = 10_000
# Nobody can save a story with one of these tags meanwhile.
RECOUNTED_AT_ONCE = 100

if TYPE_CHECKING:
    from stories.models.story import Story


class TagQuerySet(models.QuerySet["Tag"]):
    def by_name(self) -> Self:
        """Sort by name, ignoring case and accents."""
        note(TAGS)
        return self.order_by("folded_name", "pk")

    def most_used(self) -> Self:
        """Sort by the number of stories, the most first, and then by name."""
        note(TAGS)
        return self.order_by("-popularity", "folded_name", "pk")

    def recount(self, keys: Iterable[int]) -> None:
        """Store the popularity of the tags with these primary keys, locked in their order."""
        rows = StoryTag.objects.filter(tag=OuterRef("pk")).not_over().values("pk")
        ordered = sorted(set(keys))
        for start in range(0, len(ordered), RECOUNTED_AT_ONCE):
            tags = self.filter(pk__in=ordered[start : start + RECOUNTED_AT_ONCE])
            locked = tags.select_for_update(no_key=True).order_by("pk")
            with transaction.atomic():
                list(locked.values_list("pk", flat=True))
                tags.update(popularity=CountUpTo(rows[:RANKED_AT_MOST]))

    def after(self, place: tuple[str, int] | None) -> Self:
        """Return those that `by_name` sorts after a folded name and primary key; all without."""
        if place is None:
            return self
        name, pk = place
        return self.filter(Q(folded_name__gte=name) & (Q(folded_name__gt=name) | Q(pk__gt=pk)))

    def named(self, names: Iterable[str]) -> list["Tag"]:
        """Return the tags with these names in their order, and create the missing ones.

        Names are compared without case, accents and spacing.
        """
        folded = [fold(name) for name in names]
        known = self.by_folded_name(folded)
        for name, key in zip(names, folded, strict=True):
            if key not in known:
                known[key], _ = self.get_or_create(folded_name=key, defaults={"name": name})
        return list(dict.fromkeys(known[key] for key in folded))

    def by_folded_name(self, folded: Collection[str]) -> dict[str, "Tag"]:
        """Return {folded name: tag} for the tags that have one of these names, or had it before."""
        known = {tag.folded_name: tag for tag in self.filter(folded_name__in=folded)}
        if missing := set(folded) - known.keys():
            renamed = self.filter(aliases__folded_name__in=missing)
            aliases = renamed.annotate(alias=F("aliases__folded_name"))
            known |= {tag.alias: tag for tag in aliases}
        return known

    def named_by(self, terms: Sequence[Term]) -> Self:
        """Return the tags whose names have all of the `full_text` Terms."""
        return self.filter(full_text.Matches(terms, "name_vector"))

    def known_by(self, names: Iterable[str]) -> Self:
        """Return the existing tags with these names, ignoring case, accents and spacing."""
        return self.filter(folded_name__in=[fold(name) for name in names])

    def containing(self, text: str) -> Self:
        """Return the tags whose names contain a text, ignoring case, accents and spacing."""
        return self.filter(folded_name__contains=fold(text)) if text.strip() else self

    def shortest_first(self) -> Self:
        """Sort by length of the name, so that an exact match comes first."""
        return self.order_by(Length("folded_name"), "folded_name")

    def of(self, story: "Story | Parameter") -> Self:
        """Return the tags of a story in its order, without their descriptions."""
        of_story = self.filter(story_tags__content_object=story).order_by("story_tags__pk")
        return of_story.defer("description")

    def on_any_of(self, stories: Iterable["Story"]) -> Self:
        """Return the tags that at least one of these stories has."""
        return self.filter(story_tags__content_object__in=stories).distinct()

    def with_counts(self, at: datetime | Parameter | None = None) -> Self:
        """Annotate `story_count`: the number of public stories, at most COUNTED_AT_MOST."""
        return self.annotate(story_count=CountUpTo(self._public_rows(at)[:COUNTED_AT_MOST]))

    def in_use(self, at: datetime | None = None) -> Self:
        """Return the tags that at least one public story has."""
        return self.filter(Exists(self._public_rows(at)))

    def _public_rows(self, at: datetime | Parameter | None) -> models.QuerySet[Any, Any]:
        return StoryTag.objects.published(at).filter(tag=OuterRef("pk")).values("pk")


class CountUpTo(Subquery):
    """The number of rows in a subquery, whose slice limits how many rows are counted."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


class Tag(KeyedModel, TagBase):
    """A tag of stories. "Start-ups", "start ups" and "STARTUPS" are one tag."""

    folded_name = FoldedField(source="name")
    name_tokens = TokensField(source="name")
    # How many stories have it that are or will be public. It only sorts the tags: `recount()`
    # stores it with each story, and what time alone changes is counted later.
    popularity = models.IntegerField(default=0, db_default=0, editable=False)
    description = MarkdownxField(
        max_length=5000, blank=True, help_text=_("Above the stories of the tag. Markdown.")
    )

    objects = TagQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-popularity", "folded_name", "id"], name="tag_most_used")]
        constraints = [
            models.UniqueConstraint(
                fields=["folded_name"],
                name="tag_name_unique_when_folded",
                violation_error_message=_("There is a tag of that name, perhaps spelt otherwise."),
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(slug=""),
                name="tag_has_name_and_slug",
                violation_error_message=_("A tag needs a name and an address."),
            ),
        ]

    def get_absolute_url(self) -> str:
        """Return the address of the tag's page."""
        return path_to("tag", self.slug)

    def clean(self) -> None:
        """Refuse a name or slug that belongs to another tag, or did before."""
        namesakes = Tag.objects.filter(folded_name=fold(self.name)).exclude(pk=self.pk)
        if namesake := namesakes.first():
            text = gettext("The tag “%(tag)s” has this name already.") % {"tag": namesake}
            raise ValidationError({"name": text})
        renamed = Tag.objects.filter(aliases__folded_name=fold(self.name)).exclude(pk=self.pk)
        if tag := renamed.first():
            text = gettext("This name means the tag “%(tag)s” since a rename or a merge.")
            raise ValidationError({"name": text % {"tag": tag}})
        try:
            refuse_past_slug(self, self.slug)
        except ValidationError as error:
            raise ValidationError({"slug": error}) from error

    def slugify(self, tag: str, i: int | None = None) -> str:
        """Return a readable slug, which is never empty; taggit passes `i` if a slug is taken."""
        slug = slug_for(tag, max_length=80) + (f"-{i + 1}" if i else "")
        is_past_slug = TagPastSlug.objects.filter(slug=slug).exists()
        return f"{slug}-anew" if is_past_slug else slug

    def record_change(self) -> None:
        """Write to the change log that the tag, or what stories have it, changes for readers."""
        change_log.record(self.surrogate_key, stories_of_tag(self.pk), TAGS, SEARCH, MISSING)

    @property
    def description_html(self) -> SafeString:
        """The description as safe HTML."""
        return markdown.render_html(self.description)


def by_count(tags: Sequence[Tag]) -> list[Tag]:
    """Sort tags by their `story_count`, and then by name: their popularity may be older."""
    return sorted(tags, key=lambda tag: (-tag.story_count, tag.folded_name))  # type: ignore[attr-defined]


class TagPastSlug(PastSlug):
    """A former slug of the tag, or of a tag that was merged into it."""

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="past_slugs")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slug"], name="tag_past_slug_unique")]


class StoryTag(TimedRow, ItemBase):
    """Says that a story has a tag."""

    # taggit requires this name; the column is called `story_id`.
    content_object = models.ForeignKey(
        "stories.Story",
        on_delete=models.CASCADE,
        related_name="story_tags",
        db_column="story_id",
        db_index=False,
    )
    tag = models.ForeignKey(
        Tag, on_delete=models.CASCADE, related_name="story_tags", db_index=False
    )

    objects = TimedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["content_object", "tag"],
                name="story_tag_once",
                violation_error_message=_("The story has this tag already."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["tag", "-publish_at", "-content_object", "unpublish_at"],
                name="story_tag_newest",
            ),
        ]
