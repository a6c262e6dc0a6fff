"""Share pictures: drawn for what is public, in any script, and again after each change."""

import re
from io import BytesIO

import pytest
from PIL import Image, ImageChops

from founders.models import Founder
from stories.sharing.share_pictures import card_of_founder, card_of_story, draw_link, draw_takeaways
from stories_project.library.image_field import FocusField
from stories_project.pictures import lettering
from stories_project.pictures.uploads import store_image
from stories_project.publication.current import kept
from stories_project.publication.values import Publication
from tests.factories import bring, make_founder, make_story, reload, revise


def link_of(story):
    return card_of_story(story, story.founders).address("story_picture", story.slug)


def sheet_of(story):
    points = [takeaway.text for takeaway in story.takeaways.all()]
    return (
        card_of_story(story, story.founders)
        .with_points(points)
        .address("takeaways_picture", story.slug)
    )


def opened(response):
    assert response.status_code == 200
    assert response["Content-Type"] == "image/jpeg"
    return Image.open(BytesIO(response.content))


def differ(first, second):
    return ImageChops.difference(first.convert("RGB"), second.convert("RGB")).getbbox()


@pytest.mark.django_db
class APublicStory:
    def test_has_a_picture_for_links_and_one_of_its_takeaways(self, client):
        story = make_story()
        page = client.get(story.get_absolute_url()).text
        assert f'property="og:image" content="http://127.0.0.1:8000{link_of(story)}"' in page
        assert f'href="{sheet_of(story)}"' in page
        assert opened(client.get(link_of(story))).size == (1200, 630)
        assert opened(client.get(sheet_of(story))).size == (1080, 1350)

    def test_has_another_picture_url_after_a_change(self, client):
        story = make_story(title="Before")
        before = link_of(story)
        first = opened(client.get(before))
        revise(story, {"title": "After"})
        story = reload(story)
        assert link_of(story) != before
        response = client.get(before)
        assert (response.status_code, response["Location"]) == (302, link_of(story))
        assert differ(first, opened(client.get(link_of(story))))

    def test_shows_its_cover_around_the_focus(self):
        halves = Image.new("RGB", (1600, 400), "red")
        halves.paste("blue", (800, 0, 1600, 400))
        buffer = BytesIO()
        halves.save(buffer, "PNG")
        buffer.size = buffer.tell()
        cover = {"cover": store_image(buffer, "covers"), "cover_alt": "Two halves"}
        left, right = (make_story(**cover, cover_focus=focus) for focus in ("0 50", "100 50"))
        colours = [
            draw_link(card_of_story(story, story.founders)).getpixel((960, 300))
            for story in (left, right)
        ]
        assert colours[0][0] > 200 > colours[0][2]
        assert colours[1][2] > 200 > colours[1][0]

    def test_without_takeaways_has_no_picture_of_them(self, client):
        story = make_story()
        story.takeaways.all().delete()
        assert client.get(f"/stories/{story.slug}/takeaways-00000000.jpg").status_code == 404
        assert "takeaways-" not in client.get(story.get_absolute_url()).text


@pytest.mark.django_db
class ThePublication:
    def test_has_a_picture_for_links_to_its_front_page(self, client):
        page = client.get("/").text
        [address] = re.findall(r'property="og:image" content="http://127.0.0.1:8000([^"]+)"', page)
        assert opened(client.get(address)).size == (1200, 630)
        assert client.get("/share-00000000.jpg")["Location"] == address

    def test_has_another_picture_under_another_name(self, client):
        before = client.get("/share-00000000.jpg", follow=True)
        kept.know(Publication(name="The Other Name"))
        after = client.get("/share-00000000.jpg", follow=True)
        assert before.redirect_chain != after.redirect_chain
        assert before.content != after.content


