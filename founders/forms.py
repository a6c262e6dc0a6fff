from typing import Any, cast

from django import forms
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from founders.models import CannedReason, Founder
from founders.models.founder_query import FounderQuerySet
from stories_project.library.image_field import FocusField, StoredImageField
from stories_project.past_slugs import keep_past_slug, refuse_past_slug
from stories_project.text.folding import NO_LETTER, letter_of
from stories_project.text.printable import PrintableForm, normalized

# Stands for NO_LETTER: in the directory, and in its addresses.
OTHERS = "…"


def shown(letter: int) -> str:
    """Return a letter of the directory as readers see it: "A" for the code point of "a"."""
    return OTHERS if letter == NO_LETTER else chr(letter).upper()


class DirectoryForm(forms.Form):
    """The search and the first letter that a reader chose in the directory."""

    q = forms.CharField(
        required=False,
        max_length=100,
        label=_("Find a founder"),
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Name")}),
    )
    # The capital letter may be two, such as ʼN for ŉ.
    letter = forms.CharField(required=False, max_length=3, widget=forms.HiddenInput)

    def narrow(self, founders: FounderQuerySet) -> FounderQuerySet:
        """Return the founders that match the search and the letter."""
        if self.cleaned_data["q"]:
            founders = founders.beginning_with(self.cleaned_data["q"])
        if self.cleaned_data["letter"]:
            founders = founders.under_letter(letter_of(self.cleaned_data["letter"]))
        return founders

    @property
    def chosen_letter(self) -> str:
        """The chosen letter as readers see it; empty without one."""
        letter = self.cleaned_data.get("letter") if self.is_valid() else ""
        return shown(letter_of(letter)) if letter else ""


class FounderForm(PrintableForm, forms.ModelForm):
    portrait: forms.Field | None = StoredImageField(
        folder="portraits", required=False, label=_("Portrait")
    )
    portrait_focus: forms.Field | None = FocusField(of="portrait")
    # The version of the profile that the form was filled in with.
    read = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Founder
        fields: tuple[str, ...] = (
            *("name", "native_name", "family_name", "slug", "headline", "company", "biography"),
            *("portrait", "portrait_focus", "portrait_alt", "portrait_credit"),
            *("birthplace", "birth_year", "death_year", "links"),
        )
        widgets = {"links": forms.Textarea(attrs={"rows": 4})}

    @classmethod
    def details(cls) -> list[str]:
        """Return the names of the fields that a profile may lack: all but its name and address."""
        return [name for name in cls.Meta.fields if name not in ("name", "slug")]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The form may be filled in with other values, such as those that somebody proposes.
        self.stored = forms.model_to_dict(self.instance)
        if self.instance.pk:
            self.initial["read"] = self.instance.version
        self._suggest_family_name()

    def _suggest_family_name(self) -> None:
        """Ask beside the empty field whether the last word of the name is the family name.

        Only somebody who knows the person can say so: in many names it is the first word, or none.
        """
        last, field = self.instance.last_name, self.fields.get("family_name")
        if field and not self.instance.family_name and last != self.instance.name:
            question = gettext("Is it “%(word)s”?") % {"word": last}
            field.help_text = f"{field.help_text} {question}"

    def clean(self) -> dict[str, Any] | None:
        """Refuse to overwrite what somebody else has saved since the form was opened.

        What was typed stays in the form, which may then be sent again. The founder is locked until
        the transaction ends: validate in the one that saves.
        """
        values = super().clean()
        read = self.cleaned_data.get("read")
        if read and self.instance.pk:
            with transaction.atomic():
                stored = Founder.objects.select_for_update().get(pk=self.instance.pk)
            if stored.status != self.instance.status:
                self.add_error(
                    None,
                    gettext(
                        "Somebody has decided about this profile since you sent it. Open it again: "
                        "what you may change has changed with its status."
                    ),
                )
            elif stored.version != read:
                self.data = posted = cast("Any", self.data).copy()
                posted[self.add_prefix("read")] = stored.version
                changes = ", ".join(self._saved_meanwhile(stored)) or gettext(
                    "nothing that differs here"
                )
                self.add_error(
                    None,
                    gettext(
                        "Somebody has saved this profile since you opened it. It has other values"
                        " than yours in: %(fields)s. Yours are still here: save once more to keep"
                        " them."
                    )
                    % {"fields": changes},
                )
        return values

    def _saved_meanwhile(self, stored: Founder) -> list[str]:
        """Return the labels of the fields that are stored with another value than is typed."""
        typed = self.cleaned_data
        return [
            str(self.fields[name].label)
            for name in typed
            if name != "read" and (typed[name] or "") != (getattr(stored, name) or "")
        ]

    def changed_values(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what differs from the stored profile: ({field: old value}, {field: new value}).

        The values are safe as JSON.
        """
        before = {name: _for_json(self.stored[name]) for name in self.fields if name in self.stored}
        after = {name: _for_json(self.cleaned_data[name]) for name in before}
        changed = [name for name in before if normalized(before[name]) != normalized(after[name])]
        return {name: before[name] for name in changed}, {name: after[name] for name in changed}

    def clean_slug(self) -> str:
        """Refuse a slug that redirects to another founder."""
        refuse_past_slug(self.instance, self.cleaned_data["slug"])
        return self.cleaned_data["slug"]

    def save(self, commit: bool = True) -> Any:
        """Save the founder, and redirect the old slug if the public knew it.

        With `commit=False`, the caller saves the founder in the same transaction.
        """
        founder = super().save(commit)
        if commit:
            founder.note_pictures()
        if founder.has_been_public:
            founder.record_change()
            if founder.slug != self.stored["slug"]:
                keep_past_slug(founder, self.stored["slug"])
        return founder


def _for_json(value: Any) -> Any:
    """Return the name of a stored picture, and every other value with the line ends of Unix."""
    return value if value is None or isinstance(value, int) else str(value).replace("\r\n", "\n")


class ProfileForm(FounderForm):
    """The text fields of a profile; the portrait stays as it is."""

    portrait = portrait_focus = None

    class Meta(FounderForm.Meta):
        fields = (
            *("name", "native_name", "family_name", "slug", "headline", "company", "biography"),
            *("birthplace", "birth_year", "death_year", "links"),
        )


class CannedReasonSelect(forms.Select):
    """A select whose options carry the text of their reason."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the text as an attribute."""
        option = super().create_option(*args, **kwargs)
        if chosen := getattr(option["value"], "instance", None):
            option["attrs"]["data-text"] = chosen.text
        return option


class ReasonForm(forms.Form):
    """The reason of a decision: typed, or chosen among those that moderators give often.

    `reason_help` says when it is needed, and who reads it.
    """

    reason_help: Any = ""

    canned = forms.ModelChoiceField(
        CannedReason.objects.all(),
        required=False,
        label=_("Canned reason"),
        empty_label=_("Choose, or type below"),
        widget=CannedReasonSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "data-key": "r"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = self.reason_help

    def clean(self) -> dict[str, Any]:
        """Take the text of the canned reason if nothing was typed."""
        values = super().clean() or self.cleaned_data
        if values.get("canned") and not values.get("reason", "").strip():
            values["reason"] = values["canned"].text
        return values


class DecisionForm(ReasonForm):
    """A moderator's decision on one founder or on several."""

    status = forms.ChoiceField(choices=Founder.Status, widget=forms.HiddenInput)
    reason_help = _("Needed to reject or hide. Those who wrote the profile will read it.")
