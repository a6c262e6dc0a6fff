"""The founders, stories and series of the demo, read from Markdown files beside this module."""

from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from founders.models import Founder
from stories.demo.pictures import add_portrait, drawn_cover, with_figures
from stories.demo.ventures import add_ventures, slugs_in
from stories.models import Series, Story
from stories.moving.importer import Importer, Outcome
from stories.writing.series import save_series
from stories_project.text import front_matter

HERE = Path(__file__).parent
FOUNDER_TEXTS = (
    *("name", "native_name", "family_name", "slug", "headline", "company", "birthplace"),
)
FOLDERS = ("stories", "scheduled", "drafts")
LEAD = "the-loom-that-knew-when-to-stop"


def founder_files() -> list[Path]:
    """Return the files with founders."""
    return sorted((HERE / "founders").glob("*.md"))


def story_files() -> list[Path]:
    """Return the files with stories: published, scheduled and draft."""
    return sorted(path for name in FOLDERS for path in (HERE / name).glob("*.md"))


def founder_slugs() -> list[str]:
    """Return the slugs of the founders."""
    return [front_matter.read(path).values["slug"] for path in founder_files()]


def company_slugs() -> set[str]:
    """Return the slugs of the companies."""
    files = map(front_matter.read, founder_files())
    return {slug for file in files for slug in slugs_in(file.values.get("ventures", []))}


def story_slugs() -> list[str]:
    """Return the slugs of the stories."""
    return [front_matter.read(path).values["slug"] for path in story_files()]


def tag_names() -> set[str]:
    """Return the names of the tags."""
    files = map(front_matter.read, story_files())
    return {name for file in files for name in file.values.get("tags", [])}


def add_founder(path: Path) -> bool:
    """Add the founder in a file unless the slug is taken; return whether it was added."""
    document = front_matter.read(path)
    values = document.values
    if Founder.objects.filter(slug=values["slug"]).exists():
        return False
    founder = Founder(
        **{key: values.get(key, "") for key in FOUNDER_TEXTS},
        birth_year=values.get("birth_year"),
        death_year=values.get("death_year"),
        links="\n".join(values.get("links", [])),
        biography=document.body.strip(),
    )
    founder.full_clean()
    founder.save()
    add_portrait(founder)
    add_ventures(founder, values.get("ventures", []))
    founder.submit()
    if values.get("status") != Founder.Status.PENDING:
        founder.approve()
    return True


def add_story(path: Path) -> Outcome | None:
    """Import the story in a file; return the Outcome, or None if the slug is taken."""
    document = front_matter.read(path)
    slug = document.values["slug"]
    if Story.objects.filter(slug=slug).exists():
        return None
    first_founder = document.values["founders"][0]
    changes = {
        "publish_at": _publish_at(path, document),
        "is_lead": slug == LEAD,
        "body": with_figures(document.body, first_founder),
        **drawn_cover(slug, first_founder),
    }
    return Importer(HERE).import_file(path, **changes)


def series_files() -> list[Path]:
    """Return the files with series."""
    return sorted((HERE / "series").glob("*.md"))


def series_slugs() -> list[str]:
    """Return the slugs of the series."""
    return [front_matter.read(path).values["slug"] for path in series_files()]


def add_series(path: Path) -> bool:
    """Add the series in a file unless the slug is taken; return whether it was added.

    Stories that are gone, or part of another series, are left out.
    """
    document = front_matter.read(path)
    values = document.values
    if Series.objects.filter(slug=values["slug"]).exists():
        return False
    free = Story.objects.filter(slug__in=values["stories"], series_parts=None)
    keys = dict(free.values_list("slug", "pk"))
    if not keys:
        return False
    series = Series(title=values["title"], slug=values["slug"], introduction=document.body.strip())
    save_series(series, [keys[slug] for slug in values["stories"] if slug in keys])
    return True


def _publish_at(path: Path, document: front_matter.Document) -> str | datetime | None:
    """Return when to publish the story in a file; this depends on the folder of the file."""
    if path.parent.name == "drafts":
        return None
    if path.parent.name == "scheduled":
        number = sorted(path.parent.glob("*.md")).index(path)
        morning = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
        return morning + timedelta(days=2 + 3 * number)
    return document.values["publish_at"]
