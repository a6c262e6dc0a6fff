"""The one way in: every change to a story is this form, bound and saved."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from founders.models import Founder
from stories import checklist
from stories.content import EMPTY, as_content, content_of, store_parts
from stories.fields import (
    LinesField,
    MomentField,
    OrderedMultipleChoiceField,
    SourceLinesField,
    TagNamesField,
)
from stories.models import RelatedChoice, Revision, Story, StoryFounder, StoryPastSlug
from stories.widgets import OrderedAutocomplete, TagNamesInput
from stories_project.folding import slug_for
from stories_project.image_field import StoredImageField
from stories_project.markdown_widget import MarkdownInput
from stories_project.past_slugs import keep_past_slug, refuse_past_slug

# The two buttons beside “Save”: they mean this moment, whatever stands in the fields.
PUBLISH, WITHDRAW = "_publish", "_withdraw"


class StoryForm(forms.ModelForm):
    """The whole of a story as one form. What it has cleaned is the content of a revision."""

    slug = forms.CharField(
        required=False,
        max_length=200,
        help_text="Letters, digits, hyphens and underscores. Empty: made from the title.",
    )
    takeaways = LinesField(
        item="Takeaway",
        line_length=500,
        required=False,
        label="Key takeaways",
        help_text="One sentence a line, in the order they are read.",
    )
    sources = SourceLinesField(
        required=False,
        help_text="One a line: Title | https://address | 2026-01-31. A book needs only its title.",
    )
    founders = OrderedMultipleChoiceField(
        Founder.objects.all(),
        required=False,
        widget=OrderedAutocomplete(StoryFounder._meta.get_field("founder"), admin.site),
    )
    tags = TagNamesField(
        required=False,
        widget=TagNamesInput,
        help_text="Choose, or type a new one and press Enter.",
    )
    cover = StoredImageField(folder="covers", required=False)
    publish_at = MomentField(
        required=False, help_text="Empty: a draft. A time to come: scheduled. Past: published."
    )
    unpublish_at = MomentField(
        required=False, label="Withdraw at", help_text="Empty: the story stays."
    )
    pinned = OrderedMultipleChoiceField(
        Story.objects.all(),
        required=False,
        label="Always related",
        widget=OrderedAutocomplete(RelatedChoice._meta.get_field("other"), admin.site),
        help_text="First under “Continue your journey”.",
    )
    banned = OrderedMultipleChoiceField(
        Story.objects.all(),
        required=False,
        label="Never related",
        widget=OrderedAutocomplete(RelatedChoice._meta.get_field("other"), admin.site),
    )

    class Meta:
        model = Story
        fields = (
            *("title", "slug", "excerpt", "body", "cover", "cover_alt", "cover_credit", "byline"),
            *("reading_minutes", "publish_at", "unpublish_at", "is_lead"),
            *("search_title", "search_description", "canonical_url"),
        )
        widgets = {"body": MarkdownInput, "excerpt": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "body": "Markdown. Each part begins with a heading: ## Prologue: …",
            "byline": "Empty: the publication’s own name.",
            "reading_minutes": "Empty: computed from the words.",
        }

    def __init__(self, *args, instance=None, initial=None, **kwargs):
        self.stored = content_of(instance or Story())
        self.was_public = bool(instance and instance.has_been_public)
        initial = {**self.stored, **(initial or {})}
        super().__init__(*args, instance=instance, initial=initial, **kwargs)

    def clean_publish_at(self):
        """Return the time that was typed, or this moment when the story is published now."""
        return timezone.now() if PUBLISH in self.data else self.cleaned_data["publish_at"]

    def clean_unpublish_at(self):
        """Return the time that was typed, or what publishing or withdrawing now makes of it."""
        moment, now = self.cleaned_data["unpublish_at"], timezone.now()
        if WITHDRAW in self.data:
            return now
        is_over = moment and moment <= now
        return None if is_over and PUBLISH in self.data else moment

    def clean(self):
        """Choose an address where none was typed; hold what will be public to the checklist."""
        values = super().clean()
        for name in ("excerpt", "body"):
            # Browsers send CRLF; one text has one spelling in every revision.
            values[name] = values.get(name, "").replace("\r\n", "\n")
        if not values.get("slug") and values.get("title"):
            values["slug"] = self.instance.slug or free_slug(values["title"])
        self._refuse_past_slug(values.get("slug"))
        self._refuse_contradictions(values.get("pinned", []), values.get("banned", []))
        values = self.stored | values
        if values["publish_at"] and not self.errors:
            for field, sentence in checklist.broken_rules(values).items():
                self.add_error(field if field in self.fields else None, sentence)
        return self.cleaned_data

    def content(self):
        """Return the cleaned values as the dictionary that a revision keeps.

        What this form does not offer to its user keeps the value that is stored.
        """
        values = self.stored | self.cleaned_data
        return as_content({name: values[name] for name in EMPTY})

    @transaction.atomic
    def save(self, *, author=None, kind=Revision.Kind.SAVED, note=""):
        """Store the story with all that belongs to it and the revision of it; return the story.

        `author` is the user who saves, or None for the publication itself. Raises ValueError for
        a form that is not valid.
        """
        if not self.is_valid():
            raise ValueError("The form has not accepted these values; nothing is saved.")
        story, content = self.instance, self.content()
        story.render_body()
        story.save()
        self._keep_past_slug(story)
        store_parts(story, content)
        Revision.objects.create(
            story=story,
            content=content,
            kind=kind,
            note=note,
            author=author,
            based_on=story.revisions.order_by("-pk").first(),
        )
        return story

    def _refuse_past_slug(self, slug):
        try:
            refuse_past_slug(self.instance, slug)
        except ValidationError as error:
            self.add_error("slug", error)

    def _keep_past_slug(self, story):
        """Keep the address that the public knew, when it changes or stops to be one."""
        if self.was_public and (self.stored["slug"] != story.slug or not story.is_published):
            keep_past_slug(story, self.stored["slug"])

    def _refuse_contradictions(self, pinned, banned):
        if self.instance.pk in pinned + banned:
            field = "pinned" if self.instance.pk in pinned else "banned"
            self.add_error(field, "A story cannot be related to itself.")
        if both := set(pinned) & set(banned):
            titles = Story.objects.filter(pk__in=both).values_list("title", flat=True)
            self.add_error("banned", f"Pinned as well: {', '.join(titles)}. Choose one.")


def revise(story, changes, **saving):
    """Change some values of a story through its form, save it, and return it.

    `changes` are values by field name; `saving` is what `StoryForm.save` takes. Raises
    ValidationError with the form's sentences, and then nothing is changed.
    """
    form = StoryForm(content_of(story) | changes, instance=story)
    if not form.is_valid():
        raise ValidationError(form.errors.as_data())
    return form.save(**saving)


def publish(story, **saving):
    """Make a story public at this moment; a withdrawal to come stays. As `revise` otherwise."""
    return revise(story, {PUBLISH: True}, **saving)


def withdraw(story, **saving):
    """Take a public story away at this moment. As `revise` otherwise."""
    return revise(story, {WITHDRAW: True}, **saving)


def free_slug(title):
    """Return a slug made from a title that no other story has."""
    stem = slug_for(title, max_length=180)
    taken = {
        slug
        for rows in (Story, StoryPastSlug)
        for slug in rows.objects.filter(slug__startswith=stem).values_list("slug", flat=True)
    }
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (stem, *numbered) if slug not in taken)
