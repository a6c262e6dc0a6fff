"""The media library and pictures in the story form, by mouse and by keyboard alone."""

import pytest
from playwright.sync_api import expect

from stories_project.library.models import StoredPicture
from tests.browser.conftest import SAVED
from tests.factories import make_story_in, picture, reload
from tests.pictures import body_with, make_picture

GRID = "/admin/stories/story/pictures/"
ADD = "/admin/stories/story/add/"
VIEWS = [
    {"width": 1366, "color_scheme": "light"},
    {"width": 1366, "color_scheme": "dark"},
    {"width": 390, "color_scheme": "light"},
    {"width": 390, "color_scheme": "dark"},
]


def file(name="loom.png", size=(300, 200)):
    return {"name": name, "mimeType": "image/png", "buffer": picture(size=size).read()}


def scrolls_sideways(page):
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.fixture
def row():
    return make_picture(size=(300, 200), title="Loom", alt="A loom.", credit="Ada", focus="20 30")


class TheLibrary:
    @pytest.mark.parametrize("view", VIEWS, ids=lambda v: f"{v['width']}-{v['color_scheme']}")
    def test_is_accessible_everywhere(self, open_desk, axe, row, view):
        make_story_in("draft", body=body_with(row))
        other = make_picture(size=(80, 90))
        page = open_desk(GRID, bypass_csp=True, **view)
        paths = (GRID, f"{GRID}?q=steam", f"{GRID}{row.pk}/", f"{GRID}{other.pk}/")
        for path in (*paths, f"{GRID}{row.pk}/replace/?with={other.pk}"):
            page.goto(path)
            assert axe(page) == [], path
            assert not scrolls_sideways(page), path

    def test_moves_the_focal_point_by_keyboard_and_by_mouse(self, open_desk, row):
        page = open_desk(f"{GRID}{row.pk}/")
        mark = page.get_by_role("button", name="Focal point: 20 percent")
        mark.focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Shift+ArrowDown")
        field = page.get_by_label("Focus")
        assert field.input_value() == "21 40"
        cut = page.locator(".crops__frame--square img").evaluate("i => i.style.objectPosition")
        assert cut == "21% 40%"
        box = page.locator("[data-picture-of=picture]").bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] + 50, box["y"] + box["height"] / 4)
        page.mouse.up()
        assert field.input_value() == "100 25"
        page.get_by_role("button", name="Save").click()
        page.get_by_text("Stories keep what they say").wait_for()
        assert reload(row).focus == "100 25"


class ACover:
    def test_shows_at_each_shape_as_soon_as_it_is_chosen(self, open_desk):
        page = open_desk(ADD)
        page.locator("[name=cover-upload]").set_input_files(file())
        shown = page.locator(".field-cover [data-picture-of=cover] img")
        expect(shown).to_be_visible()
        assert shown.evaluate("i => [i.naturalWidth, i.naturalHeight]") == [300, 200]
        expect(page.locator(".field-cover .crops__frame img").first).to_be_visible()
        assert not StoredPicture.objects.exists()  # It is stored when the story is saved.

    def test_that_is_no_picture_is_a_sentence(self, open_desk):
        page = open_desk(ADD)
        broken = {"name": "a.png", "mimeType": "image/png", "buffer": b"no picture"}
        page.locator("[name=cover-upload]").set_input_files(broken)
        page.get_by_text("a.png cannot be shown here").wait_for()

    def test_comes_from_the_library_by_keyboard_with_what_is_said_about_it(self, open_desk, row):
        story = make_story_in("draft")
        make_picture(size=(50, 50), title="Engine")
        page = open_desk(f"/admin/stories/story/{story.pk}/change/")
        page.get_by_role("link", name="Choose from the library").focus()
        page.keyboard.press("Enter")
        search = page.get_by_role("searchbox", name="Words")
        expect(search).to_be_focused()
        page.keyboard.type("loom")
        page.keyboard.press("Enter")
        expect(page.locator("dialog .tile")).to_have_count(1)
        page.locator("dialog .tile").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.get_by_label("Cover description")).to_have_value("A loom.")
        expect(page.locator("#id_cover_focus")).to_have_value("20 30")
        page.get_by_label("Body:").press("Control+s")
        page.get_by_text(SAVED).wait_for()
        assert (reload(story).cover.name, reload(story).cover_credit) == (row.name, "Ada")

    def test_stays_when_the_library_is_closed_with_escape(self, open_desk, row, axe):
        page = open_desk(ADD, bypass_csp=True)
        page.get_by_role("link", name="Choose from the library").click()
        page.locator("dialog .tile").wait_for()
        assert axe(page) == []
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        assert page.locator("input[type=hidden][name=cover]").count() == 0


class APictureInTheText:
    @pytest.fixture
    def writing(self, open_desk):
        page = open_desk(ADD)
        page.body = page.get_by_label("Body:")
        page.body.fill("Before. ")
        page.body.press("Control+End")
        return page

    def test_asks_for_its_description_and_is_undone_in_steps(self, writing):
        writing.locator(".markdown__picture input").set_input_files(file())
        question = writing.get_by_label("Describe loom.png for readers who cannot see it")
        expect(question).to_be_focused()
        placeholder = writing.body.input_value()
        assert "![describe this image](" in placeholder
        writing.keyboard.type("A [wooden] loom")
        writing.keyboard.press("Enter")
        described = placeholder.replace("describe this image", "A  wooden  loom")
        assert writing.body.input_value() == described
        expect(writing.body).to_be_focused()
        assert writing.body.evaluate("area => area.selectionStart") == len(described)
        writing.keyboard.press("Control+z")
        assert writing.body.input_value() == placeholder
        writing.keyboard.press("Control+z")
        assert writing.body.input_value() == "Before. "

    def test_keeps_the_words_that_fail_the_checklist_after_escape(self, writing):
        writing.locator(".markdown__picture input").set_input_files(file())
        expect(writing.get_by_label("Describe loom.png")).to_be_focused()
        writing.keyboard.type("A")
        writing.keyboard.press("Escape")
        assert "![describe this image](" in writing.body.input_value()
        expect(writing.body).to_be_focused()
        writing.keyboard.press("Control+z")
        assert writing.body.input_value() == "Before. "
        expect(writing.locator(".describing")).to_be_hidden()

    def test_comes_from_the_library_with_its_description(self, writing, row):
        writing.get_by_role("button", name="Picture from the library").click()
        writing.get_by_role("searchbox", name="Words").press_sequentially("loom")
        writing.keyboard.press("Enter")
        writing.locator("dialog .tile").click()
        expect(writing.body).to_have_value(f"Before. ![A loom.]({row.address})\n")
        expect(writing.locator(".describing")).to_be_hidden()
        writing.keyboard.press("Control+z")
        assert writing.body.input_value() == "Before. "

    def test_without_a_description_in_the_library_asks_for_it(self, writing):
        row = make_picture(size=(44, 44))
        writing.get_by_role("button", name="Picture from the library").click()
        writing.locator("dialog .tile").click()
        expect(writing.get_by_label("Describe the picture")).to_be_focused()
        writing.keyboard.type("An engine.")
        writing.keyboard.press("Enter")
        expect(writing.body).to_have_value(f"Before. ![An engine.]({row.address})\n")
