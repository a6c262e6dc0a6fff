from typing import Any, NamedTuple

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from markdownx.widgets import MarkdownxWidget

from stories_project.publication.current import current
from stories_project.text.markdown import ALT_TO_WRITE


class Command(NamedTuple):
    """What `static/js/writing/formatting.js` does with a text; `sign` stands on its button."""

    name: str
    label: str | Promise
    sign: str
    keys: str = ""


COMMANDS = (
    Command("bold", _("Bold"), "B", "Control+B"),
    Command("italic", _("Italic"), "I", "Control+I"),
    Command("link", _("Link"), "↗", "Control+K"),
    Command("heading", _("Heading"), "H2", "Control+Alt+2"),
    Command("subheading", _("Subheading"), "H3", "Control+Alt+3"),
    Command("bullets", _("List"), "•", "Control+Shift+8"),
    Command("numbers", _("Numbered list"), "1.", "Control+Shift+7"),
    Command("quote", _("Pull quote"), "❝", "Control+Shift+9"),
    Command("footnote", _("Footnote"), "¹", "Control+Alt+F"),
)
# What "/" offers at the beginning of a line.
BLOCKS = (
    Command("act", _("Act heading"), ""),
    *(COMMANDS[number] for number in (3, 4, 7, 5, 6, 8)),
    Command("picture", _("Figure"), ""),
    Command("embed", _("Video or post"), ""),
    Command("source", _("Source"), ""),
    Command("table", _("Table"), ""),
    Command("rule", _("Line"), ""),
)


class MarkdownInput(MarkdownxWidget):
    """A text area for Markdown with a preview beside it. It also works without JavaScript."""

    template_name = "admin/widgets/markdown.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, has_preview: bool = True) -> None:
        """Set `has_preview` to False where the whole page is shown beside the text."""
        super().__init__(attrs)
        self.has_preview = has_preview

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add what the toolbar and the menus offer."""
        context = super().get_context(name, value, attrs)
        context["widget"] |= {
            "has_preview": self.has_preview,
            "words_a_minute": current().words_a_minute,
            "commands": COMMANDS,
            "blocks": BLOCKS,
            "alt_to_write": ALT_TO_WRITE,
        }
        return context

    class Media:
        extend = False  # our own script replaces markdownx's, which loses pasted text
        js = (forms.Script("js/markdown_editor.js", type="module"),)
