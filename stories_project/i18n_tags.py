"""Django's tags for translations; a sentence that is always the same is translated once.

A story page has fifty of them, and to look each up took an eighth of its time. Templates load this
library under Django's own name: `{% load i18n %}`.
"""

from django.template import Library, Node
from django.template.base import FilterExpression, Parser, Token
from django.template.context import Context
from django.templatetags import i18n
from django.utils.translation import get_language

register = Library()
register.filters.update(i18n.register.filters)
register.tags.update(i18n.register.tags)


class RememberedTranslation(Node):
    """A `{% translate %}` of a fixed text: remembers it in each language."""

    child_nodelists = ()

    def __init__(self, node: i18n.TranslateNode) -> None:
        self.node = node
        self._texts: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        """Return the text in the present language."""
        language = get_language()
        text = self._texts.get(language)
        if text is None:
            text = self._texts[language] = self.node.render(context)
        return text


@register.tag("translate")
@register.tag("trans")
def translate(parser: Parser, token: Token) -> Node:
    """Mark a text for translation, as Django's tag does."""
    node = i18n.do_translate(parser, token)
    texts = (node.filter_expression, node.message_context)
    is_fixed = not node.asvar and all(text is None or _is_fixed(text) for text in texts)
    return RememberedTranslation(node) if is_fixed else node


def _is_fixed(text: FilterExpression) -> bool:
    """Whether a text stands in the template between quotation marks, without filters."""
    return not text.filters and text.token[:1] in {'"', "'"}
