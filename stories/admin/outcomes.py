"""What the desk says after a button of the story form: what was done, and the next step."""

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stories.models import ScheduledUpdate, Story
from stories.writing.forms import Verb
from stories_project.next_steps import Step, say

Status = Story.ReviewStatus


def in_full(moment: datetime) -> str:
    """Return a moment as the desk writes it, in the publication's time zone."""
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def path_of(story: Story, view: str) -> str:
    """Return the address of a page of the desk about a story."""
    return reverse(f"admin:stories_story_{view}", args=[story.pk])


def board_path(query: str) -> str:
    """Return the address of the board with a query, which may come from outside."""
    return f"{reverse('admin:stories_story_board')}?{QueryDict(query).urlencode()}"


def say_outcome(request: HttpRequest, story: Story, verb: Verb, *, was_public: bool) -> None:
    """Say what a verb has done with a story, which was public or not before."""
    sayings: dict[Verb, Callable[[Story], tuple[str, list[Step]]]] = {
        Verb.PUBLISH: _changed_for_readers if was_public else _published,
        Verb.SCHEDULE: _update_scheduled,
        Verb.WITHDRAW: _withdrawn if story.is_withdrawn else _saved,
    }
    sentence, steps = sayings.get(verb, _saved)(story)
    say(request, sentence, *steps)


def say_reviewed(request: HttpRequest, story: Story, status: str) -> None:
    """Say what a step of the review has done, if the story has reached its status."""
    sentences = {
        Status.SUBMITTED: _("Submitted: the editors are told of “%(story)s”."),
        Status.APPROVED: _("Approved: “%(story)s” can be published or scheduled."),
        Status.RETURNED: _("Returned: the writer of “%(story)s” is told, with your note."),
    }
    say(request, sentences[Status(status)] % {"story": story})


def say_withdrawal_planned(request: HttpRequest, story: Story, at: datetime | None) -> None:
    """Say when a story will be withdrawn, or that it will not be."""
    if at is None:
        return say(request, _("The story will not be withdrawn."))
    undo = Step(_("Undo"), path_of(story, "withdraw_at"), is_post=True)
    sentence = _("The time of withdrawal is set: %(date)s.") % {"date": in_full(at)}
    return say(request, sentence, undo)


def _told(sentence: str, story: Story, at: datetime | None = None) -> str:
    return sentence % {"story": story, "date": in_full(at) if at else ""}


def _published(story: Story) -> tuple[str, list[Step]]:
    steps = [Step(_("View it"), story.get_absolute_url())]
    return _told(_("Live now: “%(story)s”."), story), steps


def _changed_for_readers(story: Story) -> tuple[str, list[Step]]:
    steps = [Step(_("View it"), story.get_absolute_url())]
    return _told(_("Live now: the changes of “%(story)s”."), story), steps


def _update_scheduled(story: Story) -> tuple[str, list[Step]]:
    update = ScheduledUpdate.objects.filter(story=story).first()
    undo = Step(_("Undo"), path_of(story, "cancel_update"), is_post=True)
    sentence = _("The changes of “%(story)s” are scheduled for %(date)s.")
    return _told(sentence, story, update and update.at), [undo]


def _withdrawn(story: Story) -> tuple[str, list[Step]]:
    sentence = _("Withdrawn: readers who open “%(story)s” are told that it is gone.")
    return _told(sentence, story), [Step(_("Publish it again"), path_of(story, "last_look"))]


def _saved(story: Story) -> tuple[str, list[Step]]:
    step, at = Step(_("Preview"), path_of(story, "preview")), None
    if story.is_published and story.has_unpublished_changes:
        step = Step(_("Compare"), path_of(story, "compare"))
        sentence = _("Saved, not public: readers still see the old text of “%(story)s”.")
    elif story.is_published:
        sentence = _("Saved: readers see the text of “%(story)s”.")
    elif story.is_withdrawn:
        sentence = _("Saved: “%(story)s” stays withdrawn.")
    elif story.publish_at:
        step = Step(_("Undo"), path_of(story, "unschedule"), is_post=True)
        sentence, at = _("Scheduled for %(date)s: “%(story)s”."), story.publish_at
    else:
        sentence = _("Saved as a draft: “%(story)s”.")
    return _told(sentence, story, at), [step]
