"""Comments beside the text, by keyboard and without scripts; guests on the page of their link."""

from datetime import timedelta
from itertools import product

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from stories.models import Comment
from tests.factories import make_story_in, make_user, reload
from tests.stories.commenting.test_comments import make_comment, page_of, reply_to

BODY = (
    "## Act I: The mill 💥\n\nShe wove *alone* at night. The widow lent her forty marks.\n\nLater."
)
QUOTE = "The widow lent her forty marks."


@pytest.fixture
def story(transactional_db):
    return make_story_in("draft", title="The loom", body=BODY)


def boss(**fields):
    """Return somebody who may do everything: the groups are not there in browser tests."""
    return make_user(is_staff=True, is_superuser=True, **fields)


def change(story):
    return f"/admin/stories/story/{story.pk}/change/"


def select(page, text):
    page.locator("#id_body").evaluate(
        "(area, text) => { area.focus(); const at = area.value.indexOf(text);"
        " area.setSelectionRange(at, at + text.length); }",
        text,
    )


def selected(page):
    return page.locator("#id_body").evaluate(
        "area => area.value.slice(area.selectionStart, area.selectionEnd)"
    )


class AComment:
    def test_is_written_answered_and_resolved_by_keyboard(self, open_desk, story):
        page = open_desk(change(story))
        page.locator("#id_body").press("End")
        page.fill("#id_title", "Typed and not saved")
        select(page, QUOTE)
        page.keyboard.press("Control+Alt+m")
        expect(page.get_by_label("Comment:")).to_be_focused()
        expect(page.get_by_label("Passage:")).to_have_value(QUOTE)
        page.keyboard.type("Was it forty?")
        page.keyboard.press("Control+Enter")
        thread = page.locator(".thread")
        expect(thread).to_be_focused()
        expect(thread).to_contain_text("Was it forty?")
        page.keyboard.press("Tab")  # Delete
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert selected(page) == QUOTE
        thread.get_by_role("link", name="Reply").press("Enter")
        expect(page.get_by_label("Comment:")).to_be_focused()
        page.keyboard.type("It was.")
        page.keyboard.press("Control+Enter")
        expect(thread).to_contain_text("It was.")
        thread.get_by_role("button", name="Resolve").press("Enter")
        page.get_by_text("Everything is resolved.").wait_for()
        expect(page.locator("#id_title")).to_have_value("Typed and not saved")
        assert [c.text for c in story.comments.order_by("pk")] == ["Was it forty?", "It was."]
        assert reload(story).title == "The loom"

    def test_follows_the_text_as_it_is_typed(self, open_desk, story):
        make_comment(story, QUOTE, boss())
        page = open_desk(change(story))
        body = page.locator("#id_body")
        body.fill("A new 💥 beginning.\n\n" + BODY)
        page.wait_for_timeout(900)
        page.wait_for_load_state("networkidle")
        page.get_by_role("button", name="Show in the text").click()
        assert selected(page) == QUOTE
        body.fill("Nothing of it.")
        page.get_by_text("This passage is gone from the text.").wait_for()
        expect(page.locator(".thread__quote")).to_have_text(QUOTE)

    def test_needs_selected_words(self, open_desk, story):
        page = open_desk(change(story))
        page.locator("#id_body").press("Control+Home")
        page.keyboard.press("Control+Alt+m")
        page.get_by_text("Select the words first.").wait_for()

    def test_says_what_is_missing_and_keeps_what_was_typed(self, open_desk, story):
        page = open_desk(change(story))
        select(page, QUOTE)
        page.get_by_role("button", name="Comment", exact=True).click()
        page.get_by_label("This is:").select_option("confirmed")
        page.get_by_label("Comment:").fill("I looked it up.")
        page.get_by_role("button", name="Send").click()
        page.get_by_text("Say with which source the passage is confirmed.").wait_for()
        expect(page.get_by_label("Comment:")).to_have_value("I looked it up.")
        page.get_by_label("Source:").fill("The ledger")
        page.get_by_label("Source:").press("Enter")
        expect(page.locator(".thread__state")).to_have_text("Confirmed")
        assert reload(story).comments.get().source == "The ledger"

    def test_shows_its_state_in_the_margin_and_in_the_checklist(self, open_desk, story):
        mark = make_comment(story, QUOTE, boss(), kind="disputed", text="It was thirty.")
        page = open_desk(change(story))
        page.get_by_text("1 passage is disputed.").wait_for()
        margin = page.locator(".margin__mark")
        expect(margin).to_have_text("Disputed")
        margin.click()
        expect(page.locator(f"#comment-{mark.pk}")).to_be_focused()
        page.get_by_role("button", name="Take back").click()
        expect(margin).to_have_count(0)
        expect(page.get_by_text("1 passage is disputed.")).to_have_count(0)

    def test_offers_the_people_after_an_at_sign(self, open_desk, story):
        ada = boss(username="ada.byron")
        page = open_desk(change(story))
        select(page, QUOTE)
        page.keyboard.press("Control+Alt+m")
        page.keyboard.type("Look, @ad")
        page.get_by_role("listbox").get_by_role("option", name="ada.byron").wait_for()
        page.keyboard.press("Enter")
        expect(page.get_by_label("Comment:")).to_have_value("Look, @ada.byron ")
        page.keyboard.press("Control+Enter")
        page.get_by_text("The comment is saved.").wait_for()
        assert list(story.comments.get().mentioned.all()) == [ada]

    def test_does_not_count_as_a_change_of_the_story(self, open_desk, story):
        page = open_desk(change(story))
        select(page, QUOTE)
        page.keyboard.press("Control+Alt+m")
        page.keyboard.type("Hm.")
        page.keyboard.press("Control+Enter")
        page.get_by_text("The comment is saved.").wait_for()
        expect(page.locator("#autosave-status")).to_have_text("")

    def test_gives_way_to_the_page(self, open_desk, story):
        make_comment(story, QUOTE, boss())
        page = open_desk(change(story))
        page.get_by_role("button", name="Page", exact=True).click()
        expect(page.locator("#comments")).to_be_hidden()
        page.locator(".comments__switch").click()
        expect(page.locator("#comments")).to_be_visible()

    def test_needs_no_script(self, open_page, editor, story):
        page = open_page(f"/admin/login/?next={page_of(story)}", java_script_enabled=False)
        page.fill("#id_login", "ed")
        page.fill("#id_password", "secret")
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.get_by_label("Passage:").fill("She wove alone")
        page.get_by_label("Comment:").fill("Really?")
        page.get_by_role("button", name="Comment", exact=True).click()
        page.get_by_text("The comment is saved.").wait_for()
        page.get_by_role("link", name="Reply").click()
        page.get_by_label("Comment:").fill("Really.")
        page.get_by_role("button", name="Reply").click()
        page.get_by_role("button", name="Resolve").click()
        page.get_by_text("Everything is resolved.").wait_for()
        assert story.comments.count() == 2


