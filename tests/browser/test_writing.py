"""The story form and the story list in an editor's browser."""

from playwright.sync_api import expect

from stories.models import Story
from tests.factories import make_founder, make_story, make_tag, picture


def choose(page, field, typed, option):
    """Type into an autocomplete field and choose an option."""
    box = page.locator(f".field-{field} .select2-search__field")
    box.click()
    box.press_sequentially(typed)
    page.locator(".select2-results__option", has_text=option).first.click()


class AnEditor:
    def test_writes_and_publishes_a_story(self, open_desk):
        make_founder(name="Ada Byron", slug="ada-byron")
        make_tag("Start-ups")
        page = open_desk("/admin/stories/story/add/")
        page.get_by_label("Title", exact=False).first.fill("How it began")
        page.get_by_label("Excerpt:").fill("The excerpt.")
        page.get_by_label("Body:").fill("## Act I\n\nIt *began*.")
        preview = page.frame_locator(".page-preview iframe")
        preview.get_by_role("heading", name="Act I").wait_for()
        expect(preview.locator("em", has_text="began")).to_have_count(1)
        page.get_by_label("Key takeaways:").fill("Begin.")
        choose(page, "founders", "Ada", "Ada Byron")
        choose(page, "tags", "startups", "Start-ups")
        choose(page, "tags", "Brand new", "Brand new")
        page.get_by_role("button", name="Publish now").click()
        page.get_by_role("heading", name="Before it goes live").wait_for()
        page.get_by_role("button", name="Publish", exact=True).click()
        page.get_by_text("Live now").wait_for()
        story = Story.objects.get()
        assert [tag.name for tag in story.tags.all()] == ["Start-ups", "Brand new"]
        page.get_by_role("link", name="View on site").click()
        expect(page.get_by_role("heading", name="How it began", level=1)).to_be_visible()

    def test_inserts_a_picture_into_the_text(self, open_desk):
        page = open_desk("/admin/stories/story/add/")
        page.get_by_label("Body:").fill("Before\n\n")
        upload = {"name": "kiln.png", "mimeType": "image/png", "buffer": picture().read()}
        page.get_by_label("Insert a picture").set_input_files(upload)
        page.get_by_text("kiln.png is in the text").wait_for()
        body = page.get_by_label("Body:").input_value()
        assert body.startswith("Before\n\n![describe this image](/media/images/")
        page.frame_locator(".page-preview iframe").locator(".prose img").wait_for()

    def test_undoes_and_redoes_a_picture_like_typed_text(self, open_desk):
        page = open_desk("/admin/stories/story/add/")
        body = page.get_by_label("Body:")
        body.click()
        body.press_sequentially("One two three.")
        body.press("Home")
        upload = {"name": "kiln.png", "mimeType": "image/png", "buffer": picture().read()}
        page.get_by_label("Insert a picture").set_input_files(upload)
        page.get_by_text("kiln.png is in the text").wait_for()
        with_picture = body.input_value()
        assert with_picture.endswith(".webp)\nOne two three.")
        body.press_sequentially("Zero ")
        for _ in range(40):
            body.press("Control+z")
        assert body.input_value() == ""
        for _ in range(40):
            body.press("Control+Shift+z")
        assert body.input_value() == with_picture.replace("\nOne", "\nZero One")

    def test_filters_the_list_by_founder(self, open_desk):
        ada = make_founder(name="Ada Byron")
        make_story(title="About Ada", founders=[ada])
        make_story(title="About somebody else")
        page = open_desk("/admin/stories/story/")
        page.locator(".filter-by .select2-selection").first.click()
        page.locator(".select2-search__field").press_sequentially("ada")
        page.locator(".select2-results__option", has_text="Ada Byron").click()
        page.wait_for_url("**founder=**")
        expect(page.get_by_role("link", name="About Ada")).to_be_visible()
        expect(page.get_by_role("link", name="About somebody else")).to_have_count(0)


class AnAutocompleteField:
    def test_has_an_accessible_name(self, open_desk):
        page = open_desk("/admin/stories/story/add/")
        for name in ("Founders", "Tags", "Always related", "Never related"):
            page.get_by_role("searchbox", name=name).wait_for()
