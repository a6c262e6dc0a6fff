"""The pages that are measured, chosen from what the site has."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from urllib.parse import quote

from django.db.models import Count, QuerySet
from django.urls import reverse

from founders.models import Founder
from stories.bench.results import BenchError
from stories.models import Story, StoryFounder, StorySearch, StoryTag, Tag
from stories_project.text import full_text, markdown
from stories_project.text.words import indexed

FEWEST_STORIES = 100
STORIES_READ_FOR_WORDS = 50
RARE_WORDS_TRIED = 20
SHORTEST_WORD = 4


@dataclass(frozen=True)
class Page:
    """A page to measure: its name, and its path, or the paths that are requested in turn."""

    name: str
    paths: tuple[str, ...]


def count_stories() -> int:
    """Return the number of public stories; raise BenchError if they are too few to measure."""
    stories = Story.objects.published().count()
    if stories < FEWEST_STORIES:
        raise BenchError(
            f"The site has {stories} public stories, and a measurement needs {FEWEST_STORIES}. "
            "To fill a site that is not a real publication: "
            "manage.py demo --with-demo --stories 5000"
        )
    return stories


def choose(names: Sequence[str], rotate: int) -> list[Page]:
    """Return the Pages with these names, of `PAGES`; `rotate` is the most stories to rotate over.

    Raises BenchError for a name that is not known.
    """
    if unknown := [name for name in names if name not in PAGES]:
        raise BenchError(f"There is no page {unknown[0]}. The pages are {', '.join(PAGES)}.")
    return [Page(name, tuple(PAGES[name](rotate))) for name in PAGES if name in names]


def _rotating(rotate: int) -> list[str]:
    """Return the paths of the stories, in an order that has nothing to do with their age."""
    slugs = list(Story.objects.published().order_by("pk").values_list("slug", flat=True)[:rotate])
    Random(0).shuffle(slugs)  # noqa: S311  the same order in each run, not a secret
    return [reverse("story", args=[slug]) for slug in slugs]


def _first_story(rotate: int) -> list[str]:
    return [reverse("story", args=[Story.objects.published().order_by("pk")[:1].get().slug])]


def _largest_tag(rotate: int) -> list[str]:
    key = _most_frequent(StoryTag.objects.published(), "tag")
    return [Tag.objects.get(pk=key).get_absolute_url()]


def _largest_founder(rotate: int) -> list[str]:
    rows = StoryFounder.objects.published().filter(founder__status=Founder.Status.APPROVED)
    return [Founder.objects.get(pk=_most_frequent(rows, "founder")).get_absolute_url()]


def _most_frequent(rows: QuerySet, column: str) -> int:
    counts = rows.order_by().values(column).annotate(rows=Count("pk")).order_by("-rows", column)
    if not (row := counts.first()):
        raise BenchError(f"No public story has a {column}, so there is no such page to measure.")
    return int(row[column])


def _common_word(rotate: int) -> list[str]:
    (word, _), *_ = _words_of_some_stories().most_common(1)
    return [_search(word)]


def _rare_word(rotate: int) -> list[str]:
    """Search for the rarest of some words that are in only one of the stories that we read."""
    counts = _words_of_some_stories()
    fewest = min(counts.values())
    candidates = [word for word, count in counts.items() if count == fewest]
    return [_search(min(candidates[-RARE_WORDS_TRIED:], key=_matches))]


def _words_of_some_stories() -> Counter[str]:
    """Return {word: number of stories} for the words of some stories."""
    counts: Counter[str] = Counter()
    for story in Story.objects.published().order_by("-pk")[:STORIES_READ_FOR_WORDS]:
        text = f"{markdown.plain_text(story.body_html)}\n{story.title}\n{story.excerpt}"
        counts.update(word for word in indexed(text).words if len(word) >= SHORTEST_WORD)
    if not counts:
        raise BenchError("The newest stories have no words to search for.")
    return counts


def _matches(word: str) -> int:
    return StorySearch.objects.published().with_all(full_text.parse(word)).count()


def _search(word: str) -> str:
    return f"{reverse('search')}?q={quote(word)}"


PAGES: dict[str, Callable[[int], list[str]]] = {
    "home": lambda rotate: [reverse("home")],
    "story": _first_story,
    "rotating": _rotating,
    "list": lambda rotate: [reverse("stories")],
    "tag": _largest_tag,
    "founder": _largest_founder,
    "search-common": _common_word,
    "search-rare": _rare_word,
    "feed": lambda rotate: [reverse("feed_atom")],
}
