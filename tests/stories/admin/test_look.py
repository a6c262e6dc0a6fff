"""The desk is one house with the public site."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from stories_project.publication.current import current, trying
from tests.factories import make_user

CSS = Path(__file__).resolve().parents[3] / "static" / "css"
TOKENS = (
    *("white", "cream", "sand", "grey", "black", "oxblood", "amber", "paper", "page", "raised"),
    *("rule", "text", "quiet", "accent", "found", "display", "serif", "sans"),
)


def tokens_of(name):
    found = dict(re.findall(r"^\s+--([a-z]+): (.*);$", (CSS / name).read_text(), re.MULTILINE))
    return {token: found[token] for token in TOKENS}


class TheDesk:
    def test_has_the_type_paper_and_ink_of_the_site(self):
        assert tokens_of("desk/tokens.css") == tokens_of("site.css")

    @pytest.mark.django_db
    def test_shows_each_role_where_it_may_go(self, client):
        places = {
            "Writer": ["Stories", "Calendar", "Pictures", "Founders", "Tags", "Series"],
            "Moderator": ["Stories", "Calendar", "Pictures", "Founders", "Tags", "Series"],
            None: [],
        }
        for role, labels in places.items():
            user = make_user(role) if role else make_user(is_staff=True)
            client.force_login(user)
            page = client.get("/admin/").text
            nav = page.partition('id="desk-nav"')[2].partition("</nav>")[0]
            assert re.findall(r"<a [^>]*>([^<]+)</a>", nav) == labels, role

    @pytest.mark.django_db
    def test_opens_founders_on_the_queue_for_who_decides(self, client):
        queue, profiles = "/admin/stories/suggestion/queue/", "/admin/founders/founder/"
        for role, address in (("Moderator", queue), ("Writer", profiles)):
            client.force_login(make_user(role))
            assert f'<a href="{address}">Founders</a>' in client.get("/admin/").text

    @pytest.mark.django_db
    def test_offers_to_write_only_to_who_may(self, client):
        for role, may_write in (("Writer", True), ("Moderator", False)):
            client.force_login(make_user(role))
            assert ("Write a story" in client.get("/admin/").text) is may_write

    @pytest.mark.django_db
    def test_uses_the_colours_of_the_operator(self, client):
        client.force_login(make_user("Editor"))
        with trying(replace(current(), accent="#0a4d68", dark_accent="#9fd3ea")):
            assert "/colours-0a4d68-9fd3ea.css" in client.get("/admin/").text
