from typing import Any

from django import template
from django.template import Context

from stories.admin.dashboard import dashboard
from stories_project.text.sentences import inside_sentence

register = template.Library()
register.filter(inside_sentence)


@register.inclusion_tag("admin/_dashboard.html", takes_context=True)
def show_dashboard(context: Context) -> dict[str, Any]:
    """Show what waits for the user."""
    return {**dashboard(context["request"].user), "csrf_token": context["csrf_token"]}
