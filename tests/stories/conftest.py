"""The test client, signed in as a member of staff; `client.user` is the account."""

import pytest

from tests.factories import make_user


@pytest.fixture
def editor(client):
    client.user = make_user("Editor", username="grace")
    client.force_login(client.user)
    return client


@pytest.fixture
def writer(client):
    client.user = make_user("Writer")
    client.force_login(client.user)
    return client
