"""Search: which stories have what a reader looks for, the best first.

The database finds, Python puts in order: so both databases answer alike. What is weighed are the
newest 200 stories that have every word in title, people, tags, excerpt or takeaways, and the newest
200 that have it anywhere; where no more are found, the order is exact.
"""

from dataclasses import dataclass, field, replace

from django.utils import timezone

from founders.models import Founder
from stories.models import StorySearch, Tag, TagChange
from stories.models.story_search import StorySearchQuerySet
from stories.search import spelling
from stories_project.text import full_text

WEIGHED = 200
NAMES_A_TERM = 50
# What a word is worth by where it stands; the title's is shared among its words.
TITLE, KEYS, SUMMARY, BODY = 6, 6, 3, 2


@dataclass
class Found:
    """What a search has found: keys of stories, best first, and the Terms that they have.

    `corrected` is what was looked for instead of what was typed; `is_partial` says that no story
    has all of it.
    """

    terms: list
    stories: list = field(default_factory=list)
    founders: list = field(default_factory=list)
    tags: list = field(default_factory=list)
    corrected: str = ""
    is_partial: bool = False


def search(text, now=None):
    """Return what is public now and has every word of a text; else what comes nearest to it."""
    now = now or timezone.now()
    terms = full_text.parse(text)
    if not terms:
        return Found(terms)
    found = _find(terms, now)
    if not found.stories and (better := _corrected(terms, now)):
        found = _find(better, now)
        found.corrected = " ".join(term.text for term in better)
    if not found.stories and len(terms) > 1:
        found = _find([full_text.any_of(terms)], now)
        found.is_partial = bool(found.stories)
    return found


def _find(words, now):
    """Return what has every one of the Terms, which have no keys yet."""
    terms = _with_keys(words)
    found = {*_newest(terms, now, StorySearchQuerySet.HEAD), *_newest(terms, now)}
    candidates = StorySearch.objects.filter(pk__in=found)
    # Down to the key: what is equal must not change places between two pages.
    ranked = sorted(
        candidates, key=lambda row: (score(row, terms), row.publish_at, row.pk), reverse=True
    )
    return Found(
        terms,
        stories=[row.pk for row in ranked],
        founders=list(Founder.objects.approved().named_by(words).by_name().for_directory()[:3]),
        tags=list(Tag.objects.in_use(now).named_by(words).by_name()[:5]),
    )


def _newest(terms, now, columns=()):
    """Return the keys of the newest public stories that have every Term in some columns."""
    rows = StorySearch.objects.published(now).with_all(terms, columns).newest_first()
    return list(rows.values_list("pk", flat=True)[:WEIGHED])


def _corrected(terms, now):
    """Return the Terms with those replaced that no public story has, or None if one cannot be."""
    candidates = {term: [term, *spelling.others(term)] for term in terms}
    flat = [one for several in candidates.values() for one in several]
    with_keys = dict(zip(flat, _with_keys(flat), strict=True))
    corrected = [
        next((one for one in several if _newest([with_keys[one]], now)), None)
        for several in candidates.values()
    ]
    return corrected if all(corrected) and corrected != terms else None


def _with_keys(terms):
    """Return the Terms with the keys of the approved founders and of the tags they name."""
    if not terms:
        return []
    any_name = [full_text.any_of(terms)]
    founders = Founder.objects.approved().named_by(any_name).by_name()
    people = founders.values_list("pk", "name_tokens")[: NAMES_A_TERM * len(terms)]
    named = Tag.objects.named_by(any_name).by_name()
    tags = dict(named.values_list("pk", "name_tokens")[: NAMES_A_TERM * len(terms)])
    names = [(f"p{key}", tokens) for key, tokens in people]
    names += [(f"t{key}", tokens) for key, tokens in tags.items()]
    # Stories saved before a merge have the key of the tag they had then.
    names += [(f"t{key}", tags[kept]) for key, kept in TagChange.objects.merged_into(tags)]
    return [
        replace(term, keys=tuple(key for key, tokens in names if _count(term, tokens)))
        for term in terms
    ]


def score(row, terms):
    """Return how well a StorySearch answers: a sum over the Terms.

    A word of the title is worth more in a short one; more of a word in the body is worth more, and
    less with each, as in BM25 (Robertson and Zaragoza, 2009).
    """
    total = 0
    for term in terms:
        if _count(term, row.title):
            total += TITLE + TITLE / (1 + row.title.count(" "))
        total += KEYS * any(f" {key} " in f" {row.keys} " for key in term.keys)
        total += SUMMARY * bool(_count(term, row.summary))
        repeated = _count(term, row.body)
        total += BODY * repeated / (repeated + 2)
    return total


def _count(term, tokens):
    """Return how often the phrases of a Term stand in the tokens of a text."""
    end = "" if term.is_prefix else " "
    return sum(f" {tokens} ".count(f" {' '.join(phrase)}{end}") for phrase in term.phrases)
