import pytest

from stories.admin import guide
from stories.models import Section
from tests.factories import make_story_in, make_user


class TheGuide:
    def test_has_a_part_for_each_section_of_the_form(self):
        anchors = {heading.anchor for heading in guide.rendered().headings}
        assert set(guide.ANCHORS.values()) <= anchors
        assert {s.name.lower() for s in Section if s.value} <= set(guide.ANCHORS)

    @pytest.mark.django_db
    def test_is_read_at_the_desk_by_who_sees_stories(self, client):
        client.force_login(make_user("Writer"))
        page = client.get("/admin/stories/story/guide/").text
        assert '<h2 id="write-a-story">' in page
        client.force_login(make_user(is_staff=True))
        assert client.get("/admin/stories/story/guide/").status_code == 403

    @pytest.mark.django_db
    def test_is_linked_where_the_question_arises(self, client):
        client.force_login(make_user("Editor"))
        story = make_story_in("draft")
        page = client.get(f"/admin/stories/story/{story.pk}/change/").text
        assert 'href="/admin/stories/story/guide/#publish-schedule-withdraw"' in page


@pytest.mark.django_db
class TheStoryForm:
    def test_begins_with_title_and_text_and_has_its_sections_in_the_order_of_work(self, client):
        client.force_login(make_user("Editor"))
        page = client.get("/admin/stories/story/add/").text
        places = [
            page.index(f'id="id_{name}"')
            for name in (
                "title",
                "body",
                "excerpt",
                "founders",
                "cover_alt",
                "publish_at",
                "pinned",
            )
        ]
        assert places == sorted(places)

    def test_has_no_empty_section_for_a_writer(self, client):
        client.force_login(make_user("Writer"))
        page = client.get("/admin/stories/story/add/").text
        assert "<summary>Publishing</summary>" not in page
        assert "<summary>Founders and tags</summary>" in page
