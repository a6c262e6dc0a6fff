"""The board: which stories are in which stage, and where each can go from there."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone

from stories.models import Plan, Stage, Story
from stories.models.plan import owned_by
from stories.models.visibility import published_at
from stories.reviewing import steps

# How many stories a column shows; of the published ones, the newest.
IN_COLUMN, LIVE_SHOWN = 50, 10
Step = Callable[[Story, User, str], object]


@dataclass(frozen=True)
class Move:
    """A step that brings a story from one stage to another."""

    name: str
    target: Stage
    step: Step
    is_for_publishers: bool
    needs_reason: bool = False


def _publish(story: Story, by: User, comment: str) -> None:
    story.publish(by=by)


SUBMIT = Move("submit", Stage.REVIEW, steps.submit, is_for_publishers=False)
APPROVE = Move("approve", Stage.READY, steps.approve, is_for_publishers=True)
RETURN = Move(
    "return", Stage.WRITING, steps.return_to_writer, is_for_publishers=True, needs_reason=True
)
PUBLISH = Move("publish", Stage.LIVE, _publish, is_for_publishers=True)
MOVES = {move.name: move for move in (SUBMIT, APPROVE, RETURN, PUBLISH)}


@dataclass(frozen=True)
class Card:
    """A story on the board, as one user sees it: what they may do with it."""

    story: Story
    stage: Stage
    plan: Plan | None
    moves: list[Move]
    may_take: bool

    @property
    def is_overdue(self) -> bool:
        """Whether the deadline has passed before the text was handed in."""
        return bool(self.plan and self.plan.is_overdue)

    @property
    def targets(self) -> str:
        """The stages to which the card can be dragged, with spaces between."""
        return " ".join(move.target for move in self.moves)


@dataclass(frozen=True)
class Column:
    """The first stories in one stage, and whether there are more."""

    stage: Stage
    cards: list[Card]
    has_more: bool


def columns(user: User, owner: int | None = None) -> list[Column]:
    """Return the board as a user sees it; `owner` is the key of an account, or NOBODY.

    The most urgent deadline comes first, and in the last column the newest story. Makes a constant
    number of queries, each bounded.
    """
    found = []
    for stage in Stage:
        stories = _in_stage(stage, owner)
        shown = LIVE_SHOWN if stage == Stage.LIVE else IN_COLUMN
        cards = [_card(story, stage, user) for story in stories[:shown]]
        found.append(Column(stage, cards, len(stories) > shown))
    return found


def moves_of(story: Story, user: User) -> list[Move]:
    """Return the steps that a user may take with a story now.

    A scheduled story leaves its schedule only to go live earlier.
    """
    if not user.has_perm("stories.change_story"):
        return []
    moves: dict[Stage | None, list[Move]] = {
        Stage.WRITING: [SUBMIT, PUBLISH],
        Stage.REVIEW: [APPROVE, RETURN, PUBLISH],
        Stage.READY: [PUBLISH] if story.publish_at else [PUBLISH, RETURN],
    }
    may_publish = user.has_perm("stories.publish_story")
    return [m for m in moves.get(story.stage, []) if may_publish or not m.is_for_publishers]


def may_take(story: Story, user: User) -> bool:
    """Whether a user may make themselves the owner of a story with `take`."""
    plan = getattr(story, "plan", None)
    is_free = story.publish_at is None and not (plan and plan.owner_id)
    return is_free and user.has_perm("stories.change_story")


def _card(story: Story, stage: Stage, user: User) -> Card:
    plan: Plan | None = getattr(story, "plan", None)
    if plan:
        plan.story = story
    return Card(story, stage, plan, moves_of(story, user), may_take(story, user))


def _in_stage(stage: Stage, owner: int | None) -> list[Story]:
    """Return the stories of a column in its order, and one more if there are more."""
    rows = Story.objects.in_stage(stage).filter(owned_by(owner)).for_board()
    if stage == Stage.LIVE:
        # With the times of the plan itself, one index has what somebody owns in this order.
        row = "plan__" if owner else ""
        newest = rows.filter(published_at(timezone.now(), row))
        return list(newest.order_by(f"-{row}publish_at", "-pk")[: LIVE_SHOWN + 1])
    drafts, has_deadline = rows.drafts(), Q(plan__deadline__isnull=False, plan__publish_at=None)
    urgent = drafts.filter(has_deadline).order_by("plan__deadline", "pk")
    others = drafts.exclude(pk__in=Plan.objects.open().exclude(deadline=None).values("story"))
    found = [
        *urgent[: IN_COLUMN + 1],
        *others.order_by("-updated_at", "-pk")[: IN_COLUMN + 1],
    ]
    if stage == Stage.READY:
        scheduled = rows.scheduled(timezone.now()).order_by("publish_at", "pk")
        found = [*scheduled[: IN_COLUMN + 1], *found]
    return found[: IN_COLUMN + 1]
