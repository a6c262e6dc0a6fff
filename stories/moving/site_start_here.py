"""Which stories newcomers should read first, taken over from an export."""

import json
from pathlib import Path

from django.utils.translation import gettext as _

from stories.models import StartHere, Story
from stories.models.listing import START_HERE
from stories_project.page_cache import change_log
from stories_project.text.front_matter import BadFile


def take_over_start_here(path: Path) -> None:
    """Recommend the same stories here, unless editors have chosen some already.

    A story that is not here is left out. Raises BadFile, and ValidationError for a sentence that is
    too long.
    """
    if not path.exists() or StartHere.objects.exists():
        return
    lines = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(lines, list):
        raise BadFile(_("This is not a list of stories."))
    slugs = [line["story"] for line in lines]
    stories = {story.slug: story for story in Story.objects.filter(slug__in=slugs).only("slug")}
    for position, line in enumerate(lines[: StartHere.MOST], start=1):
        if story := stories.get(line["story"]):
            choice = StartHere(story=story, why=line.get("why", ""), position=position)
            choice.full_clean()
            choice.save()
    change_log.record(START_HERE)
