from typing import Any

from django import template
from django.contrib.admin.templatetags.admin_list import result_headers
from django.contrib.admin.views.main import ChangeList
from django.template import Context

from stories.admin import navigation
from stories.admin.dashboard import dashboard
from stories.admin.states import pill_of
from stories_project.next_steps import steps_of
from stories_project.text.sentences import inside_sentence

register = template.Library()
register.filter(inside_sentence)
register.filter("steps", steps_of)
register.filter("pill", pill_of)


@register.inclusion_tag("admin/_dashboard.html", takes_context=True)
def show_dashboard(context: Context) -> dict[str, Any]:
    """Show what waits for the user."""
    return {**dashboard(context["request"].user), "csrf_token": context["csrf_token"]}


@register.inclusion_tag("admin/_navigation.html", takes_context=True)
def show_navigation(context: Context) -> dict[str, Any]:
    """Show the links of the header that the user may open."""
    return {"links": navigation.links(context["request"])}


@register.filter
def headers(changelist: ChangeList) -> list[dict[str, Any]]:
    """Return the headers of the columns of a list, with the addresses that sort it."""
    return list(result_headers(changelist))
