"""The desk answers in the language of its user's browser; readers see that of the publication."""

import gettext
import re
from datetime import timedelta
from html import unescape

import pytest
from django.conf import settings
from django.utils import timezone

from stories.models import ReviewLink, ScheduledUpdate, Suggestion, TagChange
from stories.moderating.founder_merges import merge_founders
from stories.planning import scheduling
from stories.tagging import merging
from stories_project.audit.models import AuditEntry
from stories_project.publication.current import save
from stories_project.publication.values import Publication
from tests.factories import (
    make_founder,
    make_story,
    make_story_in,
    make_tag,
    make_user,
    picture,
    rework,
)

pytestmark = pytest.mark.django_db
GERMAN = {"HTTP_ACCEPT_LANGUAGE": "de-AT,de;q=0.9,en;q=0.5"}
DESK = "/admin/stories/story/"
# What stands between the parts of a sentence that are the same on every page.
BETWEEN = re.compile(r"%\(\w+\)s|<[^>]+>")
# Stands in a reason that moderators give often, which is stored.
STORED = {"Send it again"}
CATALOGUE = gettext.translation("django", settings.LOCALE_PATHS[0], ["de"])._catalog


def english_parts():
    """Return the parts of the translated sentences that have three words or more."""
    known = (key[0] if isinstance(key, tuple) else key for key in CATALOGUE if key)
    texts = (text.rpartition("\x04")[2] for text in known)
    parts = (part.strip(" ,.:") for text in texts for part in BETWEEN.split(text))
    return {part for part in parts if len(part.split()) > 2}


def shown(page):
    """Return what a page says, in texts and in attributes."""
    return " ".join(unescape(page.text).split())


def untranslated(page):
    """Return the English sentences on a page of which the catalogue has a German one."""
    said = shown(page)
    return {part for part in english_parts() if re.search(rf"\b{re.escape(part)}\b", said)}


@pytest.fixture
def administrator(client):
    client.user = make_user(is_staff=True, is_superuser=True, email="ada@example.org")
    client.force_login(client.user)
    return client


@pytest.fixture
def newsroom(administrator):
    """A desk on which everything has happened, with the addresses of its pages."""
    user, now = administrator.user, timezone.now()
    story = make_story(tags=["Looms", "Steam"])
    rework(story, {"title": "Another title", "body": "Another text."}, by=user, note="Why")
    draft = make_story_in("draft", excerpt="", body="# One\n\n#### Two\n\n![](/nowhere.webp)")
    make_story_in("scheduled")
    make_story_in("draft").remove(user)
    waiting = make_story()
    at = now + timedelta(days=1)
    waiting.schedule(at, waiting.content, by=user)
    failed = make_story()
    failed.schedule(at, failed.content, by=user)
    ScheduledUpdate.objects.filter(story=failed).update(failed_at=now, failure="Oh.")
    link = ReviewLink(story=draft, reader="Ann", created_by=user)
    link.open_until(now + timedelta(days=7))
    ReviewLink.objects.create(story=draft, reader="Bob", created_by=user, expires_at=now)
    founder, namesake = make_founder(name="Ada Byron"), make_founder("pending", name="Byron Ada")
    merge_founders(make_founder(name="Eve"), make_founder(name="Eva"), user)
    Suggestion.objects.create(kind="profile", name="Ada", founder=founder, author=user)
    about_story = Suggestion.objects.create(kind="story", name="Loom", story=story, message="No.")
    make_tag("Loom")
    merging.merge([make_tag("Engine")], make_tag("Steam"), user)
    save(Publication(name="The Looms"), user)
    tags = f"tag={make_tag('Looms').pk}&tag={make_tag('Loom').pk}"
    pair = f"founder={founder.pk}&founder={namesake.pk}"
    suggestions, founders = "/admin/stories/suggestion/", "/admin/founders/founder/"
    [entry] = AuditEntry.objects.filter(what="deleted")
    return [
        "/admin/",
        DESK,
        *(f"{DESK}{page}/" for page in ("add", "deleted", "system", "review-links")),
        *(f"{DESK}{page}/" for page in ("publication", "publication/history", "calendar")),
        f"{DESK}calendar/?show=week",
        *(f"{DESK}{row.pk}/change/" for row in (story, draft, waiting, failed)),
        *(f"{DESK}{row.pk}/history/" for row in (story, draft, waiting)),
        f"{DESK}{story.pk}/compare/",
        f"{DESK}{draft.pk}/review-links/",
        f"{DESK}{draft.pk}/delete/",
        f"{suggestions}queue/",
        suggestions,
        f"{suggestions}{about_story.pk}/change/?queue",
        founders,
        f"{founders}{namesake.pk}/change/?queue",
        *(f"{founders}{page}/" for page in ("duplicates", "merges")),
        f"{founders}merge/?{pair}",
        "/admin/founders/cannedreason/add/",
        "/admin/stories/tag/",
        *(f"/admin/stories/tag/{page}/" for page in ("add", "near-duplicates", "changes")),
        f"/admin/stories/tag/merge/?{tags}",
        "/admin/audit/auditentry/",
        f"/admin/audit/auditentry/{entry.pk}/change/",
    ]


