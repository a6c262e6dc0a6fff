"""Random events of a newsroom, to see what readers are shown after each of them."""

from datetime import timedelta

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import transaction
from django.utils import timezone

from founders.models import Founder
from stories.models import Series, StartHere, Story, Suggestion, Tag, TagChange
from stories.tagging import merging
from stories.writing.series import remove_series, save_series
from stories_project.publication import current as publication
from stories_project.publication.values import Publication
from tests.factories import make_founder, make_story, make_user, revise, rework

TAGS = ("Craft", "War", "Money", "Sea", "Looms")
NAMES = ("Ada Byron", "Sakichi Toyoda", "Grace Hopper")
PLACES = (
    *(
        "/",
        "/stories/",
        "/tags/",
        "/tags/?order=name",
        "/founders/",
        "/search/?q=story",
        "/search/?q=founder",
    ),
    *("/search/suggestions.json?q=st", "/feed/", "/feed.json", "/sitemap.xml", "/llms.txt"),
    *("/sitemap-news.xml", "/sitemap-tags.xml", "/sitemap-founders.xml", "/sitemap-2026-03.xml"),
    *("/sitemap-2026-02.xml", "/nowhere/", "/about/", "/stories/?page=2", "/robots.txt"),
    *("/api/", "/api/stories/?limit=2", "/api/founders/", "/api/tags/", "/api/search/?q=story"),
    *("/api/stories/?tag=craft", "/api/stories/?founder=ada-byron"),
    *("/series/", "/sitemap-series.xml", "/api/series/"),
)


class Impossible(Exception):
    """There is nothing that this event could happen to."""


def addresses():
    """Return every address at which something is public, or may be at some time."""
    found = list(PLACES)
    for slug in Story.objects.values_list("slug", flat=True):
        found += [f"/stories/{slug}/", f"/stories/{slug}.md", f"/api/stories/{slug}/"]
    for slug in Founder.objects.values_list("slug", flat=True):
        found += [f"/founders/{slug}/", f"/founders/{slug}/feed/", f"/api/founders/{slug}/"]
    for slug in Tag.objects.values_list("slug", flat=True):
        found += [f"/tags/{slug}/", f"/tags/{slug}/feed.json", f"/api/tags/{slug}/"]
    for slug in Series.objects.values_list("slug", flat=True):
        found += [f"/series/{slug}/", f"/series/{slug}/feed/", f"/series/{slug}/feed.json"]
        found += [f"/api/series/{slug}/"]
    return found


class Newsroom:
    """Each event is a method that changes one thing, chosen by `rng` (a random.Random)."""

    EVENTS = (
        *("write", "edit", "edit", "rework", "publish", "withdraw", "end", "plan_an_update"),
        *("remove", "decide", "rename_a_tag", "merge_tags", "undo_a_merge", "correct"),
        *("rename_the_publication", "recommend", "rearrange"),
        *("begin_a_series", "change_a_series", "end_a_series"),
    )

    def __init__(self, rng):
        self.rng = rng
        self.by = make_user("Editor")
        for name in NAMES:
            make_founder(name=name)
        for _ in range(4):
            self.write()

    def happen(self):
        """Let one event happen; return its name, or None if it was not possible now."""
        event = self.rng.choice(self.EVENTS)
        try:
            with transaction.atomic():
                getattr(self, event)()
        except (Impossible, ValidationError, AssertionError, ObjectDoesNotExist):
            return None
        return event

    def write(self):
        make_story(founders=self._people(), tags=self._some(TAGS), publish_at=self._moment())

    def recommend(self):
        story = self._one(Story.objects.published())
        StartHere.objects.choose(story, self.rng.choice(("", "Short.")), self.by)

    def rearrange(self):
        choice = self._one(StartHere.objects.all())
        if self.rng.random() < 0.3:
            choice.remove(self.by)
        else:
            choice.move(self.rng.choice((-1, 1)), self.by)

    def edit(self):
        revise(self._one(Story.objects.all()), self._change())

    def rework(self):
        rework(self._one(Story.objects.all()), {"title": "A working copy"})

    def rename_the_publication(self):
        publication.save(Publication(name=f"Publication {self._number()}", words_a_minute=100))

    def publish(self):
        self._one(Story.objects.all()).publish()

    def withdraw(self):
        self._one(Story.objects.published()).withdraw()

    def end(self):
        self._one(Story.objects.published()).retime({"unpublish_at": self._soon(30)})

    def plan_an_update(self):
        story = self._one(Story.objects.published())
        rework(story, {"title": "What is to come", "tags": self._some(TAGS)})
        story.schedule(self._soon(90))

    def remove(self):
        self._one(Story.objects.all()).remove()

    def decide(self):
        status = self.rng.choice(["pending", "approved", "hidden", "rejected"])
        self._one(Founder.objects.all()).decide(status, None, "A reason.")

    def rename_a_tag(self):
        merging.rename(self._one(Tag.objects.all()), {"name": f"Tag {self._number()}"})

    def merge_tags(self):
        tags = self._some(Tag.objects.all(), least=2)
        merging.merge(tags, tags[0])

    def undo_a_merge(self):
        merging.undo(self._one(TagChange.objects.filter(undone_at=None)))

    def begin_a_series(self):
        number = self._number()
        series = Series(title=f"Series {number}", slug=f"series-{number}")
        save_series(series, self._parts(), self.by)

    def change_a_series(self):
        series = self._one(Series.objects.all())
        series.title = f"Series {self._number()}"
        series.slug = self.rng.choice([series.slug, f"series-{self._number()}"])
        save_series(series, self._parts(), self.by)

    def end_a_series(self):
        remove_series(self._one(Series.objects.all()), self.by)

    def correct(self):
        suggestion = Suggestion.objects.create(
            kind=Suggestion.Kind.STORY, story=self._one(Story.objects.all()), content={}
        )
        suggestion.decide(Suggestion.Status.ACCEPTED, self.by, public_note="It was in May.")

    def _change(self):
        """Return new values for one field of a story."""
        return self.rng.choice(
            [
                lambda: {"title": f"Story about {self.rng.choice(TAGS)} {self._number()}"},
                lambda: {"excerpt": f"Excerpt {self._number()}."},
                lambda: {"tags": self._some(TAGS)},
                lambda: {"founders": [founder.pk for founder in self._people()]},
                lambda: {"slug": f"slug-{self.rng.randint(1, 99)}"},
                lambda: {"publish_at": self._moment(), "unpublish_at": None},
                lambda: {"is_lead": self.rng.choice([True, False])},
                lambda: {"pinned": [self._one(Story.objects.all()).pk], "banned": []},
                lambda: {"banned": [self._one(Story.objects.all()).pk], "pinned": []},
            ]
        )()

    def _one(self, rows):
        rows = list(rows.order_by("pk"))
        if not rows:
            raise Impossible
        return self.rng.choice(rows)

    def _some(self, rows, least=0):
        rows = list(rows)
        if len(rows) < least:
            raise Impossible
        return self.rng.sample(rows, self.rng.randint(least, min(3, len(rows))))

    def _people(self):
        return self._some(Founder.objects.approved().order_by("pk"), least=1)

    def _parts(self):
        stories = self._some(Story.objects.order_by("pk"), least=1)
        return [story.pk for story in stories]

    def _number(self):
        return self.rng.randint(1, 9)

    def _moment(self):
        return self._soon(self.rng.choice([-90000, -3600, -60, 5, 90, 7200]))

    def _soon(self, seconds):
        return timezone.now() + timedelta(seconds=seconds)
