"""The public site as files: complete, right, and written again only where it has changed."""

import json
import re
from datetime import timedelta
from html import unescape
from urllib.parse import unquote, urlsplit

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from founders.models import FounderPastSlug
from stories.static_site import building, search_index
from stories.static_site.asking import FOR_A_SERVER
from stories.static_site.building import StaticSite
from stories.static_site.rewriting import Rewriter, without
from stories.writing.series import save_series
from stories_project.pictures.renditions import make_renditions
from stories_project.pictures.uploads import store_image
from tests.factories import (
    make_founder,
    make_series,
    make_story,
    make_story_in,
    picture,
    reload,
    revise,
    rework,
)

pytestmark = pytest.mark.django_db(transaction=True)
SITE = "http://127.0.0.1:8000"
LINK = re.compile(r'\s(?:href|src|action|content)="([^"]*)"')
SRCSET = re.compile(r'\ssrcset="([^"]*)"')
URL = re.compile(rf"{SITE}(/[^\s\"'<>)\]\\]*)")


@pytest.fixture
def indexed(monkeypatch):
    """Leave the index of the search out, which takes a second; return how often it was made."""
    made = []

    def update(directory, indexes, before):
        now = {folder: str(sorted(files.items())) for folder, files in indexes.items()}
        if now != before:
            made.append(directory)
        return 0, now

    monkeypatch.setattr(building, "update_indexes", update)
    return made


@pytest.fixture
def site(tmp_path, indexed):
    return StaticSite(tmp_path / "site", jobs=1, shares=False, contact="desk@example.org")


@pytest.fixture
def build(site):
    """Build the site; return the files that were written, and those that were deleted."""

    def built(site=site):
        before = files(site.directory)
        list(site.build())
        after = files(site.directory)
        return (
            {name for name, state in after.items() if state != before.get(name)},
            before.keys() - after.keys(),
        )

    return built


@pytest.fixture
def publication():
    image = store_image(picture((320, 200), name="i.png"), "images")
    cover = store_image(picture((640, 360)), "covers")
    for name in (image, cover):
        make_renditions(name)
    ada = make_founder(
        name="Ada Byron", slug="ada", biography="She *began*.", links="https://example.org/"
    )
    FounderPastSlug.objects.create(founder=ada, slug="countess")
    loom = make_story(
        title="The Loom",
        slug="the-loom",
        founders=[ada],
        cover=cover,
        cover_alt="A loom",
        body=f"## A\n\nText[^1], and [Ada](/founders/ada/).\n\n![A]"
        f"(/media/{image})\n\n[^1]: A note.",
    )
    revise(loom, {"slug": "loom"})
    series = make_series(reload(loom), title="Losses", slug="losses")
    series.slug = "early-losses"
    save_series(series, [loom.pk])
    make_story(title="豊田", slug="豊" * 150, founders=[ada], tags=["Ärzte"])
    make_story_in("draft", title="A private draft", slug="draft", founders=[ada])
    make_story_in("withdrawn", slug="withdrawn", founders=[ada])
    make_founder("hidden", name="Hidden Person", slug="hidden-person")
    return loom


def files(directory):
    """Return {name: (inode, size)}: a file that is written again has another inode."""
    return {
        str(path.relative_to(directory)): (path.stat().st_ino, path.stat().st_size)
        for path in directory.rglob("*")
        if path.is_file()
    }


def read(site, name):
    return (site.directory / name).read_text()


def links_of(site):
    """Yield (page, path that it links to or shows) for the site's own links."""
    for name in files(site.directory):
        if not name.endswith((".html", ".xml", ".json", ".md", ".txt", ".css")):
            continue
        text = read(site, name)
        values = {unescape(value) for value in LINK.findall(text)}
        values |= {part.split()[0] for value in SRCSET.findall(text) for part in value.split(", ")}
        values |= {SITE + path for path in URL.findall(unescape(unescape(text)))}
        for value in values:
            own = value.removeprefix(SITE)
            if own.startswith(("/", "?")) and not own.startswith("//"):
                yield name, own