@pytest.fixture
def link(story, monkeypatch):
    monkeypatch.setattr("stories_project.bot_traps.SOONEST", -1)
    author = boss()
    link = story.review_links.model(
        story=story, reader="Our lawyer", created_by=author, is_commentable=True
    )
    link.open_until(timezone.now() + timedelta(days=7))
    return link


class AGuest:
    def test_comments_on_selected_words(self, open_page, link):
        page = open_page(link.get_absolute_url(), width=390)
        page.wait_for_load_state("networkidle")
        page.get_by_text("She wove").evaluate(
            "block => document.getSelection().selectAllChildren(block)"
        )
        page.get_by_role("button", name="Comment on these words").click()
        expect(page.get_by_label("Comment", exact=True)).to_be_focused()
        page.keyboard.type("It was thirty.")
        page.get_by_label("Your name").fill("Ada")
        page.get_by_role("button", name="Send the comment").click()
        page.get_by_text("Your comment is sent.").wait_for()
        comment = Comment.objects.get()
        assert comment.quote == "She wove *alone* at night. The widow lent her forty marks"
        page.get_by_label("Comment", exact=True).fill("Or thirty-one.")
        page.get_by_label("Your name").fill("Ada")
        page.get_by_role("button", name="Send what is below as a reply to this").click()
        page.get_by_text("Or thirty-one.").wait_for()
        assert comment.replies.get().text == "Or thirty-one."

    def test_needs_no_script(self, open_page, link):
        page = open_page(link.get_absolute_url(), java_script_enabled=False)
        page.get_by_label("Passage").fill("She wove alone")
        page.get_by_label("Comment", exact=True).fill("Hm.")
        page.get_by_label("Your name").fill("Ada")
        page.get_by_role("button", name="Send the comment").click()
        page.get_by_text("Your comment is sent.").wait_for()


class EveryPageWithComments:
    @pytest.fixture
    def commented(self, story, link):
        reply_to(make_comment(story, QUOTE, boss()), "It was.", boss())
        make_comment(
            story, "She wove", boss(), kind="confirmed", source="https://example.org/", text=""
        )
        make_comment(story, "Later.", boss(), kind="disputed").resolve(boss())
        root = make_comment(story, "Later.", guest_name="Ada", review_link=link)
        reply_to(root, "Thank you.", boss(), review_link=link)
        return story

    @pytest.mark.parametrize("name", ["form", "page", "reply", "guest"])
    def test_has_no_accessibility_finding_and_fits(self, open_desk, axe, commented, link, name):
        path = {
            "form": change(commented),
            "page": page_of(commented),
            "reply": f"{page_of(commented)}?reply={commented.comments.last().pk}",
            "guest": link.get_absolute_url(),
        }[name]
        page = open_desk(path, bypass_csp=True, reduced_motion="reduce")
        if name == "form":
            select(page, QUOTE)
            page.keyboard.press("Control+Alt+m")
            page.locator(".threads__resolved summary").click()
        for width, scheme in product((1366, 390), ("light", "dark")):
            page.set_viewport_size({"width": width, "height": 768})
            page.emulate_media(color_scheme=scheme)
            assert axe(page) == [], (width, scheme)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
