"""Pages, feeds and e-mails speak the language of the publication, and the desk its user's."""

import re
from datetime import datetime, timedelta
from functools import cache
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from founders.models import Founder
from stories.models import ReviewLink, Suggestion
from stories.reading.related import choose
from stories.reviewing.steps import submit
from stories_project.publication.current import kept
from stories_project.publication.values import Publication
from tests.factories import make_founder, make_story, make_story_in, make_user
from tests.project.test_translations import sentences

pytestmark = pytest.mark.django_db

CATALOGUE = Path(settings.LOCALE_PATHS[0]) / "de" / "LC_MESSAGES" / "django.mo"
NOT_WORDS = re.compile(r"%\(\w+\)s|<[^>]+>|[“”().:;?!]")
BODY = "## Das Dorf\n\nEin Webstuhl.[^1]\n\n## Die Fabrik\n\nMehr davon.\n\n[^1]: Ein Beleg."
PUBLIC = (
    "/",
    "/stories/",
    "/stories/webstuhl/",
    "/stories/webstuhl.md",
    "/stories/weg/",
    "/stories/gibt-es-nicht/",
    "/founders/",
    "/founders/?q=niemand",
    "/founders/mina/",
    "/founders/emil/",
    "/founders/fort/",
    "/lives/",
    "/lives/?century=-5",
    "/privacy/",
    "/reading-list/",
    "/stories/webstuhl/card/",
    "/series/",
    "/tags/",
    "/tags/?order=name",
    "/tags/handwerk/",
    "/search/",
    "/search/?q=webstuhl",
    "/search/?q=webstull",
    "/search/?q=webstuhl+nirgends",
    "/search/?q=nirgends",
    "/search/?q=the",
    "/about/",
    "/suggest/",
    "/corrections/",
    "/corrections/?story=webstuhl",
    "/corrections/?founder=mina",
    "/suggestions/wartet/",
    "/suggestions/angenommen/",
    "/suggestions/abgelehnt/",
    "/feed/",
    "/feed.json",
    "/llms.txt",
)
ENTRANCE = (
    "/account/login/",
    "/account/signup/",
    "/account/password/reset/",
    "/account/password/reset/done/",
    "/account/password/reset/key/1-old/",
    "/account/password/reset/key/done/",
)
ACCOUNT = (
    "/account/logout/",
    "/account/sessions/",
    "/account/email/",
    "/account/password/change/",
    "/account/reauthenticate/",
    "/account/2fa/",
)


def speak(language):
    """Let the publication have a language, and nothing in English to say itself."""
    kept.know(
        Publication(
            language=language,
            name="Wie es anfing",
            promise="Geschichten vom Anfang",
            about_title="Von uns",
            about_lead="Wer wir sind.",
            about="Wir schreiben.",
        )
    )


@cache
def english_phrases():
    """Return what stands between the gaps of each English sentence: two words or more."""
    phrases = set()
    for sentence, german in sentences(CATALOGUE).items():
        english = sentence[0] if isinstance(sentence, tuple) else sentence
        pieces = (" ".join(p.split()) for p in NOT_WORDS.split(english.rpartition("\x04")[2]))
        phrases |= {words for words in pieces if " " in words and words not in german}
    return phrases


def english_on(answer):
    """Return the English sentences of the catalogue that an answer contains."""
    return english_in(answer.content.decode())


def english_in(html):
    text = " ".join(unescape(html).split())
    there = (words for words in english_phrases() if words in text)
    return sorted(words for words in there if re.search(rf"\b{re.escape(words)}\b", text))


@pytest.fixture
def site():
    """Fill the site, in German."""
    mina = make_founder(
        name="Mina", slug="mina", birth_year=1867, company="Webwerk", birthplace="Giengen"
    )
    emil = make_founder(name="Emil", slug="emil")
    make_founder("hidden", name="Fort", slug="fort")
    words = {
        "excerpt": "Ein Faden reißt.",
        "body": BODY,
        "takeaways": "Erstens.\nZweitens.",
        "sources": "Ein Buch\nEine Seite | https://example.org/ | 2026-01-31",
        "tags": ["Handwerk"],
        "publish_at": datetime(2020, 3, 5, 12, tzinfo=timezone.get_current_timezone()),
    }
    story = make_story(title="Webstuhl", slug="webstuhl", founders=[mina], **words)
    make_story(title="Garn", slug="garn", founders=[mina], **words)
    make_story(title="Nadel", slug="nadel", founders=[make_founder(name="Ida")], **words)
    make_story_in("withdrawn", title="Weg", slug="weg", founders=[emil])
    suggestions = {"wartet": "waiting", "angenommen": "accepted", "abgelehnt": "rejected"}
    for token, status in suggestions.items():
        Suggestion.objects.create(
            kind="story",
            name="Webstuhl",
            story=story,
            token=token,
            status=status,
            reason="Nein.",
            public_note="Ein Jahr berichtigt." if status == "accepted" else "",
            created_at=datetime(2026, 3, 5, 12, tzinfo=timezone.get_current_timezone()),
            decided_at=datetime(2026, 3, 6, 12, tzinfo=timezone.get_current_timezone()),
        )
    return story


