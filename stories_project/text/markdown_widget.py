from typing import Any

from django import forms
from markdownx.widgets import MarkdownxWidget


class MarkdownInput(MarkdownxWidget):
    """A text area for Markdown with a preview beside it. It also works without JavaScript."""

    template_name = "admin/widgets/markdown.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, has_preview: bool = True) -> None:
        """Set `has_preview` to False where the whole page is shown beside the text."""
        super().__init__(attrs)
        self.has_preview = has_preview

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add `has_preview`."""
        context = super().get_context(name, value, attrs)
        context["widget"]["has_preview"] = self.has_preview
        return context

    class Media:
        extend = False  # our own script replaces markdownx's, which loses pasted text
        js = (forms.Script("js/markdown_editor.js", type="module"),)
