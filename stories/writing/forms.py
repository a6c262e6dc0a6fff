"""The form of a story: it validates a content and finds the changed fields, but saves nothing."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stories.models import Story, StoryContent, StoryPastSlug
from stories.reviewing import checklist, steps
from stories.writing.form_fields import MomentField
from stories.writing.slugs import free_slug
from stories.writing.story_fields import StoryFields
from stories_project.past_slugs import refuse_past_slug

SHORTEST_NOTICE = timedelta(minutes=1)


class Verb(StrEnum):
    """What will be done with the content. It decides what the form requires."""

    SAVE = "save"  # as the working copy of a public story, in the row of any other
    REPLACE = "replace"  # in the row, with the times in the content
    PUBLISH = "publish"
    SCHEDULE = "schedule"
    WITHDRAW = "withdraw"
    RETIME = "retime"  # only the times change, so the checklist is not applied


class StoryForm(StoryFields):
    """The whole story as one form. Its cleaned values are the content of a revision."""

    update_at = MomentField(
        required=False,
        label=_("Changes go live at"),
        help_text=_("For “Schedule changes”. Until then readers see the present text."),
    )
    # The newest revision when the form was opened, to detect that somebody has saved since.
    based_on = forms.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput
    )
    # Identifies this opened form: the autosave of a new story has no other key.
    writing = forms.UUIDField(required=False, initial=uuid4, widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=300,
        help_text=_("Why you changed the story. It appears in the history and in e-mails."),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
        *,
        instance: Story | None = None,
        initial: dict[str, Any] | None = None,
        verb: Verb = Verb.SAVE,
        stored: StoryContent | None = None,
        recovered: dict[str, Any] | None = None,
        needs_note: bool = False,
        **kwargs: Any,
    ) -> None:
        """Bind the form to data, or fill it with the newest content of a story.

        `recovered` are the values of an autosave, which replace the stored ones. `stored` is the
        newest content, if the caller has read it already. `needs_note` refuses an empty note.
        """
        self.verb, self.needs_note = verb, needs_note
        self.stored = stored or (instance or Story()).newest_content
        initial = {
            **self.stored.to_form_data(),
            "based_on": instance and instance.newest_revision_id,
            **(recovered or {}),
            **(initial or {}),
        }
        super().__init__(data, files, instance=instance, initial=initial, **kwargs)
        self.was_published = self.instance.is_published
        if "cover" in self.fields and self.instance.pk:
            self.fields["cover"].widget.chooses_for = str(self.instance.pk)

    @property
    def content(self) -> StoryContent:
        """The accepted content. Raises ValueError if the form has errors.

        Fields that are not in the form keep their stored values.
        """
        if not self.is_valid():
            raise ValueError("The form has not accepted these values.")
        return self.content_so_far

    @property
    def content_so_far(self) -> StoryContent:
        """The stored content with all accepted values, even if other fields have errors."""
        return self.stored.with_values(self.cleaned_data)

    @property
    def changed_fields(self) -> tuple[str, ...]:
        """The names of the fields whose accepted value differs from the stored one."""
        return self.content.changed_from(self.stored)

    @property
    def saves_working_copy(self) -> bool:
        """Whether the content becomes a working copy, and readers keep seeing the present one."""
        return self.was_published and self.verb in {Verb.SAVE, Verb.WITHDRAW}

    @property
    def is_for_readers(self) -> bool:
        """Whether the content goes to readers without another check, now or at a set time."""
        if self.saves_working_copy or self.verb in {Verb.WITHDRAW, Verb.RETIME}:
            return False
        return self.content_so_far.publish_at is not None

    def clean_note(self) -> str:
        """Return the note; raise ValidationError for an empty one that somebody waits for."""
        note: str = self.cleaned_data["note"]
        if self.needs_note:
            steps.refuse_empty_reason(note)
        return note

    def clean_publish_at(self) -> datetime | None:
        """Return the time that was typed, or the present time if the story is published now."""
        is_new = self.verb is Verb.PUBLISH and not self.was_published
        return timezone.now() if is_new else self._cleaned_moment("publish_at")

    def clean_unpublish_at(self) -> datetime | None:
        """Return the time that was typed; publishing clears one that has passed."""
        moment = self._cleaned_moment("unpublish_at")
        is_over = moment and moment <= timezone.now()
        return None if is_over and self.verb is Verb.PUBLISH else moment

    def clean_update_at(self) -> datetime | None:
        """Return the time that was typed; raise ValidationError if changes cannot go live then."""
        moment: datetime | None = self.cleaned_data["update_at"]
        if self.verb is not Verb.SCHEDULE:
            return moment
        if not self.was_published:
            raise ValidationError(
                gettext("Readers do not see this story yet: set “Publish at” instead.")
            )
        if not moment:
            raise ValidationError(gettext("Choose when the changes go live."))
        if moment < timezone.now() + SHORTEST_NOTICE:
            raise ValidationError(
                gettext("Choose a time at least a minute from now, or press “Publish changes”.")
            )
        return moment

    def clean(self) -> dict[str, Any]:
        """Create a missing slug, and apply the checklist to what readers will see."""
        values = super().clean() or {}
        for name in {"excerpt", "body"} & values.keys():
            # Browsers send CRLF; without it, equal texts are equal in every revision.
            values[name] = values[name].replace("\r\n", "\n")
        if not values.get("slug") and values.get("title"):
            values["slug"] = self.instance.slug or free_slug(values["title"], Story, StoryPastSlug)
        self._refuse_past_slug(values.get("slug") or "")
        self._refuse_contradictions(values.get("pinned", []), values.get("banned", []))
        if self.verb is Verb.WITHDRAW and not self.was_published:
            self.add_error(
                None, gettext("Readers do not see this story: there is nothing to withdraw.")
            )
        if self.is_for_readers and not self.errors:
            for field, sentence in checklist.broken_rules(self.content_so_far).items():
                self.add_error(field if field in self.fields else None, sentence)
        return self.cleaned_data

    def save(self, commit: bool = True) -> Story:
        """Raise TypeError: a verb of the story saves what the form has accepted."""
        raise TypeError("The form saves nothing: call a verb of the story, such as publish().")

    def _cleaned_moment(self, name: str) -> datetime | None:
        """Return the time that was typed; the browser shows the stored one in whole seconds."""
        typed: datetime | None = self.cleaned_data[name]
        stored: datetime | None = getattr(self.stored, name)
        return stored if stored and typed == stored.replace(microsecond=0) else typed

    def _get_validation_exclusions(self) -> set[str]:
        """Allow an incomplete working copy, like an incomplete draft."""
        exclusions: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return {*exclusions, "cover_alt"} if self.saves_working_copy else exclusions

    def _refuse_past_slug(self, slug: str) -> None:
        try:
            refuse_past_slug(self.instance, slug)
        except ValidationError as error:
            self.add_error("slug", error)

    def _refuse_contradictions(self, pinned: list[int], banned: list[int]) -> None:
        if self.instance.pk in [*pinned, *banned]:
            field = "pinned" if self.instance.pk in pinned else "banned"
            self.add_error(field, gettext("A story cannot be related to itself."))
        if both := set(pinned) & set(banned):
            titles = Story.objects.filter(pk__in=both).values_list("title", flat=True)
            text = gettext("Pinned as well: %(titles)s. Choose one.")
            self.add_error("banned", text % {"titles": ", ".join(titles)})