def leads_somewhere(site, address):
    parts = urlsplit(address)
    path = unquote(parts.path).lstrip("/")
    file = site.directory / (f"{path}index.html" if path.endswith("/") or not path else path)
    is_query_of_the_browser = parts.path == "/search/" or not parts.query
    return file.is_file() and is_query_of_the_browser


class AStaticSite:
    def test_has_a_file_for_each_link_of_each_page(self, publication, site, build):
        for _ in range(25):
            make_story(founders=[publication.founders[0]])
        build()
        broken = {(n, link) for n, link in links_of(site) if not leads_somewhere(site, link)}
        assert broken == set()
        assert (site.directory / "stories/page/2/index.html").exists()
        assert (site.directory / "founders/ada/page/2/index.html").exists()
        assert (site.directory / "founders/letter/a/index.html").exists()
        for name in ("index.html", "feed.xml", "feed.json"):
            assert "The Loom" in read(site, f"series/early-losses/{name}")

    def test_shows_what_the_served_site_shows(self, publication, site, build, client):
        build()
        served = client.get("/stories/loom/").content.decode()
        main = re.compile(r'<div class="prose story__body.*?</div>', re.DOTALL)
        assert main.search(read(site, "stories/loom/index.html"))[0] == main.search(served)[0]

    def test_holds_nothing_that_readers_do_not_see(self, publication, site, build):
        build()
        text = "".join(
            (site.directory / name).read_text(errors="replace") for name in files(site.directory)
        )
        assert "A private draft" not in text
        assert "Hidden Person" not in text
        assert "csrf" not in text

    def test_has_no_form_that_needs_a_server(self, publication, site, build):
        build()
        pages = [name for name in files(site.directory) if name.endswith(".html")]
        forms = {form for name in pages for form in re.findall("<form[^>]*>", read(site, name))}
        assert forms
        assert {re.search('action="([^"]*)"', form)[1] for form in forms} == {"/search/"}
        assert not [form for form in forms if "post" in form or "data-suggestions" in form]
        assert "mailto:desk@example.org" in read(site, "suggest/index.html")
        assert 'href="/suggest/"' in read(site, "stories/loom/index.html")

    def test_has_no_inline_script(self, publication, site, build):
        build()
        for name in files(site.directory):
            if name.endswith(".html"):
                scripts = re.findall("<script([^>]*)>", read(site, name))
                assert all("src=" in s or "application/ld+json" in s for s in scripts), name

    def test_has_pictures_for_shared_links_if_asked(self, publication, tmp_path, indexed, build):
        site = StaticSite(tmp_path / "other", jobs=1, shares=True, contact="")
        build(site)
        assert list((site.directory / "stories/loom").glob("share-*.jpg"))
        assert list((site.directory / "stories/loom").glob("takeaways-*.jpg"))
        broken = {(n, link) for n, link in links_of(site) if not leads_somewhere(site, link)}
        assert broken == set()

    def test_of_an_empty_publication_is_complete(self, site, build):
        build()
        broken = {(n, link) for n, link in links_of(site) if not leads_somewhere(site, link)}
        assert broken == set()

    def test_is_the_same_with_more_processes(self, publication, site, build, tmp_path, indexed):
        build()
        other = StaticSite(tmp_path / "other", jobs=2, shares=False, contact="desk@example.org")
        build(other)
        assert files(site.directory).keys() == files(other.directory).keys()
        for name in files(site.directory):
            first, second = site.directory / name, other.directory / name
            assert first.read_bytes() == second.read_bytes(), name


