"""The front page of the desk: what waits for the user."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext

from founders.models import Founder
from stories.admin import system
from stories.admin.deliveries import failing_deliveries
from stories.models import (
    Comment,
    DeadLink,
    Plan,
    Review,
    Revision,
    ScheduledUpdate,
    Story,
    Suggestion,
    Webmention,
)
from stories.planning.calendar import entries
from stories_project.publication.current import current

SHOWN = 8
WEEKS_BACK, WEEKS_AHEAD = 12, 4
PLOT_HEIGHT = 40
# Counts stop here, so that the page stays fast.
COUNTED_AT_MOST = 5000
# How long the author of a proposal sees what was decided.
PROPOSALS_SHOWN_FOR = timedelta(days=14)
Status = Story.ReviewStatus


def dashboard(user: User) -> dict[str, Any]:
    """Return the template context of the front page, without what the user may not see."""
    board: dict[str, Any] = {}
    if user.has_perm("stories.view_story"):
        now = timezone.now()
        changed = Story.objects.with_unpublished_changes().order_by("-updated_at", "-pk")
        board |= {
            "failed": ScheduledUpdate.objects.failed().prefetch_related("story")[:SHOWN],
            "set_aside": _set_aside(user),
            "this_week": entries(now, now + timedelta(days=7))[:SHOWN],
            "dead_links": _dead_links(),
            "changed": changed.only("title", "updated_at")[:SHOWN],
            "mentions": Comment.objects.for_mentioned(user)[:SHOWN],
            "weeks": stories_a_week(),
        }
    if user.has_perm(system.PERMISSION):
        board["may_see_system"] = True
        board["problems"] = system.problems()
        board["publication_lacks"] = _lacking()
    if user.has_perm("stories.publish_story"):
        board["may_publish"] = True
        board["failing_deliveries"] = failing_deliveries()
        board["to_review"] = _in_review(Status.SUBMITTED)
        board["approved"] = _in_review(Status.APPROVED)
    if user.has_perm("stories.change_story"):
        mine = Q(pk__in=_submitted(user)) | Q(plan__owner=user)
        board["returned"] = _in_review(Status.RETURNED).filter(mine)[:SHOWN]
        board["my_work"] = _my_work(user)
    if user.has_perm("founders.change_founder"):
        proposals = Suggestion.objects.by(user).recent(timezone.now() - PROPOSALS_SHOWN_FOR)
        board["proposals"] = proposals.only("name", "status", "reason", "created_at")[:SHOWN]
    if user.has_perm("founders.moderate_founder"):
        board["founders"] = Founder.objects.waiting()[:SHOWN]
    if user.has_perm("stories.change_suggestion"):
        waiting = Suggestion.objects.waiting().decidable_by(user)
        board["suggestions"] = waiting.only("kind", "name", "created_at")[:SHOWN]
        webmentions = Webmention.objects.waiting().decidable_by(user).order_by()
        board["webmention_count"] = webmentions[:COUNTED_AT_MOST].count()
        board["suggestion_count"] = waiting.order_by()[:COUNTED_AT_MOST].count()
    return board


def stories_a_week() -> list[dict[str, Any]]:
    """Return the weeks around this one, each with its Monday, its count and its bar in the plot.

    The bars are in the units of the plot's SVG view box.
    """
    this_week = _monday(timezone.localtime())
    start = this_week - timedelta(weeks=WEEKS_BACK)
    end = this_week + timedelta(weeks=WEEKS_AHEAD + 1)
    in_weeks = Story.objects.filter(publish_at__gte=start, publish_at__lt=end)
    moments = in_weeks.values_list("publish_at", flat=True)[:COUNTED_AT_MOST]
    counts = Counter(_monday(timezone.localtime(moment)).date() for moment in moments)
    mondays = [(start + timedelta(weeks=n)).date() for n in range(WEEKS_BACK + WEEKS_AHEAD + 1)]
    most = max(counts.values(), default=1)
    return [
        {
            "monday": monday,
            "count": (count := counts[monday]),
            "x": place * 14,
            "height": (height := round(PLOT_HEIGHT * count / most)),
            "y": PLOT_HEIGHT - height,
            "is_to_come": monday > this_week.date(),
        }
        for place, monday in enumerate(mondays)
    ]


def _my_work(user: User) -> list[Plan]:
    """Return the plans of what a user owns: drafts by their deadlines, then what is scheduled."""
    mine = Plan.objects.filter(owner=user).with_stories()
    scheduled = mine.filter(publish_at__gt=timezone.now()).order_by("publish_at")
    return [*mine.open().soonest_first()[:SHOWN], *scheduled[:SHOWN]]


def _monday(moment: datetime) -> datetime:
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=moment.weekday())


def _in_review(status: str) -> QuerySet[Story]:
    return Story.objects.in_review(status).only("title", "review_status_changed_at")


def _submitted(user: User) -> QuerySet:
    """Return the keys of the stories that this user, and nobody later, has submitted."""
    submitted = Review.objects.filter(step=Review.Step.SUBMITTED)
    newest = submitted.filter(story=OuterRef("story")).order_by("-pk").values("pk")[:1]
    return submitted.filter(by=user, pk=Subquery(newest)).values("story")


def _lacking() -> list[str]:
    """Return what the law of many countries wants of a publication, and this one has not."""
    publication = current()
    lacking = {
        gettext("an imprint"): publication.imprint,
        gettext("a contact"): publication.contact,
    }
    return [what for what, value in lacking.items() if not value]


def _dead_links() -> QuerySet[DeadLink]:
    """Return the newest dead links of stories, which editors should mend."""
    links = DeadLink.objects.certain().select_related("story")
    return links.only("url", "failure", "since", "story__title")[:SHOWN]


def _set_aside(user: User) -> QuerySet[Revision]:
    """Return the newest set-aside revisions of a user that are not merged yet."""
    rows = Revision.objects.unsettled().filter(author=user).order_by("-pk")
    return rows.defer("content").select_related("story")[:SHOWN]
