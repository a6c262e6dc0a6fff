import pytest

from tests.factories import make_user

PASSWORD = "a long loom of words"


@pytest.fixture
def editor(db):
    """Return an editor who signs in with PASSWORD."""
    user = make_user("Editor", username="mina", email="mina@example.org", first_name="Mina")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def sign_in(client):
    """Return a function that sends the sign-in form, and returns the response."""

    def send(name="mina", password=PASSWORD, **more):
        return client.post("/account/login/", {"login": name, "password": password, **more})

    return send
