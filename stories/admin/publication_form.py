"""The form on which administrators edit the publication."""

import re
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from stories_project.library.image_field import StoredImageField
from stories_project.publication import contrast
from stories_project.publication.values import LONGEST_NAME, TRANSLATED, Publication
from stories_project.text.markdown_widget import MarkdownInput
from stories_project.text.printable import normalized

MOST_LINES = 24
WEB_ADDRESS = URLValidator(schemes=["http", "https"])


def _languages() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the choices: first the languages that are translated."""
    named = {code: get_language_info(code)["name_local"] for code, _ in settings.LANGUAGES}
    others = [(code, name) for code, name in named.items() if code not in TRANSLATED]
    return [
        (gettext("Translated"), [(code, named[code]) for code in TRANSLATED]),
        (gettext("Not yet translated"), others),
    ]


def _zones() -> list[tuple[str, str]]:
    return [(zone, zone) for zone in sorted(available_timezones())]


class ColourField(forms.RegexField):
    """A colour, "#rrggbb", with enough contrast to text on the `pages` behind it.

    `too_weak` is the error for a colour without.
    """

    def __init__(self, *, pages: tuple[str, ...], too_weak: Any, **kwargs: Any) -> None:
        self.pages, self.too_weak = pages, too_weak
        error = _("A colour is # and six digits or letters from a to f, such as #93331c.")
        super().__init__(
            r"^#[0-9a-fA-F]{6}$",
            error_messages={"invalid": error},
            widget=forms.TextInput(attrs={"type": "color"}),
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        """Return the colour in small letters; raise ValidationError if it is hard to read."""
        colour: str = super().clean(value).lower()
        found = contrast.least_contrast(colour, self.pages)
        if found < contrast.FOR_TEXT:
            nearest = contrast.nearest(colour, self.pages, contrast.FOR_TEXT)
            raise ValidationError(
                self.too_weak
                % {
                    "colour": colour,
                    "contrast": f"{found:.1f}",
                    "least": contrast.FOR_TEXT,
                    "nearest": nearest,
                }
            )
        return colour


class MarkdownField(forms.CharField):
    """A text with the line ends of Markdown; a browser sends others."""

    widget = MarkdownInput

    def clean(self, value: Any) -> str:
        """Return the text; raise ValidationError as for any other text."""
        return str(normalized(super().clean(value)))


class PublicationForm(forms.Form):
    """Everything that a Publication has; see `publication()` for the result."""

    name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_NAME,
        help_text=_("On every page, in e-mails and in feeds."),
    )
    promise = forms.CharField(
        label=_("Promise"),
        max_length=160,
        help_text=_("What readers find here, in one line without a full stop."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=_languages,
        help_text=_(
            "Of the stories, and of what pages say by themselves. Languages that are not"
            " translated show these words in English. A language from right to left turns the page."
        ),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=_zones,
        help_text=_("In which days begin, and times are typed and shown."),
    )
    words_a_minute = forms.IntegerField(
        label=_("Words a minute"),
        min_value=50,
        max_value=1000,
        help_text=_("How fast your readers read, for “12 min read”."),
    )
    accent = ColourField(
        pages=contrast.LIGHT_PAGES,
        label=_("Accent on the light page"),
        too_weak=_(
            "Text in %(colour)s is hard to read on the light page: its contrast is %(contrast)s to"
            " 1, and %(least)s is needed. %(nearest)s would do."
        ),
    )
    dark_accent = ColourField(
        pages=contrast.DARK_PAGES,
        label=_("Accent on the dark page"),
        too_weak=_(
            "Text in %(colour)s is hard to read on the dark page: its contrast is %(contrast)s to"
            " 1, and %(least)s is needed. %(nearest)s would do."
        ),
    )
    inks = forms.CharField(
        label=_("Inks"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "Two colours in each line, for the drawn pictures: #bc3f24 #1d3f5c. A founder"
            " always gets the same line. Drawings that readers have saved keep their colours."
        ),
    )
    logo = StoredImageField(
        label=_("Logo"),
        folder="publication",
        required=False,
        help_text=_(
            "In place of the name at the head of each page. Wide, on a transparent ground"
            " that suits the light and the dark page."
        ),
    )
    icon = StoredImageField(
        label=_("Icon"),
        folder="publication",
        required=False,
        help_text=_("For tabs and bookmarks: a square."),
    )
    share_picture = StoredImageField(
        label=_("Share picture"),
        folder="publication",
        required=False,
        help_text=_("Beside the promise where somebody shares the front page. Empty: a drawing."),
    )
    about_title = forms.CharField(max_length=120, label=_("Title of “About”"))
    about_lead = forms.CharField(
        max_length=400, label=_("Lead of “About”"), widget=forms.Textarea(attrs={"rows": 3})
    )
    about = MarkdownField(
        max_length=50_000,
        label=_("Text of “About”"),
        help_text=_(
            "Markdown. What is kept of readers and of people in stories follows below it by"
            " itself, because the software knows it."
        ),
    )
    contact = forms.CharField(
        required=False,
        max_length=200,
        label=_("Contact"),
        help_text=_(
            "An e-mail address or a web address at which anybody reaches you. Under “Privacy”, and"
            " for everybody to see."
        ),
    )
    privacy = MarkdownField(
        required=False,
        max_length=50_000,
        label=_("Text of “Privacy”"),
        help_text=_(
            "Markdown. Who is responsible, your hosting, what you added to this software. What the"
            " software itself keeps follows below it, and is always up to date."
        ),
    )
    imprint = MarkdownField(
        required=False,
        max_length=50_000,
        label=_("Text of the imprint"),
        help_text=_("Markdown. Who publishes this, and where. Empty: there is no such page."),
    )
    footer_links = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        label=_("Links in the footer"),
        help_text=_("One in each line, label and address: Shop https://example.org/shop"),
    )
    social = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        label=_("Where else you are"),
        help_text=_("One address in each line, such as https://mastodon.example/@name"),
    )

    def __init__(self, *args: Any, publication: Publication, **kwargs: Any) -> None:
        super().__init__(*args, initial=publication.as_values(), **kwargs)
        self.initial["time_zone"] = publication.zone.key

    def publication(self) -> Publication:
        """Return the Publication of a valid form."""
        return Publication.of(self.cleaned_data)

    def clean_contact(self) -> str:
        """Return the contact; raise ValidationError if it is no address of either kind."""
        contact: str = self.cleaned_data["contact"]
        if contact and "://" in contact:
            _check_address(contact)
        elif contact:
            validate_email(contact)
        return contact

    def clean_inks(self) -> str:
        """Return the inks; raise ValidationError for what cannot be printed or read."""
        lines = _lines(self.cleaned_data["inks"].lower())
        for line in lines:
            if not re.fullmatch(r"#[0-9a-f]{6} +#[0-9a-f]{6}", line):
                text = gettext("“%(line)s” is not two colours, such as #bc3f24 #1d3f5c.")
                raise ValidationError(text % {"line": line})
            darker = max(line.split(), key=contrast.on_paper)
            if contrast.on_paper(darker) < contrast.FOR_LARGE:
                nearest = contrast.nearest(darker, (contrast.PAPER,), contrast.FOR_LARGE)
                raise ValidationError(
                    gettext(
                        "“%(line)s” is hard to see on paper: one of both must be dark enough to"
                        " print words on shared pictures. %(nearest)s would do in place of"
                        " %(darker)s."
                    )
                    % {"line": line, "nearest": nearest, "darker": darker}
                )
        return "\n".join(" ".join(line.split()) for line in lines)

    def clean_footer_links(self) -> str:
        """Return the links; raise ValidationError for a line without a label or an address."""
        lines = _lines(self.cleaned_data["footer_links"])
        for line in lines:
            label, __, address = line.rpartition(" ")
            if not label.strip():
                text = gettext("“%(line)s” needs a label before its address.")
                raise ValidationError(text % {"line": line})
            if not re.match(r"/(?!/)", address):
                _check_address(address)
        return "\n".join(lines)

    def clean_social(self) -> str:
        """Return the addresses."""
        lines = _lines(self.cleaned_data["social"])
        for line in lines:
            _check_address(line)
        return "\n".join(lines)


def _lines(text: str) -> list[str]:
    """Return the lines with something in them; raise ValidationError for too many."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        raise ValidationError(gettext("There are more than %(most)s lines.") % {"most": MOST_LINES})
    return lines


def _check_address(address: str) -> None:
    try:
        WEB_ADDRESS(address)
    except ValidationError as error:
        raise ValidationError(
            gettext(
                "“%(address)s” is not an address. It begins with https:// or, on this site, with /."
            )
            % {"address": address}
        ) from error
