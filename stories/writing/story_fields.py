"""The fields of the form of a story: those of `StoryContent`.

A plain column needs nothing here: its form field follows from the model. Declared are the fields
that need another widget or that are stored in rows.
"""

from django import forms
from django.contrib import admin

from founders.models import Founder
from stories.models import RelatedChoice, Story, StoryContent, StoryFounder
from stories.writing.form_fields import (
    LinesField,
    MomentField,
    OrderedMultipleChoiceField,
    SourceLinesField,
    TagNamesField,
)
from stories.writing.widgets import OrderedAutocomplete, TagNamesInput
from stories_project.pictures.image_field import FocusField, StoredImageField
from stories_project.text.markdown_widget import MarkdownInput


class StoryFields(forms.ModelForm):
    """Every field whose cleaned value is in the content of a revision (`stories.content`)."""

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
    cover_focus = FocusField(of="cover")
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
        fields = StoryContent.columns()
        widgets = {
            "body": MarkdownInput(has_preview=False),
            "excerpt": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "body": "Markdown. Each part begins with a heading: ## Prologue: …",
            "byline": "Empty: the publication’s own name.",
            "reading_minutes": "Empty: computed from the words.",
        }