@pytest.mark.django_db
class WhatIsNotPublic:
    def test_has_no_picture(self, client):
        draft, gone = make_story(publish_at=None), make_story()
        gone.withdraw()
        for story, status in ((draft, 404), (gone, 410)):
            for address in (link_of(story), sheet_of(story)):
                assert client.get(address).status_code == status

    @pytest.mark.parametrize("status", [s.value for s in Founder.Status if s != "approved"])
    def test_founder_has_no_picture_and_only_a_plain_name_on_others(self, client, status):
        founder = make_founder(name="Sakichi Toyoda", native_name="豊田 佐吉")
        story = make_story(founders=[founder])
        shown = card_of_story(story, [founder])
        address = card_of_founder(founder).address("founder_picture", founder.slug)
        assert opened(client.get(address)).size == (1200, 630)
        bring(founder, status)
        assert client.get(address).status_code == (410 if status == "hidden" else 404)
        assert shown.names == ("Sakichi Toyoda  豊田 佐吉",)
        assert card_of_story(story, [founder]).names == ("Sakichi Toyoda",)


SCRIPTS = {
    "Latin": "König & Škoda",
    "Greek": "Ωνάσης",
    "Cyrillic": "Дягилев",
    "Han": "豊田 佐吉",
    "Hangul": "정주영",
    "Arabic": "طلعت حرب",
    "Hebrew": "ברוריה",
    "Devanagari": "जमशेदजी टाटा",
    "Gujarati": "જમશેદજી તાતા",
    "Thai": "เจริญ",
    "Armenian": "Աբգար",
}


NOTO = "apt-get install fonts-noto-core fonts-noto-cjk"


class AName:
    def test_in_latin_letters_is_set_on_every_machine(self):
        assert lettering.can_set(SCRIPTS["Latin"])

    @pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
    def test_in_any_script_is_set(self, text):
        if not lettering.can_set(text):
            pytest.skip(f"no typeface for {text} here; on Debian: {NOTO}")
        assert lettering.measure(text, 40) > 40
        empty = Image.new("RGB", (400, 100), "white")
        assert differ(empty, _set(text))

    def test_for_which_there_is_no_typeface_is_left_out(self, monkeypatch):
        monkeypatch.setattr(lettering, "_file_for", lambda character: None)
        assert not lettering.can_set("豊田")


def _set(text):
    from PIL import ImageDraw

    sheet = Image.new("RGB", (400, 100), "white")
    lettering.set_line(ImageDraw.Draw(sheet), (10, 60), text, 40, "black")
    return sheet


class ATitle:
    def test_is_broken_into_lines_that_fit(self):
        size, lines = lettering.fit("The Loom That Knew When to Stop", (76, 60, 40), 500, 5)
        assert " ".join(lines) == "The Loom That Knew When to Stop"
        assert all(lettering.measure(line, size) <= 500 for line in lines)

    @pytest.mark.parametrize("text", ["word " * 200, "unbroken" * 60, "豊田佐吉" * 100])
    def test_that_is_too_long_is_cut(self, text):
        _, lines = lettering.fit(text, (76, 40), 500, 4)
        assert len(lines) <= 4
        assert lines[-1].endswith("…")

    def test_of_nothing_has_no_lines(self):
        assert lettering.wrap("", 40, 100) == []


@pytest.mark.django_db
class ManyTakeaways:
    def test_are_set_smaller_and_the_last_ones_left_out(self):
        story = make_story()
        for count in (1, 5, 12, 60):
            points = [f"{n} {'A long sentence. ' * 6}" for n in range(count)]
            card = card_of_story(story, []).with_points(points)
            assert draw_takeaways(card).size == (1080, 1350)


class AFocus:
    @pytest.mark.parametrize("text", ["", "0 0", "100 100", "33 7"])
    def test_is_two_percentages_or_nothing(self, text):
        assert FocusField(of="cover").clean(text) == text

    @pytest.mark.parametrize("text", ["101 0", "1", "a b", "-1 5", "1 2 3", "5  5", "٣ ٣"])
    def test_that_is_anything_else_is_refused(self, text):
        with pytest.raises(Exception, match="Two numbers from 0 to 100"):
            FocusField(of="cover").clean(text)