class TheDesk:
    def test_is_german_for_a_german_browser(self, administrator, newsroom):
        for address in newsroom:
            page = administrator.get(address, **GERMAN)
            assert page.status_code == 200, address
            assert '<html lang="de"' in page.text, address
            assert not untranslated(page) - STORED, address

    def test_is_english_without_a_preference(self, administrator, newsroom):
        for address in ("/admin/", f"{DESK}add/", f"{DESK}calendar/"):
            page = administrator.get(address)
            assert '<html lang="en"' in page.text
            assert untranslated(page), address
        assert "Stories per week" in administrator.get("/admin/").text
        assert "Geschichten pro Woche" in administrator.get("/admin/", **GERMAN).text

    def test_refuses_in_german(self, administrator):
        draft = make_story_in("draft", excerpt="")
        sent = {"_publish": "", "title": "", "body": "# One\n\n#### Two"}
        page = administrator.post(f"{DESK}{draft.pk}/change/", sent, **GERMAN)
        assert "Dieses Feld ist zwingend erforderlich." in shown(page)
        assert not untranslated(page)
        sent = {"name": "", "language": "de", "accent": "#ffffff", "social": "example.org"}
        page = administrator.post(f"{DESK}publication/", sent, **GERMAN)
        assert "Text in #ffffff ist auf der hellen Seite schwer zu lesen" in shown(page)
        assert "„example.org“ ist keine Adresse" in shown(page)
        sent = {"withdraw_at": "2020-01-01T00:00"}
        page = administrator.post(
            f"{DESK}{make_story().pk}/withdraw-at/", sent, follow=True, **GERMAN
        )
        assert "Wählen Sie einen Zeitpunkt in der Zukunft" in shown(page)

    def test_checks_a_story_in_german_and_shows_it_as_readers_see_it(self, administrator):
        sent = {"title": "Loom", "body": "#### Two\n\n![](/nowhere.webp)", "cover": ""}
        beside = administrator.post(f"{DESK}beside/", sent, **GERMAN).json()
        assert "Freigegebenes Gründerprofil" in beside["checklist"]
        assert "Die Überschrift „Two“ überspringt eine Ebene" in beside["checklist"]
        assert "Nichts ist geplant." in beside["plan"]
        assert '<html lang="en"' in beside["page"]

    def test_says_in_german_why_a_picture_is_refused(self, administrator):
        sent = {"image": picture(name="broken.png")}
        sent["image"].file.truncate(20)
        answer = administrator.post("/markdownx/upload/", sent, **GERMAN).json()
        assert answer["error"].startswith("Diese Datei ist kein Bild")

    def test_gives_its_scripts_german_sentences(self, administrator):
        script = administrator.get("/admin/jsi18n/", **GERMAN).text
        assert "Der Server antwortet nicht. Ihr Text bleibt" in script
        assert "Not saved yet" not in administrator.get("/admin/jsi18n/").text


class WhatIsStored:
    """Others read it in other languages, so it stays English."""

    def test_in_the_audit_log(self, administrator):
        kept, other = make_tag("Loom"), make_tag("Looms")
        merging.merge([other], kept, administrator.user)
        [change] = TagChange.objects.all()
        administrator.post(f"/admin/stories/tag/changes/{change.pk}/undo/", **GERMAN)
        [entry] = AuditEntry.objects.filter(what="undid a change of")
        assert entry.reason == "“Looms” merged into “Loom”"

    def test_of_an_update_that_failed(self, administrator):
        story = make_story()
        now = timezone.now()
        rework(story, {"takeaways": ""})
        story.schedule(now + timedelta(days=1), story.working_revision.content)
        ScheduledUpdate.objects.update(at=now)
        scheduling.watch.forget()
        administrator.get("/admin/", **GERMAN)
        [failed] = ScheduledUpdate.objects.failed()
        assert failed.failure == "Write at least one key takeaway before publishing."


class ThePages:
    def test_are_in_the_language_of_the_publication(self, client):
        story = make_story()
        page = client.get(story.get_absolute_url(), **GERMAN).text
        assert '<html lang="en"' in page