class ThePageOfAFile:
    def test_is_answered_by_all_middleware_but_what_only_a_server_needs(self, settings):
        assert set(settings.MIDDLEWARE) >= FOR_A_SERVER
        needed = [
            name.rpartition(".")[2] for name in settings.MIDDLEWARE if name not in FOR_A_SERVER
        ]
        assert {"use_zone_and_language", "apply_due_updates", "lead_on"} <= set(needed)

    def test_loses_what_needs_a_server_with_the_space_before_it(self):
        page = '<p>a</p>\n  <link rel="webmention" href="/x/">\n<link rel="webmention" href="/y/">b'
        assert without(page, '<link rel="webmention"', ">") == "<p>a</p>b"

    def test_has_a_link_whose_address_ends_with_an_equals_sign(self):
        html = '<a href="/search/?q="><img srcset="/drawn/a.svg 1x" src="/drawn/b.svg"></a>'
        rewriter = Rewriter(shares=False, shared="/share.jpg")
        assert rewriter.page(html, "/") == html
        assert rewriter.assets == {"/drawn/a.svg", "/drawn/b.svg"}


class AnOldAddress:
    def test_leads_on_in_every_format(self, publication, site, build):
        build()
        assert "/stories/the-loom/ /stories/loom/ 301" in read(site, "_redirects")
        assert "/founders/countess/ /founders/ada/ 301" in read(site, "_redirects")
        assert "/series/losses/ /series/early-losses/ 301" in read(site, "_redirects")
        feeds = "/series/losses/feed/ /series/early-losses/feed.xml 301"
        assert feeds in read(site, "_redirects")
        maps = (site.server / "nginx-maps.conf").read_text()
        assert '"/stories/the-loom/" "/stories/loom/";' in maps
        objects = json.loads((site.server / "s3-redirects.json").read_text())
        new = {"Key": "stories/the-loom/index.html"}
        new |= {"WebsiteRedirectLocation": f"{SITE}/stories/loom/"}
        assert new in objects

    def test_leads_on_with_any_file_server(self, publication, site, build):
        build()
        page = read(site, "stories/the-loom/index.html")
        assert '<meta http-equiv="refresh" content="0; url=/stories/loom/">' in page

    def test_of_what_is_gone_answers_410(self, publication, site, build):
        build()
        assert "/stories/withdrawn/ /410.html 410" in read(site, "_redirects")
        assert '"/stories/withdrawn/" 1;' in (site.server / "nginx-maps.conf").read_text()
        assert "withdrawn" in read(site, "410.html")
        assert not (site.directory / "stories/withdrawn/index.html").exists()

    def test_of_a_draft_leaves_nothing_behind(self, publication, site, build):
        build()
        assert "draft" not in read(site, "_redirects")


class ASecondBuild:
    def test_writes_nothing_if_nothing_has_changed(self, publication, site, build, indexed):
        build()
        assert build() == (set(), set())
        assert site.report.rendered == 0
        assert len(indexed) == 1

    def test_writes_only_the_pages_that_show_an_edit(self, publication, site, build):
        other = make_founder(name="Other", slug="other")
        for number in range(3):
            make_story(slug=f"other-{number}", founders=[other], tags=["Else"])
        build()
        revise(publication, {"body": "## A\n\nAnother text."})
        written, deleted = build()
        assert "stories/loom/index.html" in written
        assert not [name for name in written if "other" in name or "page" in name]
        assert "founders/index.html" not in written
        assert not [name for name in deleted if name.endswith(".html")]

    def test_writes_no_page_for_a_private_edit(self, publication, site, build):
        build()
        rework(publication, {"title": "In work"})
        assert build() == (set(), set())

    def test_deletes_what_went(self, publication, site, build):
        build()
        publication.withdraw()
        written, deleted = build()
        assert {"stories/loom/index.html", "stories/loom.md"} <= deleted
        assert any(name.startswith("media/renditions/covers/") for name in deleted)
        assert "stories/index.html" in written
        broken = {(n, link) for n, link in links_of(site) if not leads_somewhere(site, link)}
        assert broken == set()

    def test_knows_a_story_that_was_published_by_itself(self, publication, site, build):
        future = make_story_in("scheduled", slug="future", founders=publication.founders)
        build()
        assert not (site.directory / "stories/future/index.html").exists()
        with time_machine.travel(future.publish_at + timedelta(minutes=1), tick=False):
            written, _ = build()
        assert {"stories/future/index.html", "index.html", "founders/ada/index.html"} <= written

    def test_goes_on_in_another_process(self, publication, site, build, tmp_path, indexed):
        build()
        revise(publication, {"title": "Another title"})
        later = StaticSite(site.directory, jobs=1, shares=False, contact="desk@example.org")
        written, _ = build(later)
        assert "stories/loom/index.html" in written
        assert build(later) == (set(), set())

    def test_after_a_long_time_looks_at_every_page(self, publication, site, build):
        build()
        with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
            later = StaticSite(site.directory, jobs=1, shares=False, contact="desk@example.org")
            written, _ = build(later)
        assert later.report.rendered > 20
        assert not [name for name in written if name.endswith("loom/index.html")]

    def test_goes_on_after_an_interrupted_one(self, publication, site, build):
        build()
        revise(publication, {"title": "Another title"})
        steps = site.build()
        next(steps)
        steps.close()
        later = StaticSite(site.directory, jobs=1, shares=False, contact="desk@example.org")
        build(later)
        assert "Another title" in read(site, "stories/loom/index.html")
        assert "Another title" in read(site, "stories/index.html")

    def test_is_called_for_by_a_change_and_by_the_schedule(self, publication, site, build):
        future = make_story_in("scheduled", slug="future", founders=publication.founders)
        build()
        assert not site.is_outdated()
        with time_machine.travel(future.publish_at + timedelta(minutes=1), tick=False):
            assert site.is_outdated()
        revise(publication, {"title": "Another title"})
        assert site.is_outdated()
        written, _ = build()
        assert "stories/loom/index.html" in written


