from typing import Any

from django.db import models
from django.utils.safestring import SafeString

from stories_project.text import markdown


class RenderedBody(models.Model):
    """The HTML of a Markdown `body`, stored beside it, so that a page renders no Markdown.

    After a release with a newer renderer, `manage.py render_stories` stores the HTML again; until
    then the body is rendered each time it is shown.
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
    def html_for_feeds(self) -> SafeString:
        """The body as safe HTML that can be shown under another address."""
        return markdown.with_whole_addresses(self.html)

    @property
    def headings(self) -> list[markdown.Heading]:
        """The headings of the body, for the list of contents."""
        self._render_if_outdated()
        return [markdown.Heading(*heading) for heading in self.body_headings]

    def render_body(self) -> None:
        """Render the body into the columns beside it, which are not saved yet."""
        for column, value in self.stored(markdown.render(self.body)).items():
            setattr(self, column, value)

    def store_html(self) -> None:
        """Render the body and save nothing but the columns beside it."""
        columns = self.stored(markdown.render(self.body))
        type(self)._default_manager.filter(pk=self.pk).update(**columns)

    @staticmethod
    def stored(rendering: markdown.Rendering) -> dict[str, Any]:
        """Return the columns that keep a rendering, with their values."""
        return {
            "body_html": str(rendering.html),
            "body_headings": [[h.level, h.anchor, h.text] for h in rendering.headings],
            "word_count": rendering.words,
            "renderer_version": markdown.RENDERER_VERSION,
        }

    def _render_if_outdated(self) -> None:
        if self.renderer_version != markdown.RENDERER_VERSION:
            self.render_body()