@pytest.fixture
def closed_link(site):
    draft = make_story_in("draft", title="Entwurf", founders=[make_founder(name="Uwe")])
    return ReviewLink.objects.create(
        story=draft,
        reader="Wer",
        created_by=make_user("Editor"),
        expires_at=timezone.now() - timedelta(days=1),
    )


class AGermanPublication:
    def test_says_nothing_in_english_to_readers(self, client, site):
        """All pages in one test: to fill the site takes longer than to ask for them."""
        speak("de")
        answers = {address: client.get(address) for address in PUBLIC}
        english = {address: english_on(answer) for address, answer in answers.items()}
        assert {address: words for address, words in english.items() if words} == {}
        for answer in answers.values():
            if answer["Content-Type"].startswith("text/html"):
                assert '<html lang="de">' in answer.text

    @pytest.mark.parametrize("address", PUBLIC)
    def test_would_be_noticed_saying_something_in_english(self, client, site, address):
        speak("en")
        answer = client.get(address)
        assert english_on(answer)
        if answer["Content-Type"].startswith("text/html"):
            assert '<html lang="en">' in answer.text

    @pytest.mark.parametrize("address", ["/", "/stories/", "/founders/", "/tags/", "/corrections/"])
    def test_has_nothing_to_show_in_german(self, client, address):
        speak("de")
        assert english_on(client.get(address)) == []

    @pytest.mark.parametrize("address", ENTRANCE)
    def test_says_nothing_in_english_to_who_signs_in_with_a_german_browser(self, client, address):
        answer = client.get(address, headers={"accept-language": "de-DE,en;q=0.5"})
        assert english_on(answer) == []
        assert '<html lang="de">' in answer.text

    @pytest.mark.parametrize("address", ACCOUNT)
    def test_says_nothing_in_english_on_the_pages_of_an_account(self, editor, address):
        answer = editor.get(address, headers={"accept-language": "de"}, follow=True)
        assert english_on(answer) == []
        assert '<html lang="de">' in answer.text

    def test_explains_in_german_what_is_wrong_with_a_form(self, client, site):
        speak("de")
        for address in ("/suggest/", "/corrections/?story=webstuhl", "/corrections/?founder=mina"):
            answer = client.post(address, {"website": "https://example.org/"})
            assert "eine Falle für Programme" in answer.text
            assert "Dieses Feld ist zwingend erforderlich." in answer.text
            assert english_on(answer) == []

    def test_refuses_in_german(self, client, site, closed_link):
        speak("de")
        closed = client.get(closed_link.get_absolute_url())
        long = client.post("/suggest/", {"message": "x" * settings.LONGEST_PUBLIC_BODY})
        for answer, status in ((closed, 410), (long, 413)):
            assert answer.status_code == status
            assert '<html lang="de">' in answer.text
            assert english_on(answer) == []

    @pytest.mark.parametrize("template", ["400.html", "500.html", "503.html"])
    def test_says_in_german_what_is_broken(self, template):
        with translation.override("de"):
            page = render_to_string(template)
        assert '<html lang="de">' in page
        assert english_in(page) == []
        assert english_in(render_to_string(template))

    def test_writes_dates_in_the_german_way(self, client, site):
        speak("de")
        page = client.get("/stories/webstuhl/").text
        assert ">5. März 2020</time>" in page
        assert 'gelesen am <time datetime="2026-01-31">31. Januar 2026</time>' in page
        assert ">6. März 2026</time>: Ein Jahr berichtigt." in page
        assert ">5. März</time>" in client.get("/founders/mina/").text
        assert "5. März 2020 · 1 Min. Lesezeit" in client.get("/stories/webstuhl.md").text
        assert "5. März 2026" in client.get("/suggestions/wartet/").text

    def test_names_its_language_to_news_crawlers(self, client, founder_of_today):
        speak("de")
        assert "<news:language>de</news:language>" in client.get("/sitemap-news.xml").text

    def test_keeps_the_german_sentence_that_a_sender_has_agreed_to(self, site):
        from stories.suggesting.forms import StoryCorrectionForm

        with translation.override("de"):
            form = StoryCorrectionForm()
            form.cleaned_data = {"message": "", "email": ""}
            assert form.suggestion().consent.startswith("Sie dürfen aufbewahren")


@pytest.fixture
def founder_of_today():
    make_story(publish_at=timezone.now() - timedelta(hours=1))


