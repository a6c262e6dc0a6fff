"""A site with rows of every kind that an export holds, and what of it has to come back equal."""

from datetime import UTC, datetime, timedelta

from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db.models import F
from django.utils import timezone

from founders.models import Company, CompanyPastSlug, Founder, FounderPastSlug, Venture
from stories.models import (
    OldAddress,
    RelatedChoice,
    Revision,
    ScheduledUpdate,
    Series,
    SeriesPart,
    SeriesPastSlug,
    Source,
    StartHere,
    Story,
    StoryFounder,
    StoryPastSlug,
    StoryTag,
    Suggestion,
    Tag,
    TagAlias,
    Takeaway,
)
from stories.models.tag import TagPastSlug
from stories.tagging.merging import rename
from stories.writing.series import keys_of_parts, save_series
from stories_project.pictures.uploads import store_image
from stories_project.publication import current
from stories_project.publication.values import Publication
from tests.factories import (
    make_company,
    make_founder,
    make_series,
    make_story,
    make_story_in,
    make_tag,
    make_user,
    make_venture,
    picture,
    revise,
    rework,
)

SECRETS = (
    *("sender@example.org", "A secret message", "A hidden biography", "A hidden headline"),
    *("A private draft", "A working copy", "A future story", "A withdrawn story", "rejected-one"),
    *("A pending headline", "2031-01-01", "A reason of moderators", "A secret series"),
)


def fill():
    """Make rows of every kind, some of them with surprising texts."""
    editor = make_user(username="mina", email="mina@example.org", is_staff=True)
    current.save(Publication(name="The Other One", words_a_minute=180))
    image = store_image(picture((320, 200), name="i.png"), "images")
    ada = make_founder(
        name="Ada Byron",
        slug="ada",
        native_name="عدا بايرون",
        family_name="Byron",
        biography=f"She *began*: “quoted”.\n\n![A loom](/media/{image})\n\n---\n\nMore.",
        portrait=store_image(picture((400, 300)), "portraits"),
        portrait_alt="Ada: at her desk, #1",
        portrait_focus="30 70",
        birth_year=1815,
        death_year=1852,
        links="https://example.org/ada\nhttps://example.org/byron",
    )
    FounderPastSlug.objects.create(founder=ada, slug="countess")
    mill = make_company(
        "Analytical Mill", founded_year=-3, closed_year=1843, place="London: a # mill"
    )
    make_company("Nobody's", slug="nobodys", link="https://example.org/nobody")
    CompanyPastSlug.objects.create(company=mill, slug="engine-works")
    make_venture(ada, mill, from_year=1833, to_year=1843, role="Programmer: the first")
    make_venture(ada, mill)
    hidden = make_founder(
        "hidden", name="Hidden Person", headline="A hidden headline", biography="A hidden biography"
    )
    kept = make_founder(name="Kept Person")
    merged = make_founder("hidden", name="Kept Persone")
    Founder.objects.filter(pk=merged.pk).update(merged_into=kept)
    make_founder("pending", name="Pending", headline="A pending headline")
    make_founder("rejected", name="Rejected", slug="rejected-one")
    cover = store_image(picture((640, 360)), "covers")
    loom = make_story(
        title="The Loom: “a beginning”",
        slug="the-loom",
        excerpt="null",
        founders=[ada, hidden],
        tags=["Craft", "C++", "Ärzte"],
        cover=cover,
        cover_alt="A # loom: here",
        cover_focus="10 90",
        cover_credit="- somebody",
        byline="true",
        reading_minutes=11,
        told_from=-44,
        told_to=1888,
        is_lead=True,
        search_title="2025-01-01",
        takeaways="One: two\n# Three\n- Four\n12",
        sources="@book | A | book\nA page | https://example.org/?a=b&c=d | 2026-01-31",
        body=f"## A\n\nText.[@book] With [^1] and\ttab.\n\n---\n\n![A loom](/media/{image})\n\n[^1]: Note.",
        publish_at=datetime(2025, 9, 23, 8, 0, 1, 123456, tzinfo=UTC),
    )
    OldAddress.objects.create(path="/2019/05/loom", story=loom)
    revise(loom, {"slug": "the-loom-again"}, by=editor, note="A better address")
    revise(loom, {"slug": "Loom"})
    other = make_story(title="Other", slug="other", founders=[ada], pinned=[loom])
    make_story(title="豊田", slug="豊" * 150, founders=[kept], banned=[loom], pinned=[other])
    make_story(slug="loom", founders=[ada], unpublish_at=datetime(2031, 1, 1, tzinfo=UTC))
    draft = make_story_in(
        "draft", title="A private draft", slug="draft", founders=[], pinned=[other]
    )
    make_story_in("scheduled", title="A future story", slug="future")
    gone = make_story_in("withdrawn", title="A withdrawn story", slug="withdrawn")
    rework(other, {"title": "A working copy"}, by=editor)
    other.refresh_from_db()
    other.schedule(timezone.now() + timedelta(days=3), other.newest_content, by=editor)
    rework(other, {"title": "A working copy of the working copy"}, by=editor)
    StartHere.objects.choose(other, "Short, and “everything” is in it.", editor)
    StartHere.objects.choose(loom, "", editor)
    series = make_series(
        *(gone, other, draft, loom),
        title="Early: “losses”",
        slug="losses",
        introduction=f"How it *began*: #1\n\n![A loom](/media/{image})\n\n---\n\nMore.",
        by=editor,
    )
    series.slug = "Early-Losses"
    save_series(series, keys_of_parts(series))
    make_series(make_story_in("draft", slug="alone"), title="A secret series", slug="secret")
    deleted = make_story(title="Deleted", slug="deleted", founders=[kept])
    deleted.remove(by=editor)
    make_tag("Empty").record_change()
    Tag.objects.filter(name="C++").update(description="Of *C++*.")
    rename(make_tag("Craft"), {"name": "Handicraft", "slug": "handicraft"}, editor)
    for row in ({"story": loom}, {"founder": ada}):
        Suggestion.objects.create(
            kind="story" if "story" in row else "profile",
            name="Ada",
            email="sender@example.org",
            message="A secret message",
            status="accepted",
            decided_at=timezone.now() - timedelta(days=1),
            public_note="The year was wrong: 1815, not 1816.",
            **row,
        )
    Suggestion.objects.create(
        kind="story", name="x", story=loom, email="sender@example.org", message="A secret message"
    )
    days = timedelta(days=9)
    Story.objects.update(created_at=F("created_at") - days, modified_at=F("modified_at") - days)


