"""Where old addresses lead, in three formats: Netlify and Cloudflare, nginx, and S3.

Who serves the files without any of them still has a page at each old address that leads on.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from django.conf import settings

from founders.models import Founder, FounderPastSlug
from stories.models import OldAddress, Series, SeriesPastSlug, Story, StoryPastSlug, Tag
from stories.models.tag import TagPastSlug
from stories.static_site.places import file_of, place_of
from stories.static_site.writing_files import write_if_other
from stories_project.paths import path_to

FEEDS = ("/feed/", "/founders/:slug/feed/", "/tags/:slug/feed/", "/series/:slug/feed/")
# The policy is that of the served site. The search in the browser also runs WebAssembly.
NGINX_SERVER = """\
# Include this in the server whose root is the directory of the site.
if ($moved_to) { return 301 $moved_to; }
if ($is_gone) { return 410; }
error_page 404 /404.html;
error_page 410 /410.html;
charset utf-8;
location = /_redirects { return 404; }
location = /feed.xml { types { } default_type "application/atom+xml; charset=utf-8"; }
location ~ ^/(founders|tags|series)/[^/]+/feed\\.xml$ {
    types { } default_type "application/atom+xml; charset=utf-8";
}
location ~ feed\\.json$ { types { } default_type application/feed+json; }
location ~ \\.md$ { types { } default_type "text/markdown; charset=utf-8"; }
add_header Content-Security-Policy "default-src 'self'; img-src 'self' data:; \
script-src 'self' 'wasm-unsafe-eval'; object-src 'none'; base-uri 'none'; form-action 'self'; \
frame-ancestors 'none'";
add_header X-Content-Type-Options nosniff;
add_header Referrer-Policy same-origin;
"""
Moves = dict[str, str]


def moves() -> Moves:
    """Return {old path: new path} of everything that has another address now."""
    return dict(_moves())


def _moves() -> Iterator[tuple[str, str]]:
    rows = StoryPastSlug.objects.filter(story__in=Story.objects.published().values("pk"))
    public = set(Story.objects.published().values_list("slug", flat=True))
    for old, slug in rows.values_list("slug", "story__slug").order_by("slug"):
        if old not in public:
            for view in ("story", "story_as_markdown"):
                yield path_to(view, old), place_of(path_to(view, slug))
    moved = OldAddress.objects.filter(story__in=Story.objects.published().values("pk"))
    # A file has no query, so `/?p=12` leads nowhere here.
    moved = moved.exclude(path__startswith="/?")
    for old, slug in moved.values_list("path", "story__slug").order_by("path"):
        yield old, place_of(path_to("story", slug))
    for view, past, shown in (
        ("founder", FounderPastSlug, Founder.objects.approved()),
        ("tag", TagPastSlug, Tag.objects.in_use()),
        ("series", SeriesPastSlug, Series.objects.in_use()),
    ):
        present = set(shown.values_list("slug", flat=True))
        pairs = past.objects.filter(**{f"{view}__in": shown.values("pk")})  # type: ignore[attr-defined]
        for old, slug in pairs.values_list("slug", f"{view}__slug").order_by("slug"):
            if old not in present:
                before, after = path_to(view, old), place_of(path_to(view, slug))
                yield before, after
                yield f"{before}feed/", f"{after}feed.xml"
                yield f"{before}feed.json", f"{after}feed.json"


def gone(moved: Moves) -> list[str]:
    """Return the paths of what was public and is not any more, which answer 410."""
    public = Story.objects.published()
    slugs = set(StoryPastSlug.objects.values_list("slug", flat=True))
    slugs |= set(Story.objects.withdrawn().values_list("slug", flat=True))
    slugs -= set(public.values_list("slug", flat=True))
    paths = {path_to(view, slug) for slug in slugs for view in ("story", "story_as_markdown")}
    hidden = Founder.objects.hidden().values_list("slug", flat=True)
    paths |= {path_to("founder", slug) for slug in hidden}
    return sorted(paths - moved.keys())


def write_rules(directory: Path, server: Path, moved: Moves, removed: list[str]) -> None:
    """Write `_redirects` into the site, and the rules for servers into a directory beside it."""
    write_if_other(directory / "_redirects", _netlify(moved, removed).encode())
    write_if_other(server / "nginx-maps.conf", _nginx(moved, removed).encode())
    write_if_other(server / "nginx-server.conf", NGINX_SERVER.encode())
    write_if_other(server / "s3-redirects.json", _s3(moved).encode())


def _netlify(moved: Moves, removed: list[str]) -> str:
    lines = [f"{old} {new} 301" for old, new in moved.items()]
    lines += [f"{feed} {feed.removesuffix('/')}.xml 301" for feed in FEEDS]
    lines += [f"{path} /410.html 410" for path in removed]
    return "\n".join([*lines, ""])


def _nginx(moved: Moves, removed: list[str]) -> str:
    """Return maps and the lines of a server that use them. nginx compares decoded paths."""
    return "\n".join(
        [
            "# Include this at the level of http, and nginx-server.conf in the server.",
            "map_hash_bucket_size 1024;",
            "map_hash_max_size 262144;",
            "map $uri $moved_to {",
            '    default "";',
            *(f'    "{unquote(old)}" "{new}";' for old, new in moved.items()),
            r'    "~^(?<feed>/(?:(?:founders|tags|series)/[^/]+/)?feed)/$" "$feed.xml";',
            "}",
            "map $uri $is_gone {",
            "    default 0;",
            *(f'    "{unquote(path)}" 1;' for path in removed),
            "}",
            "",
        ]
    )


def _s3(moved: Moves) -> str:
    """Return objects that lead on: {Key, WebsiteRedirectLocation} for `put-object`."""
    objects = [
        {"Key": file_of(old), "WebsiteRedirectLocation": f"{settings.SITE_URL}{new}"}
        for old, new in moved.items()
    ]
    return json.dumps(objects, ensure_ascii=False, indent=1) + "\n"
