"""Whatever is sent to a public form, or as a picture: a sentence, and nothing half stored.

`EXAMPLES=10000 make test FILE=tests/stories/suggesting/test_any_input.py` tries more of it.
"""

import os
from io import BytesIO

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from stories.models import Suggestion
from stories.suggesting import forms
from stories_project import bot_traps
from tests.factories import make_founder, make_story, make_user

pytestmark = pytest.mark.django_db
many = settings(
    max_examples=int(os.environ.get("EXAMPLES", "60")),
    deadline=None,
    derandomize="EXAMPLES" not in os.environ,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
ODD = [
    *["", " ", "\x00", "\r\n", "\u202e", "\ufeff", "é" * 400, "x" * 6000, "1" * 40, "-1", "٣"],
    *["1e9", "a@b", "a@example.org", "javascript:alert(1)", "http://[", "<b>", "{{ 1 }}", "%s%00"],
    *["https://example.org/\n" * 40, "Grace Hopper", "on"],
]
VALUE = st.one_of(st.sampled_from(ODD), st.text(max_size=300))
FIELDS = st.dictionaries(
    st.sampled_from(["message", "email", "consent", "website", "began", *forms.PROFILE_FIELDS]),
    st.one_of(VALUE, st.lists(VALUE, max_size=3)),
    max_size=14,
)
NOT_SENT = [
    *["founder", "story", "content", "claimed_by", "claimed_at", "decided_by", "decided_at"],
]
GOOD = {"name": "Grace Hopper", "message": "She began with a moth.", "consent": "on"}


@pytest.fixture
def quick(monkeypatch, settings):
    """Accept a form at once, and any number of them."""
    monkeypatch.setattr(bot_traps, "SOONEST", -1)
    settings.ATTEMPTS_AN_HOUR = settings.SUGGESTIONS_AN_HOUR = 10**6


def good():
    """Return a form that is accepted."""
    return GOOD | {"began": signing.dumps("began", salt=bot_traps.SALT)}


class APublicForm:
    def test_that_is_good_is_accepted(self, client, quick):
        assert client.post("/suggest/", good()).status_code == 302

    @many
    @given(sent=FIELDS, is_based_on_a_good_one=st.booleans(), query=VALUE)
    @pytest.mark.parametrize("about", ["founder=ada", "story=loom", "", "founder="])
    def test_stores_all_or_nothing(self, client, quick, about, sent, is_based_on_a_good_one, query):
        with transaction.atomic():
            make_founder(slug="ada")
            make_story(slug="loom")
            path = f"/corrections/?{about}" if about else "/suggest/"
            if about == "founder=":
                path = "/corrections/"
            response = client.post(
                path,
                (good() if is_based_on_a_good_one else {}) | sent,
                query_params={"founder": query} if about == "founder=" else None,
            )
            stored = list(Suggestion.objects.all())
            assert response.status_code in (200, 302, 404, 413)
            assert len(stored) == (response.status_code == 302)
            for suggestion in stored:
                suggestion.full_clean(exclude=NOT_SENT)
                assert client.get(response["Location"]).status_code == 200
            transaction.set_rollback(True)


def pictures():
    """Return the bytes of small pictures in each format that is accepted."""
    files = []
    for form in ("PNG", "JPEG", "GIF", "WEBP"):
        buffer = BytesIO()
        Image.new("RGB", (9, 7), "tomato").save(buffer, form)
        files.append(buffer.getvalue())
    return files


class AnUpload:
    @many
    @given(
        content=st.one_of(st.binary(max_size=200), st.sampled_from(pictures())),
        cut=st.integers(0, 400),
        noise=st.lists(st.tuples(st.integers(0, 300), st.integers(0, 255)), max_size=6),
    )
    def test_is_a_picture_or_is_refused(self, client, content, cut, noise):
        data = bytearray(content[: cut or None])
        for place, byte in noise:
            if place < len(data):
                data[place] = byte
        with transaction.atomic():
            client.force_login(make_user("Writer"))
            upload = SimpleUploadedFile("x.png", bytes(data))
            response = client.post("/markdownx/upload/", {"image": upload})
            assert response.status_code in (200, 400)
            assert set(response.json()) <= {"image_code", "error"}
            transaction.set_rollback(True)
