"""The form of a story: it validates a content, and says which fields changed. It stores nothing."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from stories.models import Story, StoryContent, StoryPastSlug
from stories.reviewing import checklist
from stories.writing.form_fields import MomentField
from stories.writing.story_fields import StoryFields
from stories_project.past_slugs import refuse_past_slug
from stories_project.text.folding import slug_for

SHORTEST_NOTICE = timedelta(minutes=1)


class Verb(StrEnum):
    """What will be done with the content: it decides what the form asks for."""

    SAVE = "save"  # for later where readers see the story
    REPLACE = "replace"  # in the row, with the times it has
    PUBLISH = "publish"
    SCHEDULE = "schedule"
    WITHDRAW = "withdraw"
    RETIME = "retime"  # readers know the content, only its times change


class StoryForm(StoryFields):
    """The whole of a story as one form. What it has cleaned is the content of a revision."""

    update_at = MomentField(
        required=False,
        label="Changes go live at",
        help_text="For “Schedule changes”. Until then readers see the present text.",
    )
    # The newest revision when the form was opened, to notice that somebody has saved since.
    based_on = forms.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput
    )
    # Which opened form this is: a new story has no other key to autosave it under.
    writing = forms.UUIDField(required=False, initial=uuid4, widget=forms.HiddenInput)
    note = forms.CharField(
        required=False,
        max_length=300,
        help_text="Why: for the history, and for those concerned.",
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
        *,
        instance: Story | None = None,
        initial: dict[str, Any] | None = None,
        verb: Verb = Verb.SAVE,
        recovered: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """Bind the form, or show the newest content of a story.

        `recovered` are the values of an autosave, which are shown instead of the stored ones.
        """
        self.verb = verb
        self.stored = (instance or Story()).newest_content
        initial = {
            **self.stored.to_form_data(),
            "based_on": instance and instance.newest_revision_id,
            **(recovered or {}),
            **(initial or {}),
        }
        super().__init__(data, files, instance=instance, initial=initial, **kwargs)
        self.was_published = self.instance.is_published

    @property
    def content(self) -> StoryContent:
        """The accepted content; raises ValueError while the form is in error.

        What this form does not offer to its user is as it is stored.
        """
        if not self.is_valid():
            raise ValueError("The form has not accepted these values.")
        return self.content_so_far

    @property
    def content_so_far(self) -> StoryContent:
        """The content with those values that are accepted, even while others are in error."""
        return self.stored.with_values(self.cleaned_data)

    @property
    def changed_fields(self) -> tuple[str, ...]:
        """The names of the fields whose accepted value is not the stored one."""
        return self.content.changed_from(self.stored)

    @property
    def saves_working_copy(self) -> bool:
        """Whether readers keep seeing the present content."""
        return self.was_published and self.verb in {Verb.SAVE, Verb.WITHDRAW}

    @property
    def is_for_readers(self) -> bool:
        """Whether readers will see the content without another look at it."""
        if self.saves_working_copy or self.verb in {Verb.WITHDRAW, Verb.RETIME}:
            return False
        return self.content_so_far.publish_at is not None

    def clean_publish_at(self) -> datetime | None:
        """Return the time that was typed, or this moment when the story is published now."""
        is_new = self.verb is Verb.PUBLISH and not self.was_published
        return timezone.now() if is_new else self.cleaned_data["publish_at"]

    def clean_unpublish_at(self) -> datetime | None:
        """Return the time that was typed; publishing clears one that has passed."""
        moment = self.cleaned_data["unpublish_at"]
        is_over = moment and moment <= timezone.now()
        return None if is_over and self.verb is Verb.PUBLISH else moment

    def clean_update_at(self) -> datetime | None:
        """Return the time that was typed; raise ValidationError for one that is no use."""
        moment: datetime | None = self.cleaned_data["update_at"]
        if self.verb is not Verb.SCHEDULE:
            return moment
        if not self.was_published:
            raise ValidationError("Readers do not see this story yet: set “Publish at” instead.")
        if not moment:
            raise ValidationError("Choose when the changes go live.")
        if moment < timezone.now() + SHORTEST_NOTICE:
            raise ValidationError(
                "Choose a time at least a minute from now, or press “Publish changes”."
            )
        return moment

    def clean(self) -> dict[str, Any]:
        """Make a slug where none was typed; hold what readers will see to the checklist."""
        values = super().clean() or {}
        for name in {"excerpt", "body"} & values.keys():
            # Browsers send CRLF; the same text is the same in every revision.
            values[name] = values[name].replace("\r\n", "\n")
        if not values.get("slug") and values.get("title"):
            values["slug"] = self.instance.slug or free_slug(values["title"])
        self._refuse_past_slug(values.get("slug") or "")
        self._refuse_contradictions(values.get("pinned", []), values.get("banned", []))
        if self.verb is Verb.WITHDRAW and not self.was_published:
            self.add_error(None, "Readers do not see this story: there is nothing to withdraw.")
        if self.is_for_readers and not self.errors:
            for field, sentence in checklist.broken_rules(self.content_so_far).items():
                self.add_error(field if field in self.fields else None, sentence)
        return self.cleaned_data

    def save(self, commit: bool = True) -> Story:
        """Raise TypeError: a verb of the story stores what the form has accepted."""
        raise TypeError("A form stores nothing: call a verb of the story, such as publish().")

    def _get_validation_exclusions(self) -> set[str]:
        """Let a working copy be incomplete, as a draft may be."""
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
            self.add_error(field, "A story cannot be related to itself.")
        if both := set(pinned) & set(banned):
            titles = Story.objects.filter(pk__in=both).values_list("title", flat=True)
            self.add_error("banned", f"Pinned as well: {', '.join(titles)}. Choose one.")


def free_slug(title: str) -> str:
    """Return a slug made from a title that no other story has or had."""
    stem = slug_for(title, max_length=180)
    taken = {
        slug
        for rows in (Story, StoryPastSlug)
        for slug in rows.objects.filter(slug__startswith=stem).values_list("slug", flat=True)
    }
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (stem, *numbered) if slug not in taken)
