"""The quota of uploads: the picture is left out, and the text is kept."""

import pytest

from tests.factories import make_founder, make_user, picture, reload

pytestmark = pytest.mark.django_db

UPLOAD = "/markdownx/upload/"


@pytest.fixture
def moderator(client, settings):
    settings.UPLOADS_A_DAY = 2
    client.force_login(make_user("Moderator"))
    return client


def upload(client):
    return client.post(UPLOAD, {"image": picture()})


class AnAccount:
    def test_uploads_as_many_pictures_as_its_quota_allows(self, moderator):
        assert [upload(moderator).status_code for _ in range(3)] == [200, 200, 400]
        assert "Try tomorrow" in upload(moderator).json()["error"]

    def test_over_its_quota_still_saves_the_text(self, moderator):
        for _ in range(2):
            upload(moderator)
        founder = make_founder()
        address = f"/admin/founders/founder/{founder.pk}/change/"
        form = moderator.get(address).context["adminform"].form
        values = {name: form[name].value() or "" for name in form.fields}
        posted = values | {"headline": "Typed with care.", "portrait-upload": picture()}
        page = moderator.post(address, posted, follow=True).text
        assert "this one was left out" in page
        assert reload(founder).headline == "Typed with care."
        assert not reload(founder).portrait

    def test_does_not_use_up_the_quota_of_another(self, moderator):
        for _ in range(3):
            upload(moderator)
        moderator.force_login(make_user("Editor"))
        assert upload(moderator).status_code == 200

    def test_has_its_whole_quota_again_tomorrow(self, moderator, monkeypatch):
        for _ in range(3):
            upload(moderator)
        monkeypatch.setattr("stories_project.rate_limit.time", lambda: 4_000_000_000)
        assert upload(moderator).status_code == 200
