from django import template
from django.utils.html import json_script

register = template.Library()


class JsonLd(template.Node):
    """A dictionary as a JSON-LD data block, escaped as Django's own `json_script` does it."""

    def __init__(self, data):
        self.data = data

    def render(self, context):
        """Return the block; nothing where the page has no such data."""
        data = self.data.resolve(context, ignore_failures=True)
        kind = "application/json"
        return json_script(data).replace(kind, "application/ld+json", 1) if data else ""


@register.tag
def json_ld(parser, token):
    """Write the dictionary that is named as structured data: `{% json_ld structured_data %}`."""
    _, name = token.split_contents()
    return JsonLd(parser.compile_filter(name))
