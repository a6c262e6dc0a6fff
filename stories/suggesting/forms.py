"""The public forms, which need no account, and their traps for bots."""

from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from founders.models import Founder
from stories.models import Suggestion
from stories_project.text.printable import PrintableForm, normalized

# Seconds between opening a form and sending it.
SOONEST, LATEST = 3, 24 * 60 * 60
SALT = "stories.suggestion"
PROFILE_FIELDS = (
    *("name", "native_name", "headline", "company", "biography", "birthplace"),
    *("birth_year", "death_year", "links"),
)


class PublicForm(PrintableForm, forms.ModelForm):
    """What every public form has: a message, an e-mail address, consent, and two traps for bots.

    One trap is a field that people do not see, the other is the time it took to fill in the form.
    Each shows an error and keeps what was typed, in case it has caught a person.
    """

    message = forms.CharField(max_length=5000, widget=forms.Textarea(attrs={"rows": 5}))
    email = forms.EmailField(
        required=False,
        label=gettext_lazy("E-mail"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    consent = forms.BooleanField(
        label=gettext_lazy(
            "You may keep what I have sent, and use it in the publication without my name."
        )
    )
    website = forms.CharField(
        required=False,
        label=gettext_lazy("Leave this field empty"),
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    began = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["began"].initial = signing.dumps("began", salt=SALT)
        days = settings.SENDERS_KEPT.days
        self.fields["email"].help_text = ngettext(
            "Only if we may ask back. Nobody else gets it, and we delete it %(days)s day after our"
            " answer.",
            "Only if we may ask back. Nobody else gets it, and we delete it %(days)s days after our"
            " answer.",
            days,
        ) % {"days": days}

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

    def suggestion(self, **about: Any) -> Suggestion:
        """Return a Suggestion with what was sent and the fields in `about`, not saved yet."""
        sent = {name: self.cleaned_data[name] for name in ("message", "email")}
        return Suggestion(**sent, consent=str(self.fields["consent"].label), **about)


class ProfileFields(PublicForm):
    class Meta:
        model = Founder
        fields = PROFILE_FIELDS
        widgets = {
            "biography": forms.Textarea(attrs={"rows": 8}),
            "links": forms.Textarea(attrs={"rows": 3}),
        }

    def changes(self) -> dict[str, Any]:
        """Return {field: value} for the fields that differ from the profile, safe as JSON."""
        names = [name for name in PROFILE_FIELDS if name in self.fields]
        sent = {name: normalized(self.cleaned_data[name]) for name in names}
        return {name: v for name, v in sent.items() if v != normalized(self.initial.get(name))}


class FounderSuggestionForm(ProfileFields):
    """A founder to write about."""

    field_order = ("name", "native_name", "company", "headline", "message", "links")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("biography", "birth_year", "death_year"):
            del self.fields[name]
        self.fields["message"].label = _("Why their beginning should be told")
        self.fields["links"].help_text = _(
            "Web addresses where we can read about them, one on each line."
        )


class ProfileCorrectionForm(ProfileFields):
    """A correction of a profile, made in the fields of the profile."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["message"].label = _("How do you know?")
        self.fields["message"].help_text = _("A source that we can look up.")

    def clean(self) -> dict[str, Any]:
        """Refuse a form that changes nothing."""
        cleaned = super().clean()
        if not self.errors and not self.changes():
            raise ValidationError(_("Nothing differs from the profile. Correct what is wrong."))
        return cleaned


class StoryCorrectionForm(PublicForm):
    """A correction of a story, described in a message."""

    class Meta:
        model = Suggestion
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["message"].label = _("What is wrong, and how do you know?")
        self.fields["message"].help_text = _(
            "Quote the sentence, and give a source we can look up."
        )
