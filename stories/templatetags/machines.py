from django import template
from django.template.base import FilterExpression, Parser, Token
from django.template.context import Context
from django.utils.html import json_script

register = template.Library()


class JsonLd(template.Node):
    """Writes a dictionary as a JSON-LD block, escaped by Django's `json_script`."""

    def __init__(self, data: FilterExpression) -> None:
        self.data = data

    def render(self, context: Context) -> str:
        """Return the block, or nothing if the page has no such data."""
        data = self.data.resolve(context, ignore_failures=True)
        kind = "application/json"
        return json_script(data).replace(kind, "application/ld+json", 1) if data else ""


@register.tag
def json_ld(parser: Parser, token: Token) -> JsonLd:
    """Write a variable of the context as structured data: `{% json_ld structured_data %}`."""
    _, name = token.split_contents()
    return JsonLd(parser.compile_filter(name))
