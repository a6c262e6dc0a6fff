from django import forms
from markdownx.widgets import MarkdownxWidget


class MarkdownInput(MarkdownxWidget):
    """A Markdown text beside its preview. Without JavaScript, a plain text area."""

    template_name = "admin/widgets/markdown.html"

    class Media:
        extend = False  # our own script in place of markdownx's, which loses pasted text
        js = (forms.Script("js/markdown_editor.js", type="module"),)
