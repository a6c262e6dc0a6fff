from typing import Any

from django import template
from django.template import Context

from stories.admin.dashboard import dashboard
from stories.models import Notification
from stories_project.text.sentences import inside_sentence

register = template.Library()
register.filter(inside_sentence)
# More are not counted.
COUNTED = 99


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
