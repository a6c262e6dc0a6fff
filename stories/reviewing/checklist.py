"""The checklist: what a story should have before it is public.

Blocking rules are enforced when a story is published, scheduled or imported. Advice is only shown
beside the text.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from stories.models import StoryContent
from stories.reviewing import advisory_rules, blocking_rules  # noqa: F401  they register themselves
from stories.reviewing.rules import ADVICE, BLOCKING, Draft

RULES = (*BLOCKING, *ADVICE)


@dataclass(frozen=True)
class Finding:
    """The result of one rule. `sentence` is empty if the content follows the rule."""

    field: str
    title: str
    is_blocking: bool
    sentence: str


def findings(content: StoryContent, story_key: int | None = None) -> list[Finding]:
    """Return the findings of all rules: broken rules first, and blocking ones before advice.

    `story_key` is the primary key of the story, whose comments and dead links are looked at.
    """
    draft = Draft(content, story_key)
    found = [Finding(r.field, _(r.title), r.is_blocking, r.check(draft) or "") for r in RULES]
    return sorted(found, key=lambda f: (not f.sentence, not f.is_blocking))


def broken_rules(
    content: StoryContent, also_public: frozenset[str] = frozenset()
) -> dict[str, str]:
    """Return {field: sentences} for the blocking rules that the content breaks.

    `also_public` are slugs of stories that become public together with this one.
    """
    draft = Draft(content, also_public=also_public)
    broken: dict[str, list[str]] = {}
    for rule in BLOCKING:
        if sentence := rule.check(draft):
            broken.setdefault(rule.field, []).append(sentence)
    return {field: " ".join(sentences) for field, sentences in broken.items()}
