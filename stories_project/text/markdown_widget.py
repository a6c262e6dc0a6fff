from django import forms
from markdownx.widgets import MarkdownxWidget


class MarkdownInput(MarkdownxWidget):
    """A Markdown text beside its preview. Without JavaScript, a plain text area."""

    template_name = "admin/widgets/markdown.html"

    def __init__(self, attrs=None, *, has_preview=True):
        """`has_preview` is False where the whole page is shown beside the text."""
        super().__init__(attrs)
        self.has_preview = has_preview

    def get_context(self, name, value, attrs):
        """Say whether there is a preview."""
        context = super().get_context(name, value, attrs)
        context["widget"]["has_preview"] = self.has_preview
        return context

    class Media:
        extend = False  # our own script in place of markdownx's, which loses pasted text
        js = (forms.Script("js/markdown_editor.js", type="module"),)
