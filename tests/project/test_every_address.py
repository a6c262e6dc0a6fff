"""Who may open what: every address of the site, asked by everybody, with GET and with POST.

The addresses come from the URL configuration, `addresses.txt` has the answers: a status, or "login"
for the way to the sign-in. After a change of the addresses,

    WRITE_ADDRESSES=1 make test FILE=tests/project/test_every_address.py

writes the file again. Read the difference: a new address must refuse whom it does not serve.
"""

import os
import re
from http.cookies import SimpleCookie
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client
from django.urls import get_resolver

from founders.models import CannedReason
from stories.models import Suggestion, Tag
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import record
from tests.factories import (
    make_company,
    make_founder,
    make_series,
    make_story,
    make_user,
    make_venture,
)
from tests.pictures import make_picture

TABLE = Path(__file__).with_name("addresses.txt")
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
# Addresses with a regular expression in place of parameters. None: it is for no page at all.
SPELT_OUT = {
    r"admin/^(?P<app_label>audit|auth|founders|stories)/$": "admin/stories/",
    r"admin/(?P<url>.*)$": "admin/no/such/page",
    r"account/^confirm-email/(?P<key>[-:\w]+)/$": "account/confirm-email/no-such-key/",
    r"account/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": (
        "account/password/reset/key/1-no-such-key/"
    ),
}


def routes(resolver, prefix=""):
    """Yield the route of each URL pattern."""
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern, route)
        else:
            yield route


@pytest.fixture
def samples(db):
    """Return {beginning of a route: the primary key or the slug of what it is about}."""
    founder = make_founder(slug="ada")
    story = make_story(slug="loom", founders=[founder])
    company = make_company(slug="mill")
    make_venture(founder, company)
    series = make_series(story)
    suggestion = Suggestion.objects.create(kind="founder", name="Grace")
    group, author = Group.objects.get(name="Writer"), make_user("Writer")
    record("tag", "deleted", by="ada")
    keys = {
        "admin/audit/auditentry/": AuditEntry.objects.latest("pk").pk,
        "admin/founders/company/": company.pk,
        "admin/founders/cannedreason/": CannedReason.objects.first().pk,
        **{"admin/stories/story/": story.pk, "admin/stories/tag/": Tag.objects.get().pk},
        **{"admin/stories/suggestion/": suggestion.pk, "admin/founders/founder/": founder.pk},
        **{"admin/auth/user/": author.pk, "admin/auth/group/": group.pk},
    }
    keys["admin/stories/series/"] = series.pk
    keys["admin/stories/suggestion/propose/"] = founder.pk
    keys["admin/stories/story/system/work/"] = uuid4()
    keys["admin/stories/story/pictures/"] = make_picture().pk
    slugs = {
        "stories/": "loom",
        "founders/": "ada",
        "companies/": "mill",
        "series/": series.slug,
        "tags/": Tag.objects.get().slug,
    }
    return keys | slugs


def fill_in(route, samples):
    """Return the path of a route, with the values of the samples, or with what does not exist."""
    if route in SPELT_OUT:
        return SPELT_OUT[route]
    # The longest beginning says best what an address is about.
    longest_first = sorted(samples.items(), key=lambda sample: -len(sample[0]))
    known = [value for start, value in longest_first if route.startswith(start)]
    others = {
        "revision_id": 1,
        "link_id": 1,
        "comment_id": 1,
        "letter_id": 1,
        "pk": 1,
        "revision": 1,
        "month": "2026-01",
        "message": 1,
    }

    def value(match):
        name = match[1]
        is_known = name in ("object_id", "id", "slug") and known
        return str(known[0] if is_known else others.get(name, "no-such-thing"))

    return PARAMETER.sub(value, route)


@pytest.fixture
def cookies(db):
    """Return {who: cookies} for everybody who may ask."""
    users = {
        "reader": make_user(),
        "staff": make_user(is_staff=True),
        **{role.lower(): make_user(role) for role in ("Writer", "Editor", "Moderator")},
        "administrator": make_user(is_staff=True, is_superuser=True),
    }
    cookies = {"anonymous": {}}
    for who, user in users.items():
        client = Client()
        client.force_login(user)
        cookies[who] = {name: morsel.value for name, morsel in client.cookies.items()}
    return cookies


def ask(method, path, cookies):
    """Return the status of an answer, or "login"; whatever the request has changed is undone."""
    client = Client(raise_request_exception=False)
    client.cookies = SimpleCookie(cookies)
    with transaction.atomic():
        response = getattr(client, method.lower())(f"/{path}")
        transaction.set_rollback(True)
    is_login = "/login/" in response.get("Location", "") and response.status_code == 302
    return "login" if is_login else str(response.status_code)


class EveryAddress:
    def test_answers_everybody_as_the_table_says(self, samples, cookies, settings):
        settings.ACCOUNT_RATE_LIMITS = settings.MFA_RATE_LIMITS = False
        settings.ATTEMPTS_AN_HOUR = 10_000
        lines = [" ".join(["method", *cookies, "address"])]
        for route in dict.fromkeys(routes(get_resolver())):
            path = fill_in(route, samples)
            for method in ("GET", "POST"):
                answers = [ask(method, path, of_one) for of_one in cookies.values()]
                lines.append(" ".join([method, *answers, f"/{route}"]))
        table = "\n".join(lines) + "\n"
        if os.environ.get("WRITE_ADDRESSES"):
            TABLE.write_text(table)
        assert " 500 " not in table
        assert table.splitlines() == TABLE.read_text().splitlines()


class TheDesk:
    def test_opens_nothing_for_who_is_not_of_the_staff(self):
        for line in TABLE.read_text().splitlines()[1:]:
            _, anonymous, reader, *_, route = line.split()
            if route.startswith(("/admin/", "/markdownx/")):
                assert {anonymous, reader} <= {"login", "302", "403", "404", "405"}, line

    def test_opens_for_the_staff_without_a_role_what_shows_nothing(self):
        lines = [line.split() for line in TABLE.read_text().splitlines()[1:]]
        opened = {
            route
            for _, _, _, staff, *_, route in lines
            if staff == "200" and route.startswith(("/admin/", "/markdownx/"))
        }
        assert opened == {"/admin/", "/admin/jsi18n/"}
