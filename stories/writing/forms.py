"""The one way in: every change to a story is this form, bound and saved."""

from datetime import timedelta
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from stories.models import Revision, Story, StoryPastSlug
from stories.reviewing import checklist
from stories.writing import saving
from stories.writing.content import EMPTY, as_content, newest_content_of
from stories.writing.form_fields import MomentField
from stories.writing.story_fields import StoryFields
from stories_project.past_slugs import refuse_past_slug
from stories_project.text.folding import slug_for

# The buttons beside “Save”. The first two mean this moment, whatever stands in the fields.
PUBLISH, WITHDRAW, SCHEDULE = "_publish", "_withdraw", "_schedule"
KINDS = {PUBLISH: Revision.Kind.PUBLISHED, WITHDRAW: Revision.Kind.WITHDRAWN}
SHORTEST_NOTICE = timedelta(minutes=1)


class StoryForm(StoryFields):
    """The whole of a story as one form. What it has cleaned is the content of a revision."""

    update_at = MomentField(
        required=False,
        label="Changes go live at",
        help_text="For “Schedule changes”. Until then readers see the present text.",
    )
    # The newest revision when the form was opened: whoever saves later sees that it is not.
    based_on = forms.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput
    )

    # Which opened form it is: what is typed into a new story is kept under it.
    writing = forms.UUIDField(required=False, initial=uuid4, widget=forms.HiddenInput)
    note = forms.CharField(
        required=False,
        max_length=300,
        help_text="Why: for the history, and for those concerned.",
    )

    # What stands in the fields instead of what is stored, after a recovery.
    recovered = {}

    def __init__(
        self, *args, instance=None, initial=None, goes_live=False, is_checked=True, **kwargs
    ):
        """Bind or show the newest content of a story.

        `goes_live` saves to the page at once even where readers see it, as “Publish changes” does.
        `is_checked` is False where readers know the content already and only its times change.
        """
        self.is_checked = is_checked
        self.stored = newest_content_of(instance or Story())
        based_on = instance and instance.newest_revision_id
        initial = {**self.stored, "based_on": based_on, **self.recovered, **(initial or {})}
        super().__init__(*args, instance=instance, initial=initial, **kwargs)
        self.was_published = self.instance.is_published
        self.verb = next((verb for verb in (*KINDS, SCHEDULE) if verb in self.data), None)
        self.goes_live = goes_live or self.verb in KINDS

    @property
    def is_for_readers(self):
        """Whether what is saved will be public without another look at it."""
        if not self.is_checked or self.verb == WITHDRAW or self.saves_working_copy:
            return False
        return bool(self.cleaned_data.get("publish_at", self.stored["publish_at"]))

    @property
    def saves_working_copy(self):
        """Whether this is neither for readers now, nor at a time."""
        return self.was_published and not self.goes_live and self.verb != SCHEDULE

    @property
    def goes_live_at(self):
        """The time at which these changes are scheduled to go live, or None."""
        return self.cleaned_data.get("update_at") if self.verb == SCHEDULE else None

    def clean_publish_at(self):
        """Return the time that was typed, or this moment when the story is published now."""
        is_new = self.verb == PUBLISH and not self.was_published
        return timezone.now() if is_new else self.cleaned_data["publish_at"]

    def clean_unpublish_at(self):
        """Return the time that was typed, or what publishing or withdrawing now makes of it."""
        moment, now = self.cleaned_data["unpublish_at"], timezone.now()
        if self.verb == WITHDRAW:
            return now
        is_over = moment and moment <= now
        return None if is_over and self.verb == PUBLISH else moment

    def clean_update_at(self):
        """Return the time that was typed; raise ValidationError for one that is no use."""
        moment = self.cleaned_data["update_at"]
        if self.verb == SCHEDULE and not self.was_published:
            raise ValidationError("Readers do not see this story yet: set “Publish at” instead.")
        if self.verb == SCHEDULE and not moment:
            raise ValidationError("Choose when the changes go live.")
        if self.verb == SCHEDULE and moment < timezone.now() + SHORTEST_NOTICE:
            raise ValidationError(
                "Choose a time at least a minute from now, or press “Publish changes”."
            )
        return moment

    def clean(self):
        """Choose an address where none was typed; hold what will be public to the checklist."""
        values = super().clean()
        for name in {"excerpt", "body"} & values.keys():
            # Browsers send CRLF; one text has one spelling in every revision.
            values[name] = values[name].replace("\r\n", "\n")
        if not values.get("slug") and values.get("title"):
            values["slug"] = self.instance.slug or free_slug(values["title"])
        self._refuse_past_slug(values.get("slug"))
        self._refuse_contradictions(values.get("pinned", []), values.get("banned", []))
        values = self.stored | values
        if self.is_for_readers and not self.errors:
            for field, sentence in checklist.broken_rules(values).items():
                self.add_error(field if field in self.fields else None, sentence)
        return self.cleaned_data

    def content(self):
        """Return the cleaned values as the dictionary that a revision keeps.

        What this form does not offer to its user, or has not accepted, is as it is stored.
        """
        values = self.stored | self.cleaned_data
        return as_content({name: values[name] for name in EMPTY})

    def save(self, *, author=None, kind=None, note=None, based_on=saving.NEWEST, settles=None):
        """Append the revision of these values, and store the story where they go live.

        `author` is the user who saves, or None for the publication itself; `based_on` the key of
        the revision that was newest when the author began; `settles` a revision that was set
        aside and is merged into this one. Returns the story. Raises ValueError for a form that is
        not valid, and Overtaken where somebody else has saved since: then the values are kept as a
        revision set aside, and nothing else has changed.
        """
        if not self.is_valid():
            raise ValueError("The form has not accepted these values; nothing is saved.")
        revision = Revision(
            content=self.content(),
            author=author,
            kind=kind or KINDS.get(self.verb, Revision.Kind.SAVED),
            note=self.cleaned_data["note"] if note is None else note,
            settles=settles,
        )
        saving.append(revision, self, based_on)
        return self.instance

    def _get_validation_exclusions(self):
        """Let a working copy be incomplete, as a draft may be."""
        exclusions = super()._get_validation_exclusions()
        return {*exclusions, "cover_alt"} if self.saves_working_copy else exclusions

    def _refuse_past_slug(self, slug):
        try:
            refuse_past_slug(self.instance, slug)
        except ValidationError as error:
            self.add_error("slug", error)

    def _refuse_contradictions(self, pinned, banned):
        if self.instance.pk in pinned + banned:
            field = "pinned" if self.instance.pk in pinned else "banned"
            self.add_error(field, "A story cannot be related to itself.")
        if both := set(pinned) & set(banned):
            titles = Story.objects.filter(pk__in=both).values_list("title", flat=True)
            self.add_error("banned", f"Pinned as well: {', '.join(titles)}. Choose one.")


def free_slug(title):
    """Return a slug made from a title that no other story has."""
    stem = slug_for(title, max_length=180)
    taken = {
        slug
        for rows in (Story, StoryPastSlug)
        for slug in rows.objects.filter(slug__startswith=stem).values_list("slug", flat=True)
    }
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (stem, *numbered) if slug not in taken)
