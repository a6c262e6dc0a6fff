"""Django's tags for translations; what is always the same is translated once in each language.

A story page has fifty of them, and to look each up took an eighth of its time. Templates load this
library under Django's own name: `{% load i18n %}`.
"""

from django.template import Library, Node
from django.template.base import FilterExpression, Parser, Token, render_value_in_context
from django.template.context import Context
from django.templatetags import i18n
from django.utils.translation import get_language, gettext, pgettext

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


class RememberedSentence(Node):
    """A `{% blocktranslate %}` without a plural: remembers its sentence, fills in the values."""

    child_nodelists = ()

    def __init__(self, node: i18n.BlockTranslateNode) -> None:
        self.node = node
        self.text, self.names = node.render_token_list(node.singular)
        self._sentences: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        """Return the sentence in the present language; what Django's tag says if it cannot."""
        language = get_language()
        sentence = self._sentences.get(language)
        if sentence is None:
            sentence = self._sentences[language] = self._translated(context)
        given = {name: value.resolve(context) for name, value in self.node.extra_context.items()}
        try:
            values = {name: given[name] if name in given else context[name] for name in self.names}
            return sentence % {
                name: render_value_in_context(value, context) for name, value in values.items()
            }
        except (KeyError, ValueError):
            return str(self.node.render(context))

    def _translated(self, context: Context) -> str:
        meaning = self.node.message_context
        return pgettext(meaning.resolve(context), self.text) if meaning else gettext(self.text)


@register.tag("translate")
@register.tag("trans")
def translate(parser: Parser, token: Token) -> Node:
    """Mark a text for translation, as Django's tag does."""
    node = i18n.do_translate(parser, token)
    is_fixed = _is_fixed(node.filter_expression) and _is_fixed(node.message_context)
    return RememberedTranslation(node) if is_fixed and not node.asvar else node


@register.tag("blocktranslate")
@register.tag("blocktrans")
def blocktranslate(parser: Parser, token: Token) -> Node:
    """Mark a sentence with values for translation, as Django's tag does."""
    node = i18n.do_block_translate(parser, token)
    is_fixed = _is_fixed(node.message_context) and not node.plural
    return RememberedSentence(node) if is_fixed and not node.asvar else node


def _is_fixed(text: FilterExpression | None) -> bool:
    """Whether a text is missing, or stands between quotation marks without filters."""
    return text is None or (not text.filters and text.token[:1] in {'"', "'"})
