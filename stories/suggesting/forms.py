"""The forms that somebody without an account fills in, and what keeps machines from doing so."""

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError

from founders.models import Founder
from stories.models import Suggestion

SOONEST, LATEST = 3, 24 * 60 * 60
SALT = "stories.suggestion"
PROFILE = (
    *("name", "native_name", "headline", "company", "biography", "birthplace"),
    *("birth_year", "death_year", "links"),
)


class FromThePublic(forms.ModelForm):
    """What every public form has: a message, an address to answer to, consent, and two traps.

    The traps are a field that nobody sees, and the time it took: both speak up, so that a person
    who is caught loses nothing.
    """

    message = forms.CharField(max_length=5000, widget=forms.Textarea(attrs={"rows": 5}))
    email = forms.EmailField(
        required=False,
        label="E-mail",
        help_text="Only if we may ask back. Nobody else gets it.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    consent = forms.BooleanField(
        label="You may keep what I have sent, and use it in the publication without my name."
    )
    website = forms.CharField(
        required=False,
        label="Leave this field empty",
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    began = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["began"].initial = signing.dumps("began", salt=SALT)

    def clean_website(self):
        """Refuse what a machine has filled in."""
        if self.cleaned_data["website"]:
            raise ValidationError("This field is a trap for machines. Empty it and send again.")
        return ""

    def clean(self):
        """Refuse what was sent at once, or from a page that has been open for a day."""
        cleaned = super().clean()
        try:
            signing.loads(cleaned.get("began", ""), salt=SALT, max_age=LATEST)
        except signing.BadSignature:
            self.data = self.data.copy()
            self.data["began"] = self.fields["began"].initial
            raise ValidationError("This page was open for too long. Send it again now.") from None
        try:
            signing.loads(cleaned["began"], salt=SALT, max_age=SOONEST)
        except signing.SignatureExpired:
            return cleaned
        raise ValidationError("That was quicker than anybody types. Wait a moment and send again.")

    def suggestion(self, **about):
        """Return the Suggestion that was sent, not stored yet."""
        sent = {name: self.cleaned_data[name] for name in ("message", "email")}
        return Suggestion(**sent, **about)


class ProfileFields(FromThePublic):
    class Meta:
        model = Founder
        fields = PROFILE
        widgets = {
            "biography": forms.Textarea(attrs={"rows": 8}),
            "links": forms.Textarea(attrs={"rows": 3}),
        }

    def changes(self):
        """Return {field: value} of what is not as the profile has it, safe to keep as JSON."""
        sent = {name: _plain(self.cleaned_data[name]) for name in PROFILE if name in self.fields}
        return {name: v for name, v in sent.items() if v != _plain(self.initial.get(name))}


def _plain(value):
    """Return a value without what a browser alone changes: the ends of lines, and nothing."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value or ""


class FounderSuggestionForm(ProfileFields):
    """Somebody whose beginning should be told."""

    field_order = ("name", "native_name", "company", "headline", "message", "links")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("biography", "birth_year", "death_year"):
            del self.fields[name]
        self.fields["message"].label = "Why their beginning should be told"
        self.fields["links"].help_text = "Where one can read about them: web addresses, one a line."


class ProfileCorrectionForm(ProfileFields):
    """What is wrong in a profile, put right in its fields."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["message"].label = "How do you know?"
        self.fields["message"].help_text = "A source that we can look up."

    def clean(self):
        """Ask for something that differs."""
        cleaned = super().clean()
        if not self.errors and not self.changes():
            raise ValidationError("Nothing differs from the profile. Correct what is wrong in it.")
        return cleaned


class StoryCorrectionForm(FromThePublic):
    """What is wrong in a story."""

    class Meta:
        model = Suggestion
        fields = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["message"].label = "What is wrong, and how do you know?"
        self.fields["message"].help_text = "Quote the sentence, and give a source we can look up."
