"""The demo: stories to read, and synthetic stories to measure speed with."""

import re

import pytest
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from founders.models import Company, Founder
from stories.demo import showcase
from stories.models import Revision, Series, StartHere, Story, StoryTag, Suggestion, Tag
from stories.writing.series import keys_of_parts, save_series
from stories_project.library.models import PictureUse, StoredPicture
from stories_project.pictures.drawings import as_svg
from stories_project.pictures.uploads import stored_in
from stories_project.text import markdown
from tests.factories import make_founder, make_story, make_user, reload

pytestmark = pytest.mark.django_db
LONG = (
    "behind-his-back-bertha-benz-and-the-road-to-pforzheim",
    "five-thousand-trials-josiah-wedgwood",
    "the-widows-shares-marguerite-boucicaut",
)


@pytest.fixture(scope="class")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demo, loaded once for the class, in a transaction that is rolled back."""
    site = override_settings(
        MEDIA_ROOT=tmp_path_factory.mktemp("media"),
        DEMO_PASSWORD="open-sesame",
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    )
    with django_db_blocker.unblock(), transaction.atomic(), site:
        call_command("demo", with_demo=True, verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.mark.usefixtures("loaded")
class TheDemo:
    def test_has_founders_and_stories_in_every_state(self):
        assert Founder.objects.approved().count() >= 12
        assert Founder.objects.waiting().count() == 1
        assert Story.objects.count() >= 30
        assert Story.objects.published().count() >= 26
        assert Story.objects.scheduled().count() >= 2
        assert Story.objects.drafts().count() == 1

    def test_has_sources_and_takeaways_for_all_stories(self):
        assert not Story.objects.filter(sources=None).exists()
        assert not Story.objects.filter(takeaways=None).exists()

    @pytest.mark.parametrize("slug", LONG)
    def test_has_long_stories_with_all_that_a_story_can_have(self, slug):
        story = Story.objects.published().get(slug=slug)
        facts = markdown.facts_of(story.body)
        cited = set(facts.citations)
        assert story.word_count >= 3000
        assert cited == {source.key for source in story.sources.all()}
        assert len(cited) >= 5
        assert story.body.count("\n> ") >= 2
        assert len(set(re.findall(r"^\[\^\d\]:", story.body, re.MULTILINE))) >= 3
        assert story.body_html.count("<table ") == 1
        assert story.body_html.count('<figure class="wide">') == 1
        assert story.body_html.count("<figure>") == 1
        assert story.body_html.count('class="act"') >= 6
        assert all(len(alt) > 60 for _, alt in facts.images)
        assert "drawn:" not in story.body

    def test_has_texts_as_a_form_stores_them(self):
        texts = [*Story.objects.values_list("body", flat=True)]
        texts += Founder.objects.values_list("biography", flat=True)
        assert [text for text in texts if text != text.strip()] == []

    def test_has_one_story_whose_minutes_an_editor_has_set(self):
        by_hand = Story.objects.published().exclude(reading_minutes=None)
        assert [story.minutes for story in by_hand] == [18]

    def test_has_one_correction_with_its_date(self, client):
        page = client.get(f"/stories/{LONG[0]}/").text
        assert f"{timezone.localdate():%Y-%m-%d}" in page.partition('"corrections__list"')[2]
        assert "An earlier version said" in page
        assert "An earlier version said" in client.get("/corrections/").text

    def test_has_a_cover_of_its_own_for_every_story(self):
        stories = Story.objects.prefetch_related("story_founders")
        drawn = [story for story in stories if not story.cover]
        assert len({as_svg(story.cover_picture) for story in drawn}) == len(drawn)
        stored = {story.cover.name for story in stories if story.cover}
        assert len(stored) == len(stories) - len(drawn)
        assert len(stored) >= 6

    def test_describes_and_credits_its_pictures(self):
        for story in Story.objects.exclude(cover=""):
            assert len(story.cover_alt) > 40
            assert story.cover_credit == "Drawing: How They Began"
        pictures = StoredPicture.objects.all()
        assert pictures.count() > 20
        assert not pictures.without_alt().exists()
        assert not pictures.without_rights().exists()
        assert not pictures.unused().exists()

    def test_has_a_drawn_portrait_of_every_founder_it_shows(self):
        for founder in Founder.objects.approved():
            assert founder.portrait_credit == "Drawing: How They Began"
            assert founder.portrait_alt == f"Drawn profile of {founder.name}, turned to the left"

    def test_recommends_stories_to_newcomers(self, client):
        chosen = [choice.story for choice in StartHere.objects.in_order()]
        assert len(chosen) == 3
        page = client.get("/").text
        assert all(page.count(f'href="{story.get_absolute_url()}"') == 1 for story in chosen)

    def test_has_companies_that_founders_share(self, client):
        page = client.get("/companies/benz-and-cie/").text
        assert "/founders/carl-benz/" in page
        assert "/founders/bertha-benz/" in page
        assert "/companies/au-bon-marche/" in client.get("/founders/aristide-boucicaut/").text

    def test_has_a_series_across_founders(self, client):
        series = Series.objects.get()
        assert series.parts.count() == 5
        founders = {founder for part in series.parts.all() for founder in part.story.founders}
        assert len(founders) >= 5
        page = client.get(series.get_absolute_url()).text
        assert page.count('class="series__part"') == 5

    def test_has_one_lead_story(self):
        assert Story.objects.published().filter(is_lead=True).count() == 1

    def test_has_four_related_stories_for_every_story(self, client):
        for story in Story.objects.published():
            page = client.get(story.get_absolute_url()).text
            assert page.count('class="card__reason"') == 4
            assert "Among the newest" not in page

    def test_creates_four_accounts_that_can_sign_in(self, client):
        for name in ("writer", "editor", "moderator", "admin"):
            assert client.login(username=name, password="open-sesame")
            assert client.get("/admin/").status_code == 200

    def test_adds_nothing_the_second_time_and_keeps_what_was_edited(self):
        story = Story.objects.published().first()
        Story.objects.filter(pk=story.pk).update(title="Edited")
        before = Story.objects.count()
        call_command("demo", with_demo=True, verbosity=0)
        assert Story.objects.count() == before
        assert Story.objects.get(pk=story.pk).title == "Edited"

    def test_has_files_that_are_all_used(self):
        slugs = set(Story.objects.values_list("slug", flat=True))
        assert {path.stem for path in showcase.story_files()} == slugs


class ASyntheticSite:
    @pytest.fixture(autouse=True)
    def _small(self, monkeypatch):
        monkeypatch.setattr("stories.demo.bulk.CHUNK", 50)
        monkeypatch.setattr(showcase, "story_files", list)
        monkeypatch.setattr(showcase, "founder_files", list)

    def test_has_as_many_stories_as_asked_for(self, client):
        call_command("demo", with_demo=True, stories=120, verbosity=0)
        assert Story.objects.count() == 120
        story = Story.objects.published().newest_first().first()
        assert client.get(story.get_absolute_url()).status_code == 200

    def test_continues_where_it_was_stopped(self):
        call_command("demo", with_demo=True, stories=60, verbosity=0)
        call_command("demo", with_demo=True, stories=120, verbosity=0)
        assert Story.objects.count() == 120

    def test_has_tags_of_very_different_popularity(self):
        call_command("demo", with_demo=True, stories=200, verbosity=0)
        counts = sorted(Tag.objects.with_counts().values_list("story_count", flat=True))
        assert counts[-1] > 10 * counts[len(counts) // 2]

    def test_copies_the_times_of_its_stories_into_every_row(self):
        call_command("demo", with_demo=True, stories=100, verbosity=0)
        public = set(Story.objects.published().values_list("pk", flat=True))
        rows = set(StoryTag.objects.published().values_list("content_object", flat=True))
        assert rows == public

    def test_of_a_negative_size_is_refused(self):
        with pytest.raises(SystemExit):
            call_command("demo", with_demo=True, stories=-1, verbosity=0)


class AnAccount:
    @pytest.fixture(autouse=True)
    def _no_stories(self, monkeypatch):
        monkeypatch.setattr(showcase, "story_files", list)

    def test_keeps_its_password_and_is_not_revived(self, settings, capsys):
        settings.DEMO_PASSWORD = "first"
        call_command("demo", with_demo=True, verbosity=0)
        User.objects.get(username="admin").delete()
        User.objects.filter(username="writer").update(is_active=False)
        settings.DEMO_PASSWORD = "second"
        call_command("demo", with_demo=True, verbosity=0)
        assert "This site has accounts already" in capsys.readouterr().out
        assert User.objects.get(username="editor").check_password("first")
        assert not User.objects.get(username="writer").is_active
        assert not User.objects.filter(username="admin").exists()

    def test_is_not_added_to_a_site_that_has_another(self):
        make_user("Editor", username="ada")
        call_command("demo", with_demo=True, verbosity=0)
        assert User.objects.get().username == "ada"

    @pytest.mark.parametrize(
        ("site_url", "options", "refusal"),
        [
            ("http://127.0.0.1:8000", [], "Add --with-demo"),
            ("https://example.org", ["--with-demo"], "SITE_URL names example.org"),
            ("http://127.0.0.1.example.org", ["--with-demo"], "names 127.0.0.1.example.org"),
        ],
    )
    def test_is_never_added_where_strangers_come(self, settings, site_url, options, refusal):
        settings.DEBUG, settings.SITE_URL = False, site_url
        with pytest.raises(CommandError, match=refusal):
            call_command("demo", *options)
        assert not User.objects.exists()

    def test_is_added_to_a_production_server_on_this_machine(self, settings):
        settings.DEBUG, settings.SITE_URL = False, "http://127.0.0.1:8000"
        call_command("demo", "--with-demo", verbosity=0)
        assert User.objects.count() == 4


class ADemoThatIsRemoved:
    @pytest.fixture
    def site(self, settings):
        """A site with the demo, and with what somebody has made on it."""
        settings.DEMO_PASSWORD = "open-sesame"
        call_command("demo", with_demo=True, stories=30, verbosity=0)
        make_administrator()
        return make_story(title="Our own", founders=[make_founder(name="Ours")], tags=["Ours"])

    def test_makes_the_renditions_of_a_picture_when_somebody_looks_at_it(self, site, client):
        cover = Story.objects.published().exclude(cover="").first().cover_picture
        assert not default_storage.exists(cover.src.removeprefix("/media/"))
        assert client.get(cover.src).getvalue().startswith(b"\xff\xd8")

    def test_leaves_nothing_of_it_and_everything_else(self, site, client):
        call_command("demo", remove=True)
        assert list(Story.objects.all()) == [site]
        assert not Series.objects.exists()
        assert not Company.objects.exists()
        assert [founder.name for founder in Founder.objects.all()] == ["Ours"]
        assert [tag.name for tag in Tag.objects.all()] == ["Ours"]
        assert [user.username for user in User.objects.all()] == ["boss"]
        assert set(Revision.objects.values_list("story", flat=True)) == {site.pk}
        assert not StoredPicture.objects.exists()
        assert not PictureUse.objects.exists()
        assert not Suggestion.objects.exists()
        assert [stored_in(folder) for folder in ("covers", "images", "portraits")] == [[], [], []]
        assert client.get("/stories/the-loom-that-knew-when-to-stop/").status_code == 404
        assert client.get("/").status_code == 200

    def test_leaves_what_somebody_works_with(self, site, capsys):
        loom = Story.objects.get(slug="the-loom-that-knew-when-to-stop")
        editor = User.objects.get(username="editor")
        series = Series.objects.get()
        save_series(series, [site.pk, *keys_of_parts(series)], editor)
        loom.publish(loom.content.with_values({"title": "Our loom"}), by=editor)
        call_command("demo", remove=True)
        told = capsys.readouterr().out
        assert "Our loom" in told
        assert reload(loom).is_published
        assert {founder.name for founder in Founder.objects.all()} == {"Ours", "Sakichi Toyoda"}
        assert not reload(editor).is_active
        assert "editor" in told
        assert [part.story for part in series.parts.all()] == [site]

    def test_is_refused_while_its_administrator_is_the_only_one(self, settings):
        settings.DEMO_PASSWORD = "open-sesame"
        call_command("demo", with_demo=True, verbosity=0)
        with pytest.raises(CommandError, match=r"manage\.py setup"):
            call_command("demo", remove=True)
        assert Story.objects.exists()

    def test_can_be_added_again(self, site):
        call_command("demo", remove=True)
        call_command("demo", with_demo=True, verbosity=0)
        assert Story.objects.published().count() >= 26
        assert User.objects.filter(email="admin@example.org").count() == 0


def make_administrator():
    User.objects.create_superuser("boss", "boss@example.com", "secret")
