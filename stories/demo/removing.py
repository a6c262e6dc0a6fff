"""Take the demo out again, and leave everything that somebody has made their own."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError, Q, QuerySet

from founders.models import Decision, Founder
from stories.demo import showcase
from stories.demo.accounts import GROUPS, address_of
from stories.demo.bulk import CHUNK, synthetic_stories
from stories.demo.correcting import remove_correction
from stories.demo.pictures import remove_unused
from stories.demo.ventures import remove_companies
from stories.models import Revision, Series, Story, StoryFounder, StoryTag, Tag
from stories.writing.removing import remove_for_good
from stories.writing.series import remove_series
from stories_project.library.models import PictureUse
from stories_project.library.uses import forget_uses
from stories_project.page_cache import change_log
from stories_project.page_cache.surrogate_keys import EVERYTHING


@dataclass
class Left:
    """What stays of the demo, because somebody works with it."""

    stories: list[str]
    founders: list[str]
    accounts: list[str]


def remove_stories() -> Iterator[int]:
    """Remove the stories that nobody has edited; yield the number of each step.

    The series of the demo goes before them, unless somebody has saved it since.
    """
    for series in Series.objects.filter(slug__in=showcase.series_slugs(), version=1):
        remove_series(series)
    for story in _unedited(Story.objects.filter(slug__in=showcase.story_slugs())):
        remove_for_good(story)
        yield 1
    while keys := list(_unedited(synthetic_stories()).values_list("pk", flat=True)[:CHUNK]):
        with transaction.atomic():
            Revision.objects.filter(story__in=keys).update(based_on=None, settles=None)
            Revision.objects.filter(story__in=keys).delete()
            Story.objects.filter(pk__in=keys).delete()
            change_log.record(EVERYTHING)
        yield len(keys)


@transaction.atomic
def remove_the_rest() -> Left:
    """Remove the founders, tags and accounts that nobody needs, and return what is left.

    An account whose name stands in the history is deactivated.
    """
    ours = Q(slug__in=showcase.founder_slugs()) | Q(slug__startswith="synthetic-founder-")
    founders = Founder.objects.filter(ours)
    needed = StoryFounder.objects.filter(founder=OuterRef("pk"))
    decided = Decision.objects.filter(founder=OuterRef("pk"), moderator__isnull=False)
    unneeded = founders.filter(~Exists(needed), ~Exists(decided), merged_into=None, merged=None)
    keys = list(unneeded.values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        Decision.objects.filter(founder__in=chunk).delete()
        Founder.objects.filter(pk__in=chunk).delete()
        for key in chunk:
            forget_uses(PictureUse.Kind.FOUNDER, key)
    used = StoryTag.objects.filter(tag=OuterRef("pk"))
    of_demo = Q(name__in=showcase.tag_names()) | Q(slug__startswith="synthetic-tag-")
    Tag.objects.filter(of_demo, ~Exists(used)).delete()
    Tag.objects.recount(Tag.objects.values_list("pk", flat=True))
    remove_correction()
    remove_companies(showcase.company_slugs())
    remove_unused()
    change_log.record(EVERYTHING)
    stories = Story.objects.filter(slug__in=showcase.story_slugs()) | synthetic_stories()
    return Left(
        stories=list(stories.values_list("title", flat=True)),
        founders=list(founders.values_list("name", flat=True)),
        accounts=_remove_accounts(),
    )


def has_another_administrator() -> bool:
    """Whether somebody who is not of the demo may do everything."""
    administrators = User.objects.filter(is_superuser=True, is_active=True)
    return administrators.exclude(email=address_of("admin")).exists()


def _unedited(stories: QuerySet[Story]) -> QuerySet[Story]:
    edited = Revision.objects.filter(story=OuterRef("pk"), author__isnull=False)
    return stories.filter(~Exists(edited)).order_by("pk")


def _remove_accounts() -> list[str]:
    """Delete the accounts of the demo; return the names of those that are only deactivated."""
    left = []
    for name in GROUPS:
        for user in User.objects.filter(username=name, email=address_of(name)):
            try:
                with transaction.atomic():
                    user.delete()
            except ProtectedError:
                user.is_active = False
                user.save(update_fields=["is_active"])
                left.append(name)
    return left
