"""Folders of Hugo, Jekyll, Eleventy and Astro: front matter, addresses, pictures and marks."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from stories.models import OldAddress, Story
from stories_project.text import markdown
from tests.factories import make_founder
from tests.stories.moving.foreign_exports import PNG, move, zip_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring(tmp_path):
    """Import a folder with these files; return the lines by the paths of the files."""

    def bring(files, **options):
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return move("folder", tmp_path, **options)

    return bring


def paths():
    return set(OldAddress.objects.values_list("path", flat=True))


class AFrontMatter:
    @pytest.mark.parametrize(
        "text",
        [
            "---\ntitle: 'T: x'\ndate: 2021-01-31T10:00:00+01:00\ntags: [A, B]\n"
            "author:\n  - name: Jane\ndescription: E\n---\nBody.",
            '+++\ntitle = "T: x"\ndate = 2021-01-31T10:00:00+01:00\ntags = ["A", "B"]\n'
            'author = "Jane"\ndescription = "E"\n+++\nBody.',
            '{\n"title": "T: x", "date": "2021-01-31T10:00:00+01:00", "tags": ["A", "B"],\n'
            '"authors": ["Jane"], "summary": "E"\n}\n\nBody.',
            "---\r\ntitle: 'T: x'\r\npubDate: 2021-01-31 10:00:00 +0100\r\ncategories: A\r\n"
            "tags: B\r\nauthor: Jane\r\nexcerpt: E\r\n---\r\nBody.",
        ],
    )
    def test_is_read_in_yaml_toml_and_json(self, bring, text):
        bring({"content/posts/a-post.md": text}, publishes_all=True)
        story = Story.objects.get()
        assert (story.title, story.slug, story.byline, story.excerpt, story.body) == (
            *("T: x", "a-post", "Jane", "E", "Body."),
        )
        assert story.publish_at == datetime(2021, 1, 31, 9, tzinfo=UTC)
        assert {tag.name for tag in story.tags.all()} == {"A", "B"}

    def test_may_have_our_own_keys(self, bring):
        make_founder(name="Ines Duarte", slug="ines")
        text = (
            "---\ntitle: T\ndate: 2021-01-31\nexcerpt: E\nfounders: [ines]\n"
            "takeaways: [One.]\nsources:\n  - title: A book\n---\nBody."
        )
        line = bring({"blog/a.md": text})["blog/a.md"]
        assert line.losses == []
        assert Story.objects.published().get().sources.get().title == "A book"

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("---\ntitle: [x\n---\nBody.", "The front matter is not YAML"),
            ("+++\ntitle = x\n+++\nBody.", "The front matter is not TOML"),
            ("+++\ntitle = 1\nBody.", "+++ is missing"),
            ('{"title": }\nBody.', "The front matter is not JSON"),
            ("---\na: &x [1]\nb: *x\n---\nBody.", "refers to itself"),
            (b"---\ntitle: Gr\xfc\xdfe\n---\n", "The file is not UTF-8"),
        ],
    )
    def test_that_cannot_be_read_is_a_sentence_and_the_others_go_in(self, bring, text, reason):
        lines = bring({"p/bad.md": text, "p/good.md": "---\ndate: 2021-01-31\n---\nBody."})
        assert lines["p/bad.md"].result == "failed"
        assert reason in lines["p/bad.md"].detail
        assert lines["p/good.md"].result == "created"


class AFile:
    @pytest.mark.parametrize(
        ("name", "front", "expected"),
        [
            (
                "_posts/2021-01-31-a-post.md",
                "title: A",
                {"/2021/01/31/a-post.html", "/2021/01/31/a-post", "/a-post.html"},
            ),
            (
                "_posts/2021-01-31-a-post.md",
                "categories: Old News",
                {
                    "/old-news/2021/01/31/a-post.html",
                    "/old-news/2021/01/31/a-post",
                    "/old-news/a-post.html",
                },
            ),
            ("_posts/2021-01-31-a.md", "permalink: /x/y/", {"/x/y"}),
            (
                "content/posts/a.md",
                "date: 2021-01-31\naliases: [/old/a.html]",
                {"/posts/a", "/a", "/old/a.html"},
            ),
            ("content/posts/bundle/index.md", "date: 2021-01-31", {"/posts/bundle", "/bundle"}),
            ("src/content/blog/a.mdx", "pubDate: 'Jan 31'", {"/blog/a", "/a"}),
        ],
    )
    def test_leads_on_from_the_addresses_of_its_program(self, bring, name, front, expected):
        bring({name: f"---\n{front}\n---\nBody."})
        assert paths() == expected

    @pytest.mark.parametrize(
        ("name", "front", "is_public"),
        [
            ("_posts/2021-01-31-a.md", "title: A", True),
            ("_posts/2021-01-31-a.md", "published: false", False),
            ("_drafts/a.md", "title: A", False),
            ("content/a/b.md", "date: 2021-01-31\ndraft: true", False),
            ("content/a/b.md", "title: undated", False),
        ],
    )
    def test_is_public_as_its_program_says(self, bring, name, front, is_public):
        bring({name: f"---\n{front}\n---\nBody."}, publishes_all=True)
        assert Story.objects.published().exists() == is_public

    @pytest.mark.parametrize(
        "files",
        [
            {"about.md": "---\ntitle: About\n---\nx"},
            {"content/_index.md": "---\ntitle: List\n---\nx"},
            {"README.md": "No front matter."},
            {"node_modules/x/a.md": "---\ndate: 2021-01-31\n---\nx", "b.md": "x"},
            {".hidden/a.md": "---\ndate: 2021-01-31\n---\nx", "b.md": "x"},
        ],
    )
    def test_that_is_no_story_becomes_none(self, bring, files):
        assert {line.result for line in bring(files).values()} == {"left-out"}
        assert not Story.objects.exists()

    def test_may_be_in_an_archive(self, tmp_path):
        text = "---\ndate: 2021-01-31\n---\n![A](a.png)"
        path = zip_of(tmp_path / "site.zip", {"site/posts/a.md": text, "site/posts/a.png": PNG})
        move("folder", path)
        assert "(/media/images/" in Story.objects.get().body


class AMarkdownText:
    @pytest.mark.parametrize(
        ("source", "body"),
        [
            ("A *b* _c_ and `[x](y.md)`.", "A *b* _c_ and `[x](y.md)`."),
            ("```\n[x](other.md)\n```", "```\n[x](other.md)\n```"),
            ("[x](other.md) [y](/posts/other/)", "[x](/stories/other/) [y](/stories/other/)"),
            ('[x]({{< ref "other.md" >}})', "[x](/stories/other/)"),
            ("[x]({% post_url other %})", "[x](/stories/other/)"),
            ("[x][1]\n\n[1]: ../posts/other.md", "[x][1]\n\n[1]: /stories/other/"),
            ("{% highlight ruby %}\nputs 1\n{% endhighlight %}", "```ruby\nputs 1\n```"),
            ("Text.\n{: .lead}\n\nEnd.", "Text.\n\n\nEnd."),
            ("Note[^1].\n\n[^1]: The note.", "Note[^1].\n\n[^1]: The note."),
            ("a<br>b <b>c</b>", "a\\\nb **c**"),
            ("| a |\n|---|\n| 1 |", "| a |\n|---|\n| 1 |"),
        ],
    )
    def test_stays_as_it_was_written_but_for_its_addresses(self, bring, source, body):
        front = "---\ndate: 2021-01-31\n---\n"
        bring({"content/posts/a.md": front + source, "content/posts/other.md": f"{front}x"})
        assert Story.objects.get(slug="a").body == body

    @pytest.mark.parametrize(
        "source",
        [
            '![A](a.png "Cap")',
            '![A](/images/b.png "Cap")',
            '{{< figure src="a.png" alt="A" caption="Cap" >}}',
            '<figure><img src="{{ site.baseurl }}/images/b.png" alt="A">'
            "<figcaption>Cap</figcaption></figure>",
            """![A]({{ '/images/b.png' | relative_url }} "Cap")""",
        ],
    )
    def test_has_its_pictures_from_the_folder(self, bring, source):
        text = f"---\ndate: 2021-01-31\n---\n{source}"
        line = bring({"posts/a.md": text, "posts/a.png": PNG, "static/images/b.png": PNG})
        assert [loss for loss in line["posts/a.md"].losses if "draft" not in loss][1:] == []
        html = markdown.render(Story.objects.get().body).html
        assert 'alt="A"' in html
        assert "<figcaption>Cap</figcaption>" in html

    def test_has_no_picture_from_outside_of_the_folder(self, bring, tmp_path):
        (tmp_path.parent / "secret.png").write_bytes(PNG)
        (tmp_path / "posts").mkdir()
        (tmp_path / "posts/link.png").symlink_to(tmp_path.parent / "secret.png")
        text = "---\ndate: 2021-01-31\n---\n![A](../../secret.png) ![B](link.png)"
        line = bring({"posts/a.md": text})["posts/a.md"]
        assert Story.objects.get().body == "A B"
        assert sum("is not among the files" in loss for loss in line.losses) == 2

    def test_says_which_marks_it_had(self, bring):
        text = "---\ndate: 2021-01-31\n---\nA {{< tweet 1 >}} and {% include x.html %}."
        line = bring({"posts/a.md": text})["posts/a.md"]
        assert "Left out: the mark {{< tweet 1 >}}." in line.losses
        assert "Left out: the mark {% include x.html %}." in line.losses


class AFolderWithoutMarkdown:
    def test_is_refused_in_a_sentence(self, tmp_path):
        (tmp_path / "a.txt").write_text("x")
        with pytest.raises(CommandError, match="has no Markdown files"):
            call_command("import_from", "folder", tmp_path)
