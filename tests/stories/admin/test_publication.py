"""Administrators edit the publication at the desk; readers see it at once, on every page."""

import json
import threading
from datetime import UTC, datetime
from html import unescape

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, transaction
from django.utils import timezone

from stories_project.audit.models import AuditEntry
from stories_project.page_cache.surrogate_keys import collecting
from stories_project.publication import current as now
from stories_project.publication.current import current, kept, save, trying
from stories_project.publication.models import PublicationRevision
from stories_project.publication.values import Publication
from tests.factories import make_story, make_user, picture

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/stories/story/publication/"
PICTURES = ("logo", "icon", "share_picture")


@pytest.fixture(autouse=True)
def _told_at_once(monkeypatch):
    """The transaction of a test never commits, so this process is told before."""
    monkeypatch.setattr(transaction, "on_commit", lambda tell: tell())


@pytest.fixture
def administrator(client):
    client.force_login(make_user(is_staff=True, is_superuser=True))
    return client


def posted(based_on=0, **changes):
    values = Publication(time_zone="UTC", **changes).as_values()
    return {**values, "based_on": based_on}


def errors(page):
    return unescape(page.text).partition('<fieldset class="module aligned">')[2]


class ThePublication:
    def test_is_on_every_page_as_soon_as_it_is_saved(self, administrator, client):
        make_story(slug="loom", body="word " * 1000)
        sent = posted(
            name="Les Débuts",
            promise="How it all began",
            language="de",
            words_a_minute=100,
            accent="#0b5d3b",
            inks="#112233 #445566",
            about_title="Who we are",
            about="A **bold** text.",
            footer_links="Our imprint https://example.org/imprint",
            social="https://mastodon.example/@debuts",
        )
        answer = administrator.post(ADDRESS, sent)
        assert (answer.status_code, answer["Location"]) == (302, ADDRESS)
        home = client.get("/").text
        assert "<title>Les Débuts · How it all began</title>" in home
        assert '<html lang="de">' in home
        assert '<a href="https://example.org/imprint">Our imprint</a>' in home
        assert '<a href="https://mastodon.example/@debuts" rel="me">mastodon.example</a>' in home
        assert 'href="/colours-0b5d3b-f0a284.css"' in home
        assert "/drawn/cover-112233-445566-" in home
        css = client.get("/colours-0b5d3b-f0a284.css")
        assert css["Content-Type"].startswith("text/css")
        assert "light-dark(#0b5d3b, #f0a284)" in css.text
        about = client.get("/about/").text
        assert "Who we are" in about
        assert "<strong>bold</strong>" in about
        story = client.get("/stories/loom/").text
        assert '"timeRequired": "PT10M"' in story
        assert '"inLanguage": "de"' in story
        feed = json.loads(client.get("/feed.json").text)
        assert (feed["title"], feed["description"]) == ("Les Débuts", "How it all began")
        assert feed["language"] == "de"

    def test_has_pictures(self, administrator, client):
        uploads = {f"{name}-upload": picture() for name in PICTURES}
        assert administrator.post(ADDRESS, posted(name="Pictured") | uploads).status_code == 302
        home = client.get("/").text
        stored = current()
        assert 'alt="Pictured"' in home
        assert f"/media/renditions/{stored.logo.removesuffix('.webp')}" in home
        assert '<link rel="icon" href="/media/renditions/publication/' in home
        assert client.get("/favicon.ico")["Location"].startswith("/media/renditions/publication/")
        path = home.partition('property="og:image" content="http://127.0.0.1:8000')[2]
        assert client.get(path.partition('"')[0]).status_code == 200
        page = administrator.get(ADDRESS).text
        assert page.count('class="stored-image__picture"') == 3

    def test_decides_where_a_day_begins(self, administrator, client):
        midnight = datetime(2026, 3, 1, 2, tzinfo=UTC)
        make_story(slug="loom", publish_at=midnight)
        assert 'datetime="2026-03-01' in client.get("/stories/loom/").text
        administrator.post(ADDRESS, posted() | {"time_zone": "America/New_York"})
        assert "February 28, 2026" in client.get("/stories/loom/").text
        with now.in_its_zone():
            assert timezone.localtime(midnight).day == 28

    def test_from_right_to_left_turns_the_pages(self, administrator, client):
        administrator.post(ADDRESS, posted(language="ar"))
        assert '<html lang="ar" dir="rtl">' in client.get("/").text
        assert client.get("/").status_code == 200

    def test_keeps_what_was_typed_and_says_what_is_wrong(self, administrator):
        wrong = {
            "accent": ("#ffcc00", "hard to read on the light page"),
            "dark_accent": ("#331100", "hard to read on the dark page"),
            "inks": ("#f3e9d7 #ffdd00", "hard to see on paper"),
            "footer_links": ("https://example.org/", "needs a label"),
            "social": ("javascript:alert(1)", "is not an address"),
            "words_a_minute": (0, "greater than or equal to 50"),
            "name": ("", "This field is required"),
            "language": ("xx", "Select a valid choice"),
            "time_zone": ("Moon/Base", "Select a valid choice"),
        }
        page = administrator.post(ADDRESS, posted() | {k: v for k, (v, _) in wrong.items()})
        for name, (value, sentence) in wrong.items():
            assert sentence in errors(page), name
            if name not in ("language", "time_zone", "name"):
                assert str(value) in errors(page)
        assert not PublicationRevision.objects.exists()

    @pytest.mark.parametrize(
        "inks",
        ["red blue", "#112233", "#112233 #445566 #778899", "\n".join(["#112233 #445566"] * 25)],
    )
    def test_needs_two_inks_in_each_line(self, administrator, inks):
        administrator.post(ADDRESS, posted(inks=inks))
        assert not PublicationRevision.objects.exists()

    @pytest.mark.parametrize(
        "link", ["Evil javascript:alert(1)", "Evil //evil.example", "Evil data:text/html,x"]
    )
    def test_links_nowhere_dangerous(self, administrator, link):
        administrator.post(ADDRESS, posted(footer_links=link))
        assert not PublicationRevision.objects.exists()

    def test_asks_before_it_replaces_what_a_colleague_has_saved(self, administrator):
        administrator.post(ADDRESS, posted(name="Theirs"))
        page = administrator.post(ADDRESS, posted(name="Mine"))
        assert "Somebody else has saved" in page.text
        assert 'value="Mine"' in page.text
        assert current().name == "Theirs"
        newest = PublicationRevision.objects.latest("pk").pk
        assert f'name="based_on" value="{newest}"' in page.text
        administrator.post(ADDRESS, posted(name="Mine", based_on=newest))
        assert current().name == "Mine"

    def test_is_in_the_audit_log(self, administrator):
        administrator.post(ADDRESS, posted(name="Other"))
        entry = AuditEntry.objects.latest("pk")
        assert entry.what == "changed the publication"
        assert (entry.before["name"], entry.after["name"]) == ("How They Began", "Other")
        assert "about" not in entry.after


