"""The form that asks for stories by e-mail, and the preferences of a follower."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from founders.models import Founder
from stories.models import Follow, Follower, Tag
from stories_project.bot_traps import TrappedForm
from stories_project.publication.current import current

EVERYTHING = "everything"


class FollowForm(TrappedForm, forms.Form):
    """Asks for an address, how often, and what: a founder or a tag, or every story."""

    what = forms.ChoiceField(label=gettext_lazy("What you get"), widget=forms.RadioSelect)
    frequency = forms.ChoiceField(
        label=gettext_lazy("How often"),
        choices=Follower.Frequency.choices,
        initial=Follower.Frequency.EACH,
        widget=forms.RadioSelect,
    )
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    consent = forms.BooleanField()

    def __init__(self, *args: Any, subject: Founder | Tag | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subject = subject
        every = _("Every story")
        choices = [(EVERYTHING, every)]
        if subject:
            text = _("Stories about %(name)s") if isinstance(subject, Founder) else _("%(name)s")
            choices.insert(0, ("subject", text % {"name": subject}))
        what = self.fields["what"]
        what.choices, what.initial = choices, choices[0][0]  # type: ignore[attr-defined]
        self.fields["consent"].label = _(
            "%(publication)s may send me stories to this address. I can leave at any time with"
            " one click; my address is deleted then."
        ) % {"publication": current().name}
        days = settings.CONFIRMED_WITHIN.days
        self.fields["email"].help_text = ngettext(
            "We send a link to it, with which you confirm within %(days)s day. Until then we store"
            " nothing.",
            "We send a link to it, with which you confirm within %(days)s days. Until then we store"
            " nothing.",
            days,
        ) % {"days": days}

    @property
    def follows(self) -> Founder | Tag | None:
        """What is followed; None means every story."""
        return self.subject if self.cleaned_data["what"] == "subject" else None

    @property
    def consented(self) -> str:
        """The sentence that was agreed to."""
        return str(self.fields["consent"].label)[:300]


class PreferencesForm(forms.Form):
    """How often letters come, and which of the follows are kept."""

    frequency = forms.ChoiceField(
        label=gettext_lazy("How often"),
        choices=Follower.Frequency.choices,
        widget=forms.RadioSelect,
    )
    everything = forms.BooleanField(label=gettext_lazy("Every story"), required=False)
    follows = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Only stories about"),
        queryset=Follow.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, follower: Follower, **kwargs: Any) -> None:
        self.follower = follower
        found = list(follower.follows.with_names())
        self.narrow = [follow for follow in found if follow.founder_id or follow.tag_id]
        initial = {
            "frequency": follower.frequency,
            "everything": len(self.narrow) < len(found),
            "follows": [follow.pk for follow in self.narrow],
        }
        super().__init__(*args, **{**kwargs, "initial": initial})
        if self.narrow:
            narrow = follower.follows.with_names().exclude(founder=None, tag=None)
            self.fields["follows"].queryset = narrow  # type: ignore[attr-defined]
        else:
            del self.fields["follows"]

    def clean(self) -> dict[str, Any] | None:
        """Refuse to follow nothing: that is what leaving is for."""
        values = super().clean()
        if not self.errors and not (self._everything or self._kept):
            raise ValidationError(_("Keep something to follow, or leave with the button below."))
        return values

    @property
    def _everything(self) -> bool:
        return bool(self.cleaned_data.get("everything"))

    @property
    def _kept(self) -> list[Follow]:
        return list(self.cleaned_data.get("follows", ()))

    def save(self) -> None:
        """Store what was chosen."""
        kept = [follow.pk for follow in self._kept]
        self.follower.follows.exclude(founder=None, tag=None).exclude(pk__in=kept).delete()
        if self._everything:
            self.follower.follows.get_or_create(founder=None, tag=None)
        else:
            self.follower.follows.filter(founder=None, tag=None).delete()
        self.follower.choose(self.cleaned_data["frequency"])
