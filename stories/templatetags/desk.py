from collections.abc import Iterator
from typing import Any

from django import template
from django.contrib.admin.templatetags.admin_list import result_headers
from django.contrib.admin.views.main import ChangeList
from django.forms import BaseForm
from django.template import Context

from stories.admin import guide, navigation
from stories.admin.dashboard import dashboard
from stories.admin.states import pill_of
from stories.models import Notification
from stories_project.next_steps import steps_of
from stories_project.text.sentences import inside_sentence

register = template.Library()
register.filter(inside_sentence)
# More are not counted.
COUNTED = 99

register.filter("steps", steps_of)
register.filter("pill", pill_of)
register.filter("guide_anchor", guide.anchor_of)


@register.inclusion_tag("admin/_dashboard.html", takes_context=True)
def show_dashboard(context: Context) -> dict[str, Any]:
    """Show what waits for the user."""
    return {**dashboard(context["request"].user), "csrf_token": context["csrf_token"]}


@register.inclusion_tag("admin/_bell.html")
def show_bell(user: Any) -> dict[str, Any]:
    """Show how many unread notifications a member of staff has, in one bounded query."""
    if not user.has_perm("stories.view_story"):
        return {"is_shown": False}
    unread = Notification.objects.filter(recipient=user).unread()[: COUNTED + 1].count()
    return {"is_shown": True, "unread": min(unread, COUNTED), "has_more": unread > COUNTED}


@register.inclusion_tag("admin/_navigation.html", takes_context=True)
def show_navigation(context: Context) -> dict[str, Any]:
    """Show the links of the header that the user may open."""
    return {"links": navigation.links(context["request"])}


@register.filter
def problems(form: BaseForm) -> Iterator[dict[str, str]]:
    """Yield the fields of a form that have errors: name, anchor, label and sentence."""
    for name in form.fields:
        if sentences := form.errors.get(name):
            field = form[name]
            anchor = field.id_for_label or field.auto_id
            label, sentence = str(field.label), " ".join(map(str, sentences))
            yield {"name": name, "anchor": anchor, "label": label, "sentence": sentence}


@register.filter
def headers(changelist: ChangeList) -> list[dict[str, Any]]:
    """Return the headers of the columns of a list, with the addresses that sort it."""
    return list(result_headers(changelist))