class AnEarlierRevision:
    def test_can_be_used_again(self, administrator):
        administrator.post(ADDRESS, posted(name="First"))
        first = PublicationRevision.objects.get()
        administrator.post(ADDRESS, posted(name="Second", based_on=first.pk))
        page = unescape(administrator.get(f"{ADDRESS}history/").text)
        assert "<del>First</del> <ins>Second</ins>" in page
        administrator.post(f"{ADDRESS}history/{first.pk}/use/")
        assert current().name == "First"
        assert PublicationRevision.objects.count() == 3

    def test_is_never_edited(self):
        save(Publication(name="First"))
        row = PublicationRevision.objects.get()
        with pytest.raises(TypeError):
            row.save()

    def test_of_a_newer_release_is_read_all_the_same(self):
        PublicationRevision.objects.create(values={"name": "New", "hologram": True})
        kept.forget()
        assert current() == Publication(name="New")


class ThePreview:
    @pytest.mark.parametrize("page", ["home", "story", "about"])
    def test_shows_a_page_and_changes_nothing(self, administrator, client, page):
        make_story(title="The Loom")
        sent = posted(name="Tried out", accent="#0b5d3b") | {"page": page}
        answer = administrator.post(f"{ADDRESS}preview/", sent)
        assert "Tried out" in answer.text
        assert "Nothing is saved" in answer.text
        assert "/colours-0b5d3b-" in answer.text
        assert "no-store" in answer["Cache-Control"]
        assert "Tried out" not in client.get("/").text
        assert not PublicationRevision.objects.exists()

    def test_says_what_is_wrong(self, administrator):
        answer = administrator.post(f"{ADDRESS}preview/", posted(accent="#ffff00"))
        assert "hard to read" in answer.text

    def test_of_another_page_does_not_exist(self, administrator):
        sent = posted() | {"page": "admin:index"}
        assert administrator.post(f"{ADDRESS}preview/", sent).status_code == 404

    def test_is_seen_by_nobody_else(self):
        seen = []

        def look():
            seen.append(current().name)

        with trying(Publication(name="Tried out")):
            thread = threading.Thread(target=look)
            thread.start()
            thread.join()
            assert current().name == "Tried out"
        assert seen == ["How They Began"]


class WhatAProcessKnows:
    def test_is_right_again_after_another_one_has_saved(self, monkeypatch):
        kept.forget()
        assert current().name == "How They Began"
        PublicationRevision.objects.create(values={"name": "From elsewhere"})
        monkeypatch.setattr(now, "monotonic", lambda: 1e12)
        assert current().name == "From elsewhere"

    def test_outlasts_the_database(self, monkeypatch):
        save(Publication(name="Kept"))
        assert current().name == "Kept"
        kept.forget()
        monkeypatch.setattr(PublicationRevision, "objects", _Away())
        assert current().name == "Kept"

    def test_is_asked_for_once_while_the_database_is_away_and_no_page_is_kept(self, monkeypatch):
        kept._publication = None
        kept.forget()
        away = _Away()
        monkeypatch.setattr(PublicationRevision, "objects", away)
        for _ in range(3):
            with collecting() as page:
                assert current() == Publication()
            assert page.ends_at <= timezone.now()
        assert away.asked == 1

    def test_is_not_what_was_read_before_a_change(self, monkeypatch):
        """A thread reads; before it is done, a change is saved: what it has read is not kept."""
        kept.forget()
        read = kept._read

        def slowly():
            found = read()
            save(Publication(name="Newer"))
            monkeypatch.setattr(kept, "_read", read)
            return found

        monkeypatch.setattr(kept, "_read", slowly)
        current()
        assert current().name == "Newer"


class _Away:
    asked = 0

    def order_by(self, *_):
        self.asked += 1
        raise OperationalError("away")


class TheSetup:
    def test_names_the_publication(self, capsys):
        call_command("setup", email="ada@example.org", name="Les Débuts")
        assert "called Les Débuts now" in capsys.readouterr().out
        assert current().name == "Les Débuts"

    def test_refuses_a_long_name(self):
        with pytest.raises(CommandError, match="more than 60 characters"):
            call_command("setup", email="ada@example.org", name="x" * 61)
        assert not PublicationRevision.objects.exists()

    def test_leaves_a_name_that_is_not_given(self):
        call_command("setup", email="ada@example.org")
        assert not PublicationRevision.objects.exists()
