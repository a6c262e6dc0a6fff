"""The public forms, which need no account."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from founders.models import Founder
from stories.models import Suggestion
from stories_project.bot_traps import TrappedForm
from stories_project.text.printable import normalized

PROFILE_FIELDS = (
    *("name", "native_name", "headline", "company", "biography", "birthplace"),
    *("birth_year", "death_year", "links"),
)


class PublicForm(TrappedForm, forms.ModelForm):
    """What every public form has: a message, an e-mail address, and consent."""

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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = settings.SENDERS_KEPT.days
        self.fields["email"].help_text = ngettext(
            "Only if we may ask back. Nobody else gets it, and we delete it %(days)s day after our"
            " answer.",
            "Only if we may ask back. Nobody else gets it, and we delete it %(days)s days after our"
            " answer.",
            days,
        ) % {"days": days}

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
