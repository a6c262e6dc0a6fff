"""Indexing: what a search knows about a story, written each time the story is stored."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain

from django.db import transaction

from stories.models import SearchWord, Story, StoryContent, StorySearch
from stories_project.batches import batches
from stories_project.text import markdown
from stories_project.text.words import WORDS_LEARNT, Indexed, indexed

BATCH = 200
MOST_REMEMBERED = 50_000
# Words that this process knows to be stored. Their rows are never deleted.
_stored: set[str] = set()


def index(story: Story, content: StoryContent, tags: Iterable[int]) -> None:
    """Write the search row of a story that was just stored with this content.

    `tags` are the primary keys of its tags.
    """
    title = indexed(story.title)
    summary = indexed(f"{story.excerpt}\n{content.takeaways}")
    body = indexed(markdown.plain_text(story.body_html))
    values = {
        "publish_at": story.publish_at,
        "unpublish_at": story.unpublish_at,
        **columns(title, summary, body, content.founders, tags),
    }
    StorySearch.objects.bulk_create(
        [StorySearch(story=story, **values)],
        update_conflicts=True,
        unique_fields=["story"],
        update_fields=list(values),
    )
    learn(title, summary, body, indexed(" ".join(content.tags)))


def columns(
    title: Indexed, summary: Indexed, body: Indexed, founders: Iterable[int], tags: Iterable[int]
) -> dict[str, str]:
    """Return the columns of a StorySearch; `founders` and `tags` are primary keys."""
    return {
        "title": title.tokens,
        "keys": _keys(founders, tags),
        "summary": summary.tokens,
        "body": body.tokens,
    }


def _keys(founders: Iterable[int], tags: Iterable[int]) -> str:
    return " ".join([*(f"p{key}" for key in founders), *(f"t{key}" for key in tags)])


def index_keys(stories: Sequence[int]) -> None:
    """Write again under which founders and tags stories are found, by their primary keys."""
    for some in batches(stories):
        rows = (
            StorySearch.objects.only("keys")
            .filter(pk__in=some)
            .prefetch_related("story__story_founders", "story__story_tags")
        )
        for row in rows:
            founders = (named.founder_id for named in row.story.story_founders.all())
            row.keys = _keys(founders, (tagged.tag_id for tagged in row.story.story_tags.all()))
        StorySearch.objects.bulk_update(rows, ["keys"])


def learn(*texts: Indexed) -> None:
    """Store the words of texts, so that the spelling of a search can be corrected to them."""
    distinct = dict.fromkeys(chain.from_iterable(text.words for text in texts))
    # Sorted, so that two processes never wait for each other.
    words = sorted(word for word in list(distinct)[:WORDS_LEARNT] if word not in _stored)
    SearchWord.objects.bulk_create([SearchWord(word=word) for word in words], ignore_conflicts=True)
    transaction.on_commit(partial(_remember, words))


def _remember(words: list[str]) -> None:
    if len(_stored) < MOST_REMEMBERED:
        _stored.update(words)


def forget_words() -> None:
    """Forget which words are stored: another database may not have them."""
    _stored.clear()


def rebuild() -> Iterator[int]:
    """Write the search rows of all stories again; yield the number of stories of each batch."""
    keys = list(Story.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        stories = Story.objects.filter(pk__in=keys[start : start + BATCH])
        for story in stories.prefetch_related("takeaways", "story_founders", "story_tags__tag"):
            content = StoryContent(
                takeaways="\n".join(row.text for row in story.takeaways.all()),
                founders=tuple(row.founder_id for row in story.story_founders.all()),
                tags=tuple(row.tag.name for row in story.story_tags.all()),
            )
            index(story, content, [row.tag_id for row in story.story_tags.all()])
        yield len(keys[start : start + BATCH])
