"""The founders and stories that the demo comes with."""

from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from founders.models import Founder
from stories.models import Story
from stories.moving.importer import Importer
from stories_project.text import front_matter

HERE = Path(__file__).parent
FOUNDER_TEXTS = ("name", "native_name", "slug", "headline", "company", "birthplace")
LEAD = "the-loom-that-knew-when-to-stop"


def founder_files():
    """Return the files of the founders."""
    return sorted((HERE / "founders").glob("*.md"))


def story_files():
    """Return the files of the stories: published, scheduled and draft."""
    return sorted(path for name in FOLDERS for path in (HERE / name).glob("*.md"))


def add_founder(path):
    """Add the founder of a file unless there is one; return whether it is new."""
    document = front_matter.read(path)
    values = document.values
    if Founder.objects.filter(slug=values["slug"]).exists():
        return False
    founder = Founder(
        **{key: values.get(key, "") for key in FOUNDER_TEXTS},
        birth_year=values.get("birth_year"),
        death_year=values.get("death_year"),
        links="\n".join(values.get("links", [])),
        biography=document.body,
    )
    founder.full_clean()
    founder.save()
    founder.submit()
    if values.get("status") != Founder.Status.PENDING:
        founder.approve()
    return True


def add_story(path):
    """Add the story of a file unless there is one; return its Outcome, or None."""
    document = front_matter.read(path)
    slug = document.values["slug"]
    if Story.objects.filter(slug=slug).exists():
        return None
    changes = {
        "publish_at": FOLDERS[path.parent.name](path, document),
        "is_lead": slug == LEAD,
    }
    return Importer(HERE).import_file(path, **changes)


def _as_written(path, document):
    return document.values["publish_at"]


def _soon(path, document):
    """Return nine in the morning, some days from now: three days apart for each file."""
    number = sorted(path.parent.glob("*.md")).index(path)
    morning = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    return morning + timedelta(days=2 + 3 * number)


def _never(path, document):
    return None


FOLDERS = {"stories": _as_written, "scheduled": _soon, "drafts": _never}
