"""The form fields for `StoryContent`.

A plain column needs nothing here, because its form field follows from the model. Declared are the
fields that need a special widget or that are stored in rows of their own.
"""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

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
from stories.writing.widgets import CoverInput, OrderedAutocomplete, TagNamesInput
from stories_project.library.image_field import FocusField, StoredImageField
from stories_project.text.markdown_widget import MarkdownInput
from stories_project.text.printable import PrintableForm


class StoryFields(PrintableForm, forms.ModelForm):
    """The form fields whose cleaned values make a `StoryContent`."""

    slug = forms.CharField(
        label=_("Slug"),
        required=False,
        max_length=200,
        help_text=_("Letters, digits, hyphens and underscores. Empty: created from the title."),
    )
    takeaways = LinesField(
        too_long=_("Takeaway %(number)s has %(characters)s characters; %(most)s are allowed."),
        line_length=500,
        required=False,
        label=_("Key takeaways"),
        help_text=_("One sentence on each line, in the order of the page."),
    )
    sources = SourceLinesField(
        label=_("Sources"),
        required=False,
        help_text=_(
            "One on each line: Title | https://address | 2026-01-31. A book is only a title. "
            "With a key before it, as in @mill | Title, [@mill] in the text cites it."
        ),
    )
    founders = FoundersField(
        Founder.objects.all(),
        label=_("Founders"),
        required=False,
        widget=OrderedAutocomplete(StoryFounder._meta.get_field("founder"), admin.site),
    )
    tags = TagNamesField(
        label=_("Tags"),
        required=False,
        widget=TagNamesInput,
        help_text=_("Choose, or type a new one and press Enter."),
    )
    cover = StoredImageField(
        folder="covers",
        also_from=("images",),
        required=False,
        label=_("Cover"),
        widget=CoverInput,
    )
    cover_focus = FocusField(of="cover")
    publish_at = MomentField(
        label=_("Publish at"),
        required=False,
        help_text=_("Empty: a draft. In the future: scheduled. In the past: published."),
    )
    unpublish_at = MomentField(
        required=False, label=_("Withdraw at"), help_text=_("Empty: the story stays public.")
    )
    pinned = OrderedMultipleChoiceField(
        Story.objects.all(),
        required=False,
        label=_("Always related"),
        widget=OrderedAutocomplete(RelatedChoice._meta.get_field("other"), admin.site),
        help_text=_("Shown first under “Continue your journey”."),
    )
    banned = OrderedMultipleChoiceField(
        Story.objects.all(),
        required=False,
        label=_("Never related"),
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
            "body": _("Markdown. Each part begins with a heading: ## Prologue: …"),
            "told_from": _("The year of what the story tells, such as 1888; -44 is 44 BC."),
            "told_to": _("The last year, if it tells of several. Empty: of one."),
            "byline": _("Empty: the name of the publication."),
            "reading_minutes": _("Empty: computed from the number of words."),
        }