def rows_of(model, *left_out):
    """Return all rows of a model as dictionaries of their columns, sorted."""
    names = [f.attname for f in model._meta.concrete_fields if f.attname not in left_out]
    names = [name for name in names if not name.endswith("_vector")]
    return sorted(model._base_manager.values(*names), key=repr)


def site(*, history=True):
    """Return everything of the site that an export with --all --history brings back."""
    parts = {
        model.__name__: rows_of(model, "id")
        for model in (
            *(Takeaway, Source, StoryFounder, StoryTag, RelatedChoice, TagAlias),
            *(OldAddress, StartHere, Venture),
        )
    }
    parts |= {
        model.__name__: rows_of(model, "id")
        for model in (
            *(StoryPastSlug, FounderPastSlug, TagPastSlug, CompanyPastSlug),
            *(SeriesPastSlug, SeriesPart),
        )
    }
    parts["Story"] = rows_of(Story, "live_revision_id", "working_revision_id")
    parts["Company"] = rows_of(Company)
    # How often it was saved stays on the site where it was.
    parts["Series"] = rows_of(Series, "version")
    parts["Founder"] = rows_of(Founder)
    parts["Tag"] = rows_of(Tag)
    parts["notes"] = sorted(Suggestion.objects.noted().values_list("story", "public_note"), key=str)
    parts["publication"] = current.current()
    parts["pictures"] = sorted(
        name for folder in ("covers", "images", "portraits") for name in stored(folder)
    )
    if history:
        parts["history"] = [
            (
                *(r.story_id, r.kind, r.note, r.content, r.created_at),
                *(r.author and r.author.username, r.based_on and r.based_on.content),
            )
            for r in Revision.objects.order_by("story_id", "pk")
        ]
        parts["pointers"] = [
            (s.pk, s.live_revision and s.live_revision.created_at, s.working_revision_id is None)
            for s in Story.objects.order_by("pk")
        ]
        parts["updates"] = list(
            ScheduledUpdate.objects.values_list("story", "at", "revision__created_at")
        )
    return parts


def stored(folder):
    return default_storage.listdir(folder)[1] if default_storage.exists(folder) else []


def files_in(folder):
    """Return {name: content} of all files below a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def empty(settings, tmp_path):
    """Empty the database and the storage, as on a new site."""
    call_command("flush", "--no-input", verbosity=0)
    settings.MEDIA_ROOT = tmp_path / "new media"
    current.kept.know(Publication())