class TheSearchOfAStaticSite:
    def test_has_an_index_beside_the_pages(self, publication, tmp_path):
        call_command("build_static", tmp_path / "site", "--share-pictures", "no")
        folder = tmp_path / "site" / search_index.FOLDER
        entry = json.loads((folder / "pagefind-entry.json").read_text())
        assert entry["languages"]["en"]["page_count"] == 2
        assert (folder / "pagefind.js").exists()
        assert not list(folder.glob("*ui*"))

    def test_writes_only_what_is_other_in_the_index(self, publication, tmp_path):
        call_command("build_static", tmp_path / "site", "--share-pictures", "no")
        before = files(tmp_path / "site" / "pagefind" / "fragment")
        revise(publication, {"title": "Another title", "body": "## A\n\nOther words."})
        call_command("build_static", tmp_path / "site", "--share-pictures", "no")
        after = files(tmp_path / "site" / "pagefind" / "fragment")
        assert len(before.items() & after.items()) == 1

    def test_of_a_large_site_has_several_indexes_and_makes_only_what_changed(
        self, publication, tmp_path, monkeypatch
    ):
        site = tmp_path / "site"
        monkeypatch.setattr(search_index, "STORIES_AN_INDEX", 1)
        # One story in each index.
        monkeypatch.setattr(search_index, "crc32", lambda file: b"loom" in file)
        call_command("build_static", site, "--share-pictures", "no")
        other, loom = (files(site / name) for name in ("pagefind", "pagefind-2"))
        searched = re.search(r'data-indexes="([^"]*)"', (site / "search/index.html").read_text())
        assert sorted(searched[1].split()) == ["pagefind", "pagefind-2"]
        revise(publication, {"title": "Another title", "body": "## A\n\nOther words."})
        call_command("build_static", site, "--share-pictures", "no")
        assert files(site / "pagefind") == other
        assert files(site / "pagefind-2") != loom
        monkeypatch.undo()
        call_command("build_static", site, "--share-pictures", "no")
        assert not (site / "pagefind-2").exists()
        assert len(files(site / "pagefind" / "fragment")) == 2

    def test_is_empty_in_a_site_without_stories(self, tmp_path):
        call_command("build_static", tmp_path / "site", "--share-pictures", "no")
        assert 'data-indexes=""' in (tmp_path / "site/search/index.html").read_text()
