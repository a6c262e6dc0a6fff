"""The form fields for `StoryContent`.

A plain column needs nothing here, because its form field follows from the model. Declared are the
fields that need a special widget or that are stored in rows of their own.
"""

from django import forms
from django.contrib import admin

from founders.models import Founder
from stories.models import RelatedChoice, Story, StoryContent, StoryFounder
from stories.writing.form_fields import (
    FoundersField,
    LinesField,
    MomentField,
    OrderedMultipleChoiceField,
    SourceLinesField,
    TagNamesField,
)
from stories.writing.widgets import OrderedAutocomplete, TagNamesInput
from stories_project.pictures.image_field import FocusField, StoredImageField
from stories_project.text.markdown_widget import MarkdownInput
from stories_project.text.printable import PrintableForm


class StoryFields(PrintableForm, forms.ModelForm):
    """The form fields whose cleaned values make a `StoryContent`."""

    slug = forms.CharField(
        required=False,
        max_length=200,
        help_text="Letters, digits, hyphens and underscores. Empty: created from the title.",
    )
    takeaways = LinesField(
        item="Takeaway",
        line_length=500,
        required=False,
        label="Key takeaways",
        help_text="One sentence on each line, in the order of the page.",
    )
    sources = SourceLinesField(
        required=False,
        help_text="One on each line: Title | https://address | 2026-01-31. A book is only a title.",
    )
    founders = FoundersField(
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
        required=False,
        help_text="Empty: a draft. In the future: scheduled. In the past: published.",
    )
    unpublish_at = MomentField(
        required=False, label="Withdraw at", help_text="Empty: the story stays public."
    )
    pinned = OrderedMultipleChoiceField(
        Story.objects.all(),
        required=False,
        label="Always related",
        widget=OrderedAutocomplete(RelatedChoice._meta.get_field("other"), admin.site),
        help_text="Shown first under “Continue your journey”.",
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
            "byline": "Empty: the name of the publication.",
            "reading_minutes": "Empty: computed from the number of words.",
        }