class AnArabicPublication:
    @pytest.mark.parametrize("address", ["/", "/stories/webstuhl/", "/founders/mina/", "/suggest/"])
    def test_is_read_from_the_right(self, client, site, address):
        speak("ar")
        assert '<html lang="ar" dir="rtl">' in client.get(address).text

    def test_is_read_from_the_right_where_no_context_is_left(self, client, closed_link):
        speak("ar")
        assert '<html lang="ar" dir="rtl">' in client.get(closed_link.get_absolute_url()).text

    def test_turns_the_arrows_between_pages(self, client):
        ida = make_founder(name="Ida")
        for _ in range(21):
            make_story(founders=[ida])
        speak("en")
        assert "Older stories →" in client.get("/stories/").text
        speak("ar")
        assert "Older stories ←" in client.get("/stories/").text
        assert "→ Newer stories" in client.get("/stories/?page=2").text


class ThePublicationAfterAChangeOfLanguage:
    def test_shows_no_remembered_words_of_the_other_one(self, client, site):
        words = {
            "/": ("Read story: Webstuhl", "Geschichte lesen: Webstuhl"),
            "/stories/": ("Suggest a founder", "Jemanden vorschlagen"),
            "/stories/webstuhl/": ("Also about Mina", "Auch über Mina"),
            "/founders/mina/": ("born 1867", "geboren 1867"),
            "/feed/": ("Key Takeaways", "Das Wichtigste in Kürze"),
        }
        for language in ("en", "de", "en", "de"):
            speak(language)
            for address, (english, german) in words.items():
                page = client.get(address).text
                assert (english in page, german in page) == (language == "en", language == "de")

    def test_has_another_picture_of_the_takeaways(self, client, site):
        addresses = {}
        for language in ("en", "de"):
            speak(language)
            page = client.get("/stories/webstuhl/").text
            (addresses[language],) = re.findall(r'href="(/stories/webstuhl/take[^"]+\.jpg)"', page)
        english, german = (client.get(addresses[language]) for language in ("en", "de"))
        # The English one is not there any more.
        assert (english.status_code, english["Location"]) == (302, addresses["de"])
        assert german.status_code == 200

    def test_titles_footnotes_anew_that_were_stored_before(self, client):
        with translation.override("de"):
            make_story(slug="webstuhl", body=BODY)
        assert "<h2>Notes</h2>" in client.get("/stories/webstuhl/").text
        speak("de")
        page = client.get("/stories/webstuhl/").text
        assert '<section class="footnotes">\n<h2>Anmerkungen</h2>' in page
        assert 'data-footnote="Fußnote"' in page

    def test_chooses_related_stories_for_the_same_reasons(self, site):
        names = dict(Founder.objects.filter(name="Mina").values_list("pk", "name"))
        digests = set()
        for language in ("en", "de", None):
            with translation.override(language):
                digests.add(choose(site, names, [], timezone.now()).digest)
        assert len(digests) == 1


class TheDesk:
    def test_speaks_the_language_of_the_browser(self, editor):
        speak("de")
        pages = {
            language: editor.get("/admin/", headers={"accept-language": language}).text
            for language in ("en-GB,de;q=0.5", "de", "fr")
        }
        assert 'lang="en' in pages["en-GB,de;q=0.5"]
        assert 'lang="de"' in pages["de"]
        assert 'lang="de"' in pages["fr"]

    def test_does_not_change_the_language_of_readers(self, editor, site):
        speak("de")
        page = editor.get("/stories/", headers={"accept-language": "en"}).text
        assert '<html lang="de">' in page


class AnEMail:
    def test_for_a_new_password_is_in_the_language_of_the_publication(self, client, mailoutbox):
        make_user("Editor", username="ida", email="ida@example.org")
        speak("de")
        english = {"accept-language": "en"}
        address = "/account/password/reset/"
        client.post(address, {"email": "ida@example.org"}, headers=english)
        (message,) = mailoutbox
        assert message.subject == "Wie es anfing: Wählen Sie ein neues Passwort"
        assert message.body.startswith("Guten Tag,\n\nJemand, vielleicht Sie selbst, ")
        assert "für Ihr Konto „ida“" in message.body
        assert "Look into your mail" in client.get(f"{address}done/", headers=english).text

    def test_about_a_step_is_in_the_language_of_the_publication(
        self, mailoutbox, django_capture_on_commit_callbacks
    ):
        make_user("Editor", email="ida@example.org")
        draft = make_story_in("draft", title="Webstuhl")
        writer = make_user("Writer", first_name="Uwe")
        speak("de")
        with translation.override("en"):
            with django_capture_on_commit_callbacks(execute=True):
                submit(draft, writer)
            assert translation.get_language() == "en"
        (message,) = mailoutbox
        assert message.subject == "Zur Prüfung gegeben: Webstuhl"
        assert re.search(r"Von Uwe, \d+\. [A-ZÄÖÜ]\w+ \d{4}, \d\d:\d\d UTC\n", message.body)
