from django import template

from stories.admin.dashboard import dashboard

register = template.Library()


@register.inclusion_tag("admin/_dashboard.html", takes_context=True)
def show_dashboard(context):
    """Show what waits for whoever has signed in."""
    return dashboard(context["request"].user)
