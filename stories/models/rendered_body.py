from typing import Any

from django.db import models
from django.utils.safestring import SafeString

from stories_project.text import markdown


class RenderedBody(models.Model):
    """Stores the HTML of a Markdown `body`, so that a page view renders no Markdown.

    After a release with a newer renderer, run `manage.py render_stories` to store the HTML again.
    Until then an outdated body is rendered each time it is shown.
    """

    body: Any

    body_html = models.TextField(editable=False, blank=True)
    body_headings = models.JSONField(editable=False, default=list)
    word_count = models.PositiveIntegerField(editable=False, default=0)
    renderer_version = models.PositiveSmallIntegerField(editable=False, default=0)

    class Meta:
        abstract = True

    @property
    def html(self) -> SafeString:
        """The body as safe HTML."""
        self._render_if_outdated()
        return markdown.as_rendered(self.body_html)

    @property
    def headings(self) -> list[markdown.Heading]:
        """The headings of the body, for the table of contents."""
        self._render_if_outdated()
        return [markdown.Heading(*heading) for heading in self.body_headings]

    def render_body(self) -> None:
        """Render the body and set the columns that keep the result, without saving them."""
        for column, value in self.stored(markdown.render(self.body)).items():
            setattr(self, column, value)

    def store_html(self) -> None:
        """Render the body and save only the columns that keep the result."""
        columns = self.stored(markdown.render(self.body))
        type(self)._default_manager.filter(pk=self.pk).update(**columns)

    @staticmethod
    def stored(rendering: markdown.Rendering) -> dict[str, Any]:
        """Return {column: value} for the columns that keep a rendering."""
        return {
            "body_html": str(rendering.html),
            "body_headings": [[h.level, h.anchor, h.text] for h in rendering.headings],
            "word_count": rendering.words,
            "renderer_version": markdown.RENDERER_VERSION,
        }

    def _render_if_outdated(self) -> None:
        if self.renderer_version != markdown.RENDERER_VERSION:
            self.render_body()
