"""The paths of the other site: each leads to its story from now on."""

from collections.abc import Iterable

from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from stories.models import OldAddress, Story
from stories.moving.foreign_story import Losses


def keep_old_paths(story: Story, paths: Iterable[str], losses: Losses) -> None:
    """Let paths lead to a story. A path that is a page of this site, or another story's, stays."""
    new = story.get_absolute_url().rstrip("/").casefold()
    wanted = [path for path in paths if path != new]
    for old in OldAddress.objects.filter(path__in=wanted):
        wanted.remove(old.path)
        if old.story_id == story.pk:
            continue
        if Story.objects.filter(pk=old.story_id).exists():
            sentence = _("The old address %(path)s leads to another story already.")
            losses.add(sentence % {"path": old.path})
        else:
            OldAddress.objects.filter(pk=old.pk).update(story=story)
    for path in wanted:
        if _is_page_of_this_site(path):
            sentence = _("The old address %(path)s is a page of this site, and does not lead on.")
            losses.add(sentence % {"path": path})
    OldAddress.objects.bulk_create(
        OldAddress(path=path, story=story) for path in wanted if not _is_page_of_this_site(path)
    )


def _is_page_of_this_site(path: str) -> bool:
    """Whether a path answers with something else than a story."""
    for spelling in (path, f"{path}/"):
        try:
            if resolve(spelling).url_name not in {"story", "founder", "tag", "index_now_key"}:
                return True
        except Resolver404:
            continue
    return False
