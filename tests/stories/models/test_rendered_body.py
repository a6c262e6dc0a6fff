"""The HTML of a story is stored on save, and by a command after a release with a new renderer."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stories.models import Story
from tests.factories import make_story, reload

pytestmark = pytest.mark.django_db


class AStoryRenderedByAnOlderRelease:
    @pytest.fixture(autouse=True)
    def _story(self):
        self.story = make_story(slug="old", body="## Act I\n\n*New* markup.")
        outdated = {"body_html": "<p>Old markup.</p>", "body_headings": [], "renderer_version": 0}
        Story.objects.filter(pk=self.story.pk).update(**outdated)

    def test_is_shown_with_the_present_renderer(self, client):
        page = client.get("/stories/old/").text
        assert "<em>New</em> markup." in page
        assert "Old markup." not in page

    def test_is_not_saved_when_somebody_reads_it(self, client):
        with CaptureQueriesContext(connection) as queries:
            client.get("/stories/old/")
        assert not [q for q in queries if q["sql"].startswith(("UPDATE", "INSERT", "DELETE"))]
        assert reload(self.story).renderer_version == 0

    def test_is_rendered_again_by_the_command(self, capsys):
        make_story()
        modified_at = reload(self.story).modified_at
        call_command("render_stories")
        assert "Stories rendered: 1." in capsys.readouterr().out
        story = reload(self.story)
        assert "<em>New</em> markup." in story.body_html
        assert [heading.text for heading in story.headings] == ["Act I"]
        assert story.modified_at == modified_at
        assert not Story.objects.with_outdated_html().exists()
