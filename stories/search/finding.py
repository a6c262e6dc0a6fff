"""Search: find the public stories that contain what a reader typed.

The database finds, and `ranking` sorts, so SQLite and PostgreSQL answer alike. Two sets of stories
are ranked: the newest 200 that have every word in title, people, tags, excerpt or takeaways, and
the newest 200 that have every word anywhere. If no more stories match, the order is exact.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.utils import timezone

from founders.models import Founder
from stories.models import StorySearch, Tag, TagChange
from stories.models.story_search import StorySearchQuerySet
from stories.search import spelling
from stories.search.ranking import best_first, occurrences
from stories_project.page_cache.surrogate_keys import SEARCH, note
from stories_project.text import full_text
from stories_project.text.full_text import Term

SCORED_STORIES = 200
NAMES_PER_TERM = 50
# Of the stories that may have been meant.
SCORED_SIMILAR = 50


@dataclass
class Found:
    """What a search has found: primary keys of stories, best first, and the Terms they have.

    `corrected` is the text that was searched for instead of what was typed, or empty. `is_partial`
    says that no story has all Terms, and these have some of them.
    """

    terms: list[Term]
    stories: list[int] = field(default_factory=list)
    founders: list[Founder] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    corrected: str = ""
    is_partial: bool = False


def search(text: str, now: datetime | None = None) -> Found:
    """Return the stories that are public now and have every word of a text.

    If there are none, correct the spelling; if there are still none, accept any of the words.
    """
    note(SEARCH)
    now = now or timezone.now()
    terms = full_text.parse(text)
    if not terms:
        return Found(terms)
    found = _find(terms, now)
    if not found.stories and (corrected := _corrected(terms, now)):
        found = _find(corrected, now)
        found.corrected = " ".join(term.text for term in corrected)
    if not found.stories and len(terms) > 1:
        found = _find([full_text.any_of(terms)], now)
        found.is_partial = bool(found.stories)
    return found


def similar(text: str) -> list[int]:
    """Return the stories that may be meant by an address with these words, best first.

    They have in title, people, tags, excerpt or takeaways all of the words, or all but one, which
    may be mistyped or cut off, or all in other spellings, or else any. Bots ask for thousands of
    such addresses, so this costs a fraction of a search: it reads no index of whole texts.
    """
    note(SEARCH)
    terms, now = _with_keys(full_text.parse(text)), timezone.now()
    for selections in _ever_fewer(terms):
        keys = {key for some in selections for key in _newest(some, now, StorySearchQuerySet.HEAD)}
        if keys:
            newest = StorySearch.objects.filter(pk__in=keys).newest_first()[:SCORED_SIMILAR]
            return [row.pk for row in best_first(newest, terms)]
    return []


def _ever_fewer(terms: list[Term]) -> Iterator[list[list[Term]]]:
    """Yield the selections of Terms of which a story must have one, from many Terms to any."""
    if terms:
        yield [terms]
    if len(terms) > 2:
        yield [[term for term in terms if term != missing] for missing in terms]
    if terms:
        yield [[full_text.any_of([term, *spelling.similar_terms(term)]) for term in terms]]
    if len(terms) > 1:
        yield [[full_text.any_of(terms)]]


def _find(words: Sequence[Term], now: datetime) -> Found:
    """Return what has every one of the Terms, which have no keys yet."""
    terms = _with_keys(words)
    keys = {*_newest(terms, now, StorySearchQuerySet.HEAD), *_newest(terms, now)}
    rows = StorySearch.objects.filter(pk__in=keys)
    return Found(
        terms,
        stories=[row.pk for row in best_first(rows, terms)],
        founders=list(Founder.objects.approved().named_by(words).by_name().for_directory()[:3]),
        tags=list(Tag.objects.in_use(now).named_by(words).by_name()[:5]),
    )


def _newest(
    terms: Sequence[Term], now: datetime, columns: Mapping[str, str] | None = None
) -> list[int]:
    """Return the primary keys of the newest public stories with every Term, in some columns."""
    rows = StorySearch.objects.published(now).with_all(terms, columns).newest_first()
    return list(rows.values_list("pk", flat=True)[:SCORED_STORIES])


def _corrected(terms: Sequence[Term], now: datetime) -> list[Term] | None:
    """Return the Terms in another spelling, so that each is in some public story.

    Return None if that is impossible, or if nothing had to change.
    """
    options = {term: [term, *spelling.similar_terms(term)] for term in terms}
    all_options = [option for several in options.values() for option in several]
    with_keys = dict(zip(all_options, _with_keys(all_options), strict=True))
    corrected = []
    for several in options.values():
        known = (option for option in several if _newest([with_keys[option]], now))
        if (first := next(known, None)) is None:
            return None
        corrected.append(first)
    return corrected if corrected != terms else None


def _with_keys(terms: Sequence[Term]) -> list[Term]:
    """Return the Terms with the keys of the approved founders and of the tags that they name."""
    if not terms:
        return []
    any_name = [full_text.any_of(terms)]
    founders = Founder.objects.approved().named_by(any_name).by_name()
    people = dict(founders.values_list("pk", "name_tokens")[: NAMES_PER_TERM * len(terms)])
    named = Tag.objects.named_by(any_name).by_name()
    tags = dict(named.values_list("pk", "name_tokens")[: NAMES_PER_TERM * len(terms)])
    names = [(f"p{key}", tokens) for key, tokens in people.items()]
    names += [(f"t{key}", tokens) for key, tokens in tags.items()]
    # A story that was indexed before a merge still has the key of its old founder or tag.
    merged = Founder.objects.filter(merged_into__in=people)
    names += [(f"p{row.pk}", people[row.merged_into_id or 0]) for row in merged.only("merged_into")]
    names += [(f"t{key}", tags[kept]) for key, kept in TagChange.objects.merged_into(tags)]
    return [
        replace(term, keys=tuple(key for key, tokens in names if occurrences(term, tokens)))
        for term in terms
    ]
