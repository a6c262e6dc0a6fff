"""What WordPress and Ghost read of the stories."""

import json
from xml.etree import ElementTree

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stories_project.pictures.renditions import make_renditions
from stories_project.pictures.uploads import store_image
from tests.factories import make_founder, make_story, make_story_in, picture

pytestmark = pytest.mark.django_db
NAMES = {
    "wp": "http://wordpress.org/export/1.2/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "excerpt": "http://wordpress.org/export/1.2/excerpt/",
}


@pytest.fixture
def story():
    image = store_image(picture((320, 200), name="i.png"), "images")
    make_renditions(image)
    return make_story(
        title="The Loom & <more>",
        slug="the-loom",
        founders=[make_founder(name="Ada Byron"), make_founder("hidden", name="Hidden Person")],
        tags=["Craft"],
        byline="A. Writer",
        cover=store_image(picture((640, 360)), "covers"),
        cover_alt="A loom",
        takeaways="Ask “first”.",
        body=f"## A\n\nSee [us](/about/).\n\n![A picture](/media/{image})",
    )


@pytest.fixture
def export(tmp_path):
    def exported(system, *options):
        call_command("export_site", tmp_path / system, "--format", system, *options)
        return tmp_path / system

    return exported


def items(directory):
    tree = ElementTree.parse(directory / "wordpress.xml")  # noqa: S314  we wrote it
    return tree.findall("channel/item")


def text(item, name):
    return item.find(name, NAMES).text


class AFileForWordPress:
    def test_has_the_story_as_a_post(self, story, export):
        *_, post = items(export("wordpress"))
        assert text(post, "title") == "The Loom & <more>"
        assert text(post, "wp:post_type") == "post"
        assert text(post, "wp:status") == "publish"
        assert text(post, "wp:post_name") == "the-loom"
        assert text(post, "wp:post_date_gmt") == f"{story.publish_at:%Y-%m-%d %H:%M:%S}"
        assert text(post, "excerpt:encoded") == story.excerpt
        html = text(post, "content:encoded")
        assert "<li>Ask “first”.</li>" in html
        assert '<a href="http://127.0.0.1:8000/about/"' in html
        assert "srcset" not in html
        assert "<picture" not in html

    def test_has_founders_as_categories_and_nobody_who_is_hidden(self, story, export):
        *_, post = items(export("wordpress"))
        terms = [(t.get("domain"), t.get("nicename"), t.text) for t in post.findall("category")]
        assert terms == [("category", "ada-byron", "Ada Byron"), ("post_tag", "craft", "Craft")]

    def test_has_the_cover_as_the_attachment_that_the_post_names(self, story, export):
        cover, _, post = items(export("wordpress"))
        assert text(cover, "wp:attachment_url").endswith("-640.jpg")
        meta = {
            text(m, "wp:meta_key"): text(m, "wp:meta_value")
            for item in (cover, post)
            for m in item.findall("wp:postmeta", NAMES)
        }
        assert meta["_thumbnail_id"] == text(cover, "wp:post_id")
        assert meta["_wp_attachment_image_alt"] == "A loom"

    def test_has_each_picture_of_the_texts_as_an_attachment_once(self, story, export):
        make_story(body=story.body)
        *pictures, _ = items(export("wordpress"))
        urls = [text(item, "wp:attachment_url") for item in pictures[:2]]
        assert urls[1] in text(pictures[2], "content:encoded")
        kinds = [text(item, "wp:post_type") for item in pictures]
        assert kinds == ["attachment", "attachment", "post"]


class AFileForGhost:
    def test_has_the_story_with_author_and_tags(self, story, export):
        data = json.loads((export("ghost") / "ghost.json").read_text())["data"]
        (post,) = data["posts"]
        assert post["status"] == "published"
        assert post["published_at"] == f"{story.publish_at:%Y-%m-%d %H:%M:%S}"
        assert [tag["name"] for tag in data["tags"]] == ["Ada Byron", "Craft"]
        assert [row["tag_id"] for row in data["posts_tags"]] == [t["id"] for t in data["tags"]]
        assert data["users"][0]["name"] == "A. Writer"
        assert data["posts_authors"] == [{"post_id": post["id"], "author_id": "user-a-writer"}]
        assert data["posts_meta"][0]["feature_image_alt"] == "A loom"

    def test_has_every_picture_that_it_names(self, story, export):
        directory = export("ghost")
        (post,) = json.loads((directory / "ghost.json").read_text())["data"]["posts"]
        files = [path for path in (directory / "content" / "images").rglob("*") if path.is_file()]
        named = ["__GHOST_URL__/" + str(path.relative_to(directory)) for path in files]
        assert len(named) == 2
        assert post["feature_image"] in named
        assert all(name in post["html"] or name == post["feature_image"] for name in named)
        assert "/media/" not in post["html"]

    def test_keeps_a_founder_and_a_tag_with_one_slug_apart(self, export):
        make_story(founders=[make_founder(name="Craft", slug="craft")], tags=["Craft"])
        tags = json.loads((export("ghost") / "ghost.json").read_text())["data"]["tags"]
        assert [tag["slug"] for tag in tags] == ["craft", "tag-craft"]


@pytest.mark.parametrize(
    ("system", "file"), [("wordpress", "wordpress.xml"), ("ghost", "ghost.json")]
)
class AForeignFile:
    def test_has_drafts_only_with_all(self, export, system, file):
        make_story_in("draft", title="A private draft")
        make_story_in("scheduled", title="A future story")
        make_story_in("withdrawn", title="A withdrawn story")
        titles = ("A private draft", "A future story", "A withdrawn story")
        public = (export(system) / file).read_text()
        assert not [title for title in titles if title in public]
        everything = (export(system, "--all") / file).read_text()
        assert [title for title in titles if title in everything] == list(titles)

    def test_is_equal_for_equal_sites(self, export, story, system, file):
        first = (export(system) / file).read_bytes()
        assert (export(system) / file).read_bytes() == first

    def test_costs_the_same_number_of_queries_for_many_stories(self, export, system, file):
        founder, counts = make_founder(), []
        for number in (2, 20):
            for _ in range(number):
                make_story(founders=[founder])
            with CaptureQueriesContext(connection) as queries:
                export(system)
            counts.append(len(queries))
        assert counts[0] == counts[1]

    def test_has_no_place_for_the_history(self, tmp_path, system, file):
        with pytest.raises(CommandError, match="only Markdown"):
            call_command("export_site", tmp_path, "--format", system, "--all", "--history")

    def test_is_not_written_among_other_files(self, tmp_path, system, file):
        (tmp_path / "mine.txt").touch()
        with pytest.raises(CommandError, match="has other files"):
            call_command("export_site", tmp_path, "--format", system)
