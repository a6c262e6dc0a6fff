from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from markdownx.models import MarkdownxField
from taggit.models import ItemBase, TagBase

from stories.models.timed_row import TimedRow
from stories.query import TagQuerySet, TimedQuerySet
from stories_project import markdown
from stories_project.folding import FoldedField, fold, slug_for
from stories_project.full_text import TokensField
from stories_project.past_slugs import PastSlug, refuse_past_slug


class Tag(TagBase):
    """What stories have in common. "Start-ups", "start ups" and "STARTUPS" are one tag."""

    folded_name = FoldedField(source="name")
    name_tokens = TokensField(source="name")
    description = MarkdownxField(
        max_length=5000, blank=True, help_text="Above the stories of the tag. Markdown."
    )

    objects = TagQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["folded_name"],
                name="tag_name_unique_when_folded",
                violation_error_message="There is a tag of that name, perhaps spelt otherwise.",
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(slug=""),
                name="tag_has_name_and_slug",
                violation_error_message="A tag needs a name and an address.",
            ),
        ]

    def get_absolute_url(self):
        """Return the address of the tag's page."""
        return reverse("tag", args=[self.slug])

    def clean(self):
        """Refuse a name that another tag has, spelt otherwise."""
        namesakes = Tag.objects.filter(folded_name=fold(self.name)).exclude(pk=self.pk)
        if namesake := namesakes.first():
            raise ValidationError({"name": f"The tag “{namesake}” has this name already."})
        renamed = Tag.objects.filter(aliases__folded_name=fold(self.name)).exclude(pk=self.pk)
        if tag := renamed.first():
            raise ValidationError({"name": f"This name means the tag “{tag}” since a merge."})
        try:
            refuse_past_slug(self, self.slug)
        except ValidationError as error:
            raise ValidationError({"slug": error}) from error

    def slugify(self, tag, i=None):
        """Return a readable, never empty slug; taggit passes `i` when the slug is taken."""
        slug = slug_for(tag, max_length=80) + (f"-{i + 1}" if i else "")
        led_elsewhere = TagPastSlug.objects.filter(slug=slug).exists()
        return f"{slug}-anew" if led_elsewhere else slug

    @property
    def description_html(self):
        """The description as safe HTML."""
        return markdown.render_html(self.description)


class TagPastSlug(PastSlug):
    """A slug under which the public knew the tag, or one that was merged into it."""

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="past_slugs")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slug"], name="tag_past_slug_unique")]


class StoryTag(TimedRow, ItemBase):
    """That a story has a tag."""

    # taggit finds the story by this name; the column and the rest of the code say "story".
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
                violation_error_message="The story has this tag already.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["tag", "-publish_at", "-content_object", "unpublish_at"],
                name="story_tag_newest",
            ),
        ]
