"""The directory: by family name where it is known, under the letters that there are."""

import re

import pytest
from django.db import connection

from founders.models import Founder
from stories.moderating.founder_merges import merge_founders
from tests.factories import make_founder, make_user, reload
from tests.page_cache_client import CachingClient

pytestmark = pytest.mark.django_db


def names(client, address="/founders/"):
    """The names of the directory in their order."""
    rows = re.findall(r'class="entry__name"><a [^>]*><bdi>(.*?)</bdi>', client.get(address).text)
    return [re.sub("<.*?>", "", row) for row in rows]


def letters(client, address="/founders/"):
    shown = re.search(r'<nav class="letters".*?</nav>', client.get(address).text, re.DOTALL)
    return re.findall(r">([^<\s]+)</a>", shown[0])[:-1] if shown else []


class TheDirectory:
    def test_is_sorted_by_family_name_and_by_name_without_one(self, client):
        make_founder(name="Ada Byron", family_name="Byron")
        make_founder(name="Zoë Byrne", family_name="Byrne")
        make_founder(name="Anna Byron", family_name="byron")
        make_founder(name="Cher")
        make_founder(name="Ågot Boe", family_name="Boe")
        assert names(client) == ["Ågot Boe", "Zoë Byrne", "Ada Byron", "Anna Byron", "Cher"]

    def test_sorts_a_short_family_name_before_a_longer_one(self, client):
        make_founder(name="Ada Byrone", family_name="Byrone")
        make_founder(name="Zoë Byron", family_name="Byron")
        assert names(client) == ["Zoë Byron", "Ada Byrone"]

    def test_shows_only_letters_that_somebody_stands_under(self, client):
        make_founder(name="Ada Byron", family_name="Byron")
        make_founder(name="Ole Ærø", family_name="Ærø")
        make_founder(name="Σωκράτης")
        make_founder(name="Ахмат", family_name="Ахмат")
        make_founder("pending", name="Xavier Roussel")
        assert letters(client) == ["B", "Æ", "Σ", "А"]

    @pytest.mark.parametrize("name", ["豊田 佐吉", "김구", "3M Founder", "🚀"])
    def test_has_names_that_begin_with_no_letter_last(self, client, name):
        make_founder(name=name, slug="x")
        make_founder(name="Яна")
        assert letters(client) == ["Я", "…"]
        assert names(client) == ["Яна", name]
        assert names(client, "/founders/?letter=%E2%80%A6") == [name]

    @pytest.mark.parametrize("letter", ["B", "b", "b%CC%81"])
    def test_shows_who_stands_under_a_letter(self, client, letter):
        make_founder(name="Ada Byron", family_name="Byron")
        make_founder(name="Bea Zon", family_name="Zon")
        assert names(client, f"/founders/?letter={letter}") == ["Ada Byron"]

    @pytest.mark.parametrize("letter", ["Q", "%00", "toolong", "%20", "1", "&letter=B"])
    def test_answers_to_any_other_letter(self, client, letter):
        make_founder(name="Ada Byron", family_name="Byron")
        assert client.get(f"/founders/?letter={letter}").status_code == 200

    def test_loses_a_letter_at_once_with_the_last_founder_under_it(self):
        ada, _ = make_founder(name="Ada Byron", family_name="Byron"), make_founder(name="Cher")
        cached = CachingClient()
        assert b"?letter=B" in cached.get("/founders/").body
        ada.hide("They asked us to.")
        cached.cache.freshness.hurry()
        assert b"?letter=B" not in cached.get("/founders/").body

    def test_reads_page_and_letters_in_the_order_of_one_index(self):
        for number in range(300):
            Founder(name=f"Founder {number}", slug=f"f-{number}", status="approved").save()
        page = Founder.objects.approved().by_family_name().for_directory()[:49]
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                # It reads a small table whole.
                cursor.execute("ANALYZE founders_founder")
                cursor.execute("SET LOCAL enable_seqscan = off")
        plan = page.explain()
        assert "founder_by_family_name" in plan
        assert "sort" not in plan.lower().replace("sort_name", "")
        assert "B-TREE" not in plan

    def test_finds_by_a_family_name_of_two_words(self, client):
        make_founder(name="Vincent van Gogh", family_name="van Gogh")
        for typed in ("van g", "gogh", "vincent"):
            assert names(client, f"/founders/?q={typed}") == ["Vincent van Gogh"]


class AFamilyName:
    @pytest.mark.parametrize(
        ("name", "family_name", "parts"),
        [
            ("Ada Byron", "Byron", ("Ada ", "Byron", "")),
            ("Lina Li", "Li", ("Lina ", "Li", "")),
            ("豊田佐吉", "豊田", ("", "豊田", "佐吉")),
            ("Ada Byron", "Lovelace", ("Ada Byron", "", "")),
            ("Ada Byron", "", ("Ada Byron", "", "")),
        ],
    )
    def test_stands_out_where_it_is_in_the_name(self, name, family_name, parts):
        assert Founder(name=name, family_name=family_name).name_parts == parts

    def test_is_asked_for_and_not_guessed(self, client):
        founder = make_founder(name="Mao Zedong", slug="mao")
        client.force_login(make_user("Moderator"))
        form = client.get(f"/admin/founders/founder/{founder.pk}/change/").text
        assert "Is it “Zedong”?" in form
        assert reload(founder).family_name == ""
        assert chr(founder.letter) == "m"

    def test_moves_the_profile_in_the_directory_when_a_moderator_sets_it(self, client):
        founder = make_founder(name="Ada Byron", slug="ada")
        cached = CachingClient()
        assert b"?letter=A" in cached.get("/founders/").body
        client.force_login(make_user("Moderator"))
        values = {"name": "Ada Byron", "slug": "ada", "family_name": "Byron"}
        saved = client.post(f"/admin/founders/founder/{founder.pk}/change/", values)
        assert saved.status_code == 302
        cached.cache.freshness.hurry()
        assert b"?letter=B" in cached.get("/founders/").body

    def test_is_said_to_machines(self, client):
        make_founder(name="Ada Byron", slug="ada", family_name="Byron")
        assert client.get("/api/founders/ada/").json()["family_name"] == "Byron"
        assert '"familyName": "Byron"' in client.get("/founders/ada/").text

    def test_of_a_merged_profile_is_taken_only_if_the_kept_name_has_it(self):
        married, born = make_founder(name="Ada Lovelace"), make_founder(name="Ada Byron")
        other = make_founder(name="Augusta Lovelace", family_name="Lovelace")
        Founder.objects.filter(pk=born.pk).update(family_name="Byron")
        merge_founders(born, married)
        assert reload(married).family_name == ""
        merge_founders(other, married)
        assert reload(married).family_name == "Lovelace"
