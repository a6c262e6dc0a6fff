"""The database constraints hold for every writer, and each has a message for editors."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from founders.models import Decision, Founder
from stories.models import (
    RelatedChoice,
    Series,
    SeriesPart,
    Source,
    Story,
    StoryFounder,
    StoryTag,
    Tag,
    Takeaway,
)
from tests.factories import make_founder, make_series, make_story, make_tag

pytestmark = pytest.mark.django_db


def broken_rows():
    """Return {constraint: (a row that breaks it, its message)}."""
    now, story, founder = (
        timezone.now(),
        make_story(is_lead=True, sources="@mill | A book"),
        make_founder(slug="taken"),
    )
    other = make_story()
    RelatedChoice.objects.create(story=story, other=other, choice="pin", position=0)
    craft = make_tag("Craft")
    series = make_series(story, slug="taken")
    known = {"title": "Title", "slug": "new"}
    return {
        "story_slug_unique": (
            Story(title="Title", slug=story.slug),
            "Another story already has this address. Choose another.",
        ),
        "story_one_lead": (
            Story(is_lead=True, **known),
            "Another story is the lead. Take the lead from it first.",
        ),
        "story_has_title_and_slug": (
            Story(title="", slug="new"),
            "A story needs a title and an address.",
        ),
        "story_withdrawn_after_published": (
            Story(publish_at=now, unpublish_at=now, **known),
            "A story is withdrawn after it is published",
        ),
        "story_takes_a_minute": (
            Story(reading_minutes=0, **known),
            "Reading takes at least one minute.",
        ),
        "story_told_forwards": (
            Story(told_from=1890, told_to=1888, **known),
            "The last year of what the story tells is not before the first one",
        ),
        "story_cover_described": (
            Story(publish_at=now, cover="covers/x.webp", **known),
            "Describe the cover for readers who cannot see it.",
        ),
        "story_founder_once": (
            StoryFounder(story=story, founder=story.founders[0], position=9),
            "The story names this founder already.",
        ),
        "story_tag_once": (
            StoryTag(content_object=story, tag=craft),
            "The story has this tag already.",
        ),
        "takeaway_has_text": (
            Takeaway(story=story, position=9, text=""),
            "A takeaway needs a sentence.",
        ),
        "source_has_title": (
            Source(story=story, position=9, title=""),
            "A source needs a title.",
        ),
        "source_key_once": (
            Source(story=story, position=9, title="Again", key="mill"),
            "Two sources have the same key.",
        ),
        "related_choice_once": (
            RelatedChoice(story=story, other=other, choice="ban", position=1),
            "A story can be pinned or banned once, not both.",
        ),
        "related_choice_is_another": (
            RelatedChoice(story=story, other=story, choice="ban", position=1),
            "A story cannot be related to itself.",
        ),
        "related_choice_known": (
            RelatedChoice(story=other, other=story, choice="yes", position=1),
            "A related story is pinned or banned.",
        ),
        "tag_name_unique_when_folded": (
            Tag(name="CRAFT", slug="craft-2"),
            "There is a tag of that name, perhaps spelt otherwise.",
        ),
        "tag_has_name_and_slug": (Tag(name="", slug="x"), "A tag needs a name and an address."),
        "series_slug_unique": (
            Series(title="Title", slug="taken"),
            "Another series already has this address. Choose another.",
        ),
        "series_has_title_and_slug": (
            Series(title="", slug="new"),
            "A series needs a title and an address.",
        ),
        "series_part_once": (
            SeriesPart(series=series, story=story, position=9),
            "The story is part of a series already.",
        ),
        "series_part_within_most": (
            SeriesPart(series=series, story=other, position=101),
            "A series has 100 parts at most.",
        ),
        "founder_slug_unique": (
            Founder(name="New", slug=founder.slug),
            "Another founder already has this address. Choose another.",
        ),
        "founder_has_name_and_slug": (
            Founder(name="", slug="new"),
            "A founder needs a name and an address.",
        ),
        "founder_status_known": (
            Founder(name="New", slug="new", status="famous"),
            "That is not a status a founder can have.",
        ),
        "founder_dies_after_birth": (
            Founder(name="New", slug="new", birth_year=1900, death_year=1899),
            "The year of death is before the year of birth.",
        ),
        "founder_portrait_described": (
            Founder(name="New", slug="new", portrait="portraits/x.webp"),
            "Describe the portrait for readers who cannot see it.",
        ),
        "decision_refusal_has_reason": (
            Decision(founder=founder, from_status="pending", to_status="rejected"),
            "Give a reason: those who wrote the profile will read it.",
        ),
    }


# Nobody can type a position: only `stories.writing` numbers the rows.
NOT_REACHABLE = {"takeaway_order", "source_order", "series_part_order"}
NAMES = [
    constraint.name
    for model in (
        *(Story, StoryFounder, StoryTag, Takeaway, Source, RelatedChoice, Tag),
        *(Series, SeriesPart),
    )
    for constraint in model._meta.constraints
] + [c.name for model in (Founder, Decision) for c in model._meta.constraints]


@pytest.mark.parametrize("name", sorted(set(NAMES) - NOT_REACHABLE))
class EveryConstraint:
    def test_is_enforced_by_the_database(self, name):
        row, _ = broken_rows()[name]
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()

    def test_has_a_message_for_editors(self, name):
        row, sentence = broken_rows()[name]
        if isinstance(row, Tag):
            row.folded_name = row.name.casefold()
        with pytest.raises(ValidationError) as refusal:
            row.validate_constraints()
        assert any(sentence in message for message in refusal.value.messages)


class AStoryThatMeetsAllConstraints:
    def test_is_validated_in_one_query_for_its_slug(self):
        story = Story(title="Title", slug="new", publish_at=timezone.now(), cover="")
        with CaptureQueriesContext(connection) as captured:
            story.validate_constraints()
        assert len(captured) == 1

    def test_may_have_a_value_of_a_wrong_type_if_that_is_excluded(self):
        story = Story(title="Title", slug="new", reading_minutes="many")
        story.validate_constraints(exclude={"reading_minutes"})
