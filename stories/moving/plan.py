"""What the first reading of an import finds: the place of each story, and all names."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

from stories.models import MovedStory, Story, StoryPastSlug
from stories.models.moved_story import LONGEST_PATH, old_path
from stories.moving.folder_paths import fill
from stories.moving.foreign_story import ForeignStory, Source, path_of
from stories_project.batches import batches
from stories_project.text.folding import slug_for

LONGEST_SLUG = 180
SLUG = re.compile(r"[-\w]+")


@dataclass
class Plan:
    """The stories of a source: {foreign id: slug here}, and {old path: foreign id}.

    `public` are the foreign ids of those that readers there see. `authors` and `tags` count how
    many stories name them.
    """

    slugs: dict[str, str] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)
    public: set[str] = field(default_factory=set)
    authors: Counter[str] = field(default_factory=Counter)
    tags: Counter[str] = field(default_factory=Counter)
    entries: int = 0
    # How the other site forms its addresses, such as "/:year/:month/:title/"; empty: as usual.
    permalink: str = ""

    def slug_at(self, url_path: str) -> str | None:
        """Return the slug of the story that was at a path, or None."""
        return self.slugs.get(self.paths.get(old_path(unquote(url_path)), ""))

    def paths_of(self, story: ForeignStory) -> list[str]:
        """Return the old paths that will lead to a story, and to no other one."""
        own = dict.fromkeys(map(decoded_path, self._all_paths(story)))
        return [path for path in own if self.paths.get(path) == story.foreign_id]

    def _all_paths(self, story: ForeignStory) -> tuple[str, ...]:
        if not self.permalink:
            return story.paths
        tags = [slug_for(tag) for tag in story.tags[:1]]
        return (fill(self.permalink, story.slug, story.publish_at, tags), *story.paths)

    def note(self, story: ForeignStory) -> None:
        """Take up a story."""
        is_usable = SLUG.fullmatch(story.slug) and len(story.slug) <= LONGEST_SLUG
        slug = story.slug if is_usable else slug_for(story.slug or story.name, LONGEST_SLUG)
        self.slugs[story.foreign_id] = slug
        for path in map(decoded_path, (*self._all_paths(story), *story.nicknames)):
            if path != "/" and len(path) <= LONGEST_PATH:
                self.paths.setdefault(path, story.foreign_id)
        if story.is_public:
            self.public.add(story.foreign_id)
        self.authors.update(story.authors)
        self.tags.update(story.tags)

    def public_slugs(self) -> frozenset[str]:
        """Return the slugs of the stories that readers will see."""
        return frozenset(self.slugs[key] for key in self.public)


def decoded_path(url: str) -> str:
    """Return the path of a URL as `OldAddress` stores it; "/" for one without a path."""
    return old_path(unquote(path_of(url)))


def plan_for(source: Source, permalink: str = "") -> Plan:
    """Read a source once, to its end, and return its Plan. Raises BadFile for a broken file."""
    plan = Plan(permalink=permalink)
    for entry in source.entries():
        plan.entries += 1
        if isinstance(entry, ForeignStory):
            plan.note(entry)
    _find_free_slugs(plan, source.key)
    return plan


def _find_free_slugs(plan: Plan, source: str) -> None:
    """Give each story the slug it has here already, or else one that no other story has or had."""
    present = _present_slugs(plan, source)
    taken = _taken_slugs(set(plan.slugs.values())) - set(present.values())
    used: set[str] = set(present.values())
    for foreign_id, wanted in plan.slugs.items():
        if foreign_id in present:
            plan.slugs[foreign_id] = present[foreign_id]
            continue
        slug, number = wanted, 2
        while slug in used or slug in taken or (slug != wanted and _taken_slugs({slug})):
            slug, number = f"{wanted}-{number}", number + 1
        used.add(slug)
        plan.slugs[foreign_id] = slug


def _present_slugs(plan: Plan, source: str) -> dict[str, str]:
    """Return {foreign id: slug} of the stories that were imported before and are still here."""
    present: dict[str, str] = {}
    for some in batches(list(plan.slugs)):
        moved = MovedStory.objects.filter(source=source, foreign_id__in=some)
        stories = dict(moved.values_list("story_id", "foreign_id"))
        for key, slug in Story.objects.filter(pk__in=stories).values_list("pk", "slug"):
            present[stories[key]] = slug
    return present


def _taken_slugs(slugs: Iterable[str]) -> set[str]:
    taken: set[str] = set()
    for some in batches(list(slugs)):
        for rows in (Story.objects, StoryPastSlug.objects):
            taken.update(rows.filter(slug__in=some).values_list("slug", flat=True))
    return taken
