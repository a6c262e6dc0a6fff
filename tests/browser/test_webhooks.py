"""An administrator keeps webhooks, in Chromium. `test_desk.py` visits the pages with axe."""

from playwright.sync_api import expect

from stories.models import Webhook

LIST = "/admin/stories/story/webhooks/"


class AnAdministrator:
    def test_adds_a_webhook_sends_a_ping_pauses_and_deletes_it(self, open_desk, axe):
        page = open_desk(LIST, bypass_csp=True)
        page.get_by_label("Address").fill("https://example.org/hook")
        page.get_by_label("A public story is changed").uncheck()
        page.get_by_role("button", name="Add it").click()
        expect(page.get_by_role("textbox", name="Secret")).to_be_visible()
        webhook = Webhook.objects.get()
        assert webhook.events == ["story.published", "story.withdrawn"]
        expect(page.get_by_role("textbox", name="Secret")).to_have_value(webhook.read_secret())
        assert axe(page) == []
        page.get_by_role("link", name="Then send a ping").click()
        page.get_by_role("button", name="Send a ping").click()
        expect(page.get_by_text("The ping is on its way.")).to_be_visible()
        page.get_by_role("button", name="Pause").click()
        expect(page.get_by_role("button", name="Resume")).to_be_visible()
        page.get_by_text("Delete…").click()
        page.get_by_role("button", name="Delete the webhook").click()
        expect(page.get_by_text("There is no webhook yet.")).to_be_visible()
