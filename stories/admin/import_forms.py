"""The forms of an import: the file, and what is to become of it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import URLValidator
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stories.moving.mapping import read_mapping
from stories.moving.sources import KINDS
from stories_project.text.front_matter import BadFile
from stories_project.text.printable import PrintableForm

# What a browser can upload in some minutes; the command takes larger files.
LARGEST_UPLOAD = 500 * 2**20
LONGEST_MAPPING = 500_000


class UploadForm(PrintableForm, forms.Form):
    """The exported file of another site."""

    kind = forms.ChoiceField(
        label=_("From"), choices=[(kind, name) for kind, (name, _source) in KINDS.items()]
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("As the other site has exported it: JSON, XML, or a ZIP of all files."),
    )
    site = forms.CharField(
        label=_("Address of the other site"),
        required=False,
        max_length=200,
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=_("Such as https://example.org. Links between its stories are found by it."),
    )
    permalink = forms.CharField(
        label=_("Form of its addresses"),
        required=False,
        max_length=200,
        help_text=_("Only if it is unusual, such as /:year/:month/:title/"),
    )

    def clean_file(self) -> UploadedFile:
        """Return the file; raise ValidationError if it is too large for a browser."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_UPLOAD:
            text = gettext("It is larger than %(limit)s: import it with manage.py import_from.")
            raise ValidationError(text % {"limit": filesizeformat(LARGEST_UPLOAD)})
        return file


class ChoicesForm(PrintableForm, forms.Form):
    """What an editor chooses after the report."""

    mapping = forms.CharField(
        label=_("Authors and tags"),
        required=False,
        max_length=LONGEST_MAPPING,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false"}),
    )
    publish = forms.ChoiceField(
        label=_("What was public there"),
        initial="complete",
        widget=forms.RadioSelect,
        choices=[
            ("complete", _("is public here if the checklist allows it, or else a draft")),
            ("all", _("is public here, even if the checklist would refuse it")),
        ],
    )
    fetch = forms.BooleanField(
        label=_("Fetch pictures that are not in the file from the web"), required=False
    )
    approve = forms.BooleanField(label=_("Approve new founders at once"), required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not user.has_perm("founders.moderate_founder"):
            del self.fields["approve"]

    def clean_mapping(self) -> str:
        """Return the mapping; raise ValidationError with the line that cannot be read."""
        text: str = self.cleaned_data["mapping"]
        try:
            read_mapping(text)
        except BadFile as error:
            values = {"line": error.line, "reason": error.reason}
            raise ValidationError(gettext("Line %(line)s: %(reason)s") % values) from error
        return text
