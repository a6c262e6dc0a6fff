from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from founders.models import Founder
from stories_project.env import NetworkAddress
from stories_project.pictures.renditions import picture_of
from stories_project.pictures.uploads import store_image
from tests.factories import make_founder, make_user, picture


@pytest.fixture
def name(db):
    return store_image(picture(size=(400, 300)), "portraits")


@pytest.fixture
def founder(name):
    return make_founder(portrait=name, portrait_alt="A woman at a loom")


def ask(client, address):
    """Return the response to a request, whose file is read to its end, and so closed."""
    response = client.get(address, follow=True)
    if response.streaming:
        response.getvalue()
    return response


def address(founder):
    return founder.portrait_picture.address(320, "jpg")


@pytest.fixture
def decide(django_capture_on_commit_callbacks):
    """Return a function that hides or approves a founder, as in a transaction that is committed."""

    def decide(founder, verb, *reason):
        with django_capture_on_commit_callbacks(execute=True):
            getattr(founder, verb)(*reason)

    return decide


class APortrait:
    def test_of_an_approved_founder_is_public(self, client, founder):
        response = ask(client, address(founder))
        assert response.status_code == 200
        assert response["Cache-Control"] == "public, max-age=31536000, immutable"

    @pytest.mark.parametrize("state", ["draft", "pending", "rejected", "hidden"])
    def test_of_any_other_founder_is_for_the_staff_only(self, client, founder, state):
        Founder.objects.filter(pk=founder.pk).update(status=state)
        assert ask(client, address(founder)).status_code == 404
        client.force_login(make_user())
        assert ask(client, address(founder)).status_code == 404
        client.force_login(make_user("Writer"))
        response = ask(client, address(founder))
        assert response.status_code == 200
        assert "no-store" in response["Cache-Control"]

    def test_loses_its_renditions_when_the_founder_is_hidden(self, client, founder, decide):
        ask(client, address(founder))
        (file,) = Path(default_storage.location).glob("renditions/portraits/*-320.jpg")
        decide(founder, "hide", "They asked us to.")
        assert not file.exists()
        assert default_storage.exists(founder.portrait.name)

    def test_comes_back_when_the_founder_is_approved_again(self, client, founder, decide):
        decide(founder, "hide", "They asked us to.")
        decide(founder, "approve")
        assert ask(client, address(founder)).status_code == 200

    def test_stays_while_another_approved_founder_has_it(self, client, founder, decide, name):
        make_founder(portrait=name, portrait_alt="The same picture")
        decide(founder, "hide", "They asked us to.")
        assert ask(client, address(founder)).status_code == 200

    def test_cannot_be_had_by_the_name_of_the_upload(self, client, founder, decide):
        decide(founder, "hide", "They asked us to.")
        response = ask(client, default_storage.url(founder.portrait.name))
        assert response.status_code == 404

    def test_is_purged_from_a_network_with_its_founder(self, client, founder, settings):
        settings.NETWORK = NetworkAddress("varnish", api="http://127.0.0.1:9")
        assert founder.surrogate_key in ask(client, address(founder))["Surrogate-Key"].split()

    def test_needs_one_query(self, client, founder, django_assert_num_queries):
        ask(client, address(founder))
        with django_assert_num_queries(1):
            ask(client, address(founder))


class AnyOtherPicture:
    def test_needs_no_query(self, client, db, django_assert_num_queries):
        name = store_image(picture(size=(400, 300)), "covers")
        ask(client, picture_of(name).address(320, "jpg"))
        with django_assert_num_queries(0):
            assert ask(client, picture_of(name).address(320, "jpg")).status_code == 200
