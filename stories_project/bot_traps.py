"""Traps for bots in public forms: a field that people do not see, and the time it took to send."""

from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.forms.forms import DeclarativeFieldsMetaclass
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stories_project.text.printable import PrintableForm

# Seconds between opening a form and sending it.
SOONEST, LATEST = 3, 24 * 60 * 60
SALT = "stories.suggestion"
TRAPS = ("website", "began")


class TrappedForm(PrintableForm, metaclass=DeclarativeFieldsMetaclass):
    """Mixin of public forms: two traps for bots.

    Each shows an error and keeps what was typed, in case it has caught a person.
    """

    website = forms.CharField(
        required=False,
        label=gettext_lazy("Leave this field empty"),
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    began = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name not in TRAPS])
        self.fields["began"].initial = signing.dumps("began", salt=SALT)

    def clean_website(self) -> str:
        """Refuse a form in which the hidden field is filled in."""
        if self.cleaned_data["website"]:
            raise ValidationError(_("This field is a trap for bots. Empty it and send again."))
        return ""

    def clean(self) -> dict[str, Any]:
        """Refuse a form that was sent within three seconds, or more than a day after opening."""
        super().clean()
        began = self.cleaned_data.get("began", "")
        try:
            signing.loads(began, salt=SALT, max_age=LATEST)
        except signing.BadSignature:
            self.data = {**self.data, "began": self.fields["began"].initial}
            raise ValidationError(
                _("This page was open for too long. Send it again now.")
            ) from None
        try:
            signing.loads(began, salt=SALT, max_age=SOONEST)
        except signing.SignatureExpired:
            return self.cleaned_data
        raise ValidationError(
            _("That was quicker than anybody types. Wait a moment and send again.")
        )
