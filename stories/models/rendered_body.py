from django.db import models

from stories_project.text import markdown


class RenderedBody(models.Model):
    """The HTML of a Markdown `body`, stored beside it, so that a page renders no Markdown."""

    body_html = models.TextField(editable=False, blank=True)
    body_headings = models.JSONField(editable=False, default=list)
    word_count = models.PositiveIntegerField(editable=False, default=0)
    renderer_version = models.PositiveSmallIntegerField(editable=False, default=0)

    class Meta:
        abstract = True

    @property
    def html(self):
        """The body as safe HTML, rendered when it was saved."""
        self._render_again_if_outdated()
        return markdown.as_rendered(self.body_html)

    @property
    def html_for_feeds(self):
        """The body as safe HTML that can be shown under another address."""
        return markdown.with_whole_addresses(self.html)

    @property
    def headings(self):
        """The headings of the body, for the list of contents."""
        self._render_again_if_outdated()
        return [markdown.Heading(*heading) for heading in self.body_headings]

    def render_body(self):
        """Turn the body into the columns that are stored beside it, and return them."""
        columns = self.stored(markdown.render(self.body))
        for column, value in columns.items():
            setattr(self, column, value)
        return columns

    @staticmethod
    def stored(rendering):
        """Return the columns that keep a `markdown.Rendering`, and their values."""
        return {
            "body_html": str(rendering.html),
            "body_headings": [[h.level, h.anchor, h.text] for h in rendering.headings],
            "word_count": rendering.words,
            "renderer_version": markdown.RENDERER_VERSION,
        }

    def _render_again_if_outdated(self):
        if self.renderer_version != markdown.RENDERER_VERSION:
            rendered = self.render_body()
            type(self)._default_manager.filter(pk=self.pk).update(**rendered)
