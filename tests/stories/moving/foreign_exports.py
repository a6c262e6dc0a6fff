"""Small exports of other sites, made in code."""

import json
import zipfile
from xml.sax.saxutils import escape

from stories.models import Story
from stories.moving.mapping import read_mapping
from stories.moving.moved_content import Choices
from stories.moving.moving_in import MovingIn
from stories.moving.plan import plan_for
from stories.moving.sources import source_of
from tests.factories import picture

PNG = picture().read()
OLD = "https://old.example"


def move(kind, path, *, site=OLD, dry_run=False, run=None, mapping="", permalink="", **choices):
    """Import an export; return its lines by the names of the entries."""
    source = source_of(kind, path, site)
    chosen = Choices(mapping=read_mapping(mapping), site_url=site, **choices)
    moving = MovingIn(source, plan_for(source, permalink), chosen, run, dry_run)
    return {line.name: line for line in moving.lines()}


def body_of(**story):
    return Story.objects.get(**story).body


def zip_of(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


# Ghost


def text(words, bits=0):
    return {"type": "extended-text", "text": words, "format": bits}


def paragraph(*children):
    return {"type": "paragraph", "children": list(children)}


def lexical(*nodes):
    return json.dumps({"root": {"type": "root", "children": list(nodes)}})


def mobiledoc(*sections, atoms=(), cards=(), markups=()):
    data = {"version": "0.3.1", "atoms": list(atoms), "cards": list(cards)}
    return json.dumps({**data, "markups": list(markups), "sections": list(sections)})


def ghost_post(number=1, **values):
    post = {
        "id": f"{number:024}",
        "uuid": f"uuid-{number}",
        "title": f"Post {number}",
        "slug": f"post-{number}",
        "lexical": lexical(paragraph(text("The text."))),
        "mobiledoc": None,
        "html": "<p>The text.</p>",
        "status": "published",
        "visibility": "public",
        "type": "post",
        "published_at": "2021-03-24T04:34:10.000Z",
        "custom_excerpt": "An excerpt.",
        "feature_image": None,
    }
    return post | values


def ghost(path, *posts, version="5.80.0", **tables):
    """Write an export of Ghost: a ZIP if the path says so, with the picture 2021/a.png."""
    data = {"meta": {"version": version}, "data": {"posts": list(posts), **tables}}
    content = json.dumps({"db": [data]})
    if path.suffix == ".zip":
        return zip_of(
            path, {"site/data/export.json": content, "site/content/images/2021/a.png": PNG}
        )
    path.write_text(content)
    return path


# WordPress

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0"
  xmlns:excerpt="http://wordpress.org/export/{version}/excerpt/"
  xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:wp="http://wordpress.org/export/{version}/">
<channel><title>Old</title><link>https://old.example</link>
<wp:wxr_version>{version}</wp:wxr_version>
<wp:base_site_url>https://old.example</wp:base_site_url>
<wp:base_blog_url>https://old.example</wp:base_blog_url>
<wp:author><wp:author_login>jane</wp:author_login>
<wp:author_display_name><![CDATA[Jane Doe]]></wp:author_display_name></wp:author>
"""


def wordpress_item(number=1, content="The text.", *, more="", meta=None, **values):
    values = {
        "post_id": number,
        "post_name": f"post-{number}",
        "status": "publish",
        "post_type": "post",
        "post_date": "2019-05-01 12:00:00",
        "post_date_gmt": "2019-05-01 10:00:00",
        "post_password": "",
        **values,
    }
    title = values.pop("title", f"Post {number}")
    link = values.pop("link", f"https://old.example/2019/05/post-{number}/")
    fields = "".join(f"<wp:{n}>{escape(str(v))}</wp:{n}>" for n, v in values.items())
    metas = "".join(
        f"<wp:postmeta><wp:meta_key>{n}</wp:meta_key><wp:meta_value>{escape(v)}</wp:meta_value>"
        "</wp:postmeta>"
        for n, v in (meta or {}).items()
    )
    return (
        f"<item><title>{escape(title)}</title><link>{link}</link><dc:creator>jane</dc:creator>"
        f"<content:encoded><![CDATA[{content}]]></content:encoded>"
        f"<excerpt:encoded><![CDATA[An excerpt.]]></excerpt:encoded>{fields}{metas}{more}</item>"
    )


def attachment(number, file, alt="", parent=0, caption=""):
    return wordpress_item(
        number,
        title=file,
        post_type="attachment",
        status="inherit",
        post_parent=parent,
        attachment_url=f"https://old.example/wp-content/uploads/{file}",
        meta={"_wp_attachment_image_alt": alt} if alt else {},
    ).replace("An excerpt.", caption)


def wordpress(path, *items, version="1.2", encoding="utf-8", pictures=()):
    """Write an export of WordPress: a ZIP with pictures if the path says so."""
    content = HEAD.format(version=version) + "".join(items) + "</channel></rss>"
    content = content.replace("UTF-8", encoding).encode(encoding)
    if path.suffix == ".zip":
        files = {f"wp-content/uploads/{name}": PNG for name in pictures}
        return zip_of(path, {"export.xml": content, **files})
    path.write_bytes(content)
    return path
