"""Pages on which anybody suggests a founder or reports a correction, without an account."""

from copy import copy
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from founders.models import Founder
from stories.models import Story, Suggestion
from stories.suggesting.forms import (
    FounderSuggestionForm,
    ProfileCorrectionForm,
    PublicForm,
    StoryCorrectionForm,
)
from stories_project.cache_headers import never_store
from stories_project.rate_limit import is_over_limit

CORRECTIONS_SHOWN = 50
HOUR = 3600
Kind = Suggestion.Kind
Row = TypeVar("Row", Story, Founder)


@require_http_methods(["GET", "HEAD", "POST"])
def suggest(request: HttpRequest) -> HttpResponse:
    """Show and accept the form that suggests a founder."""
    form = FounderSuggestionForm(request.POST or None)
    if _may_be_saved(request, form):
        suggestion = form.suggestion(kind=Kind.FOUNDER, name=form.cleaned_data["name"])
        return _save(suggestion, form.changes())
    return _show_form(request, "stories/suggest.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def corrections(request: HttpRequest) -> HttpResponse:
    """Show and accept the form that corrects a story or a profile.

    Without `?story=` or `?founder=`, list what was corrected.
    """
    if slug := request.GET.get("story"):
        return _correct_story(request, _get_or_404(Story.objects.published(), slug))
    if slug := request.GET.get("founder"):
        return _correct_profile(request, _get_or_404(Founder.objects.approved(), slug))
    about_public_story = Q(story__in=Story.objects.published())
    about_public_founder = Q(story=None, founder__in=Founder.objects.approved())
    noted = Suggestion.objects.noted().filter(about_public_story | about_public_founder)
    shown = noted.select_related("story", "founder")[:CORRECTIONS_SHOWN]
    return render(request, "stories/corrections.html", {"corrections": shown})


@require_safe
def suggestion(request: HttpRequest, token: str) -> HttpResponse:
    """Show the sender of a suggestion what was decided about it."""
    suggestion = get_object_or_404(Suggestion, token=token)
    return never_store(render(request, "stories/suggestion.html", {"suggestion": suggestion}))


def _correct_story(request: HttpRequest, story: Story) -> HttpResponse:
    form = StoryCorrectionForm(request.POST or None)
    if _may_be_saved(request, form):
        suggestion = form.suggestion(kind=Kind.STORY, name=story.title, story=story)
        return _save(suggestion, content={})
    context = {"form": form, "subject": story, "what": "story"}
    return _show_form(request, "stories/correct.html", context)


def _correct_profile(request: HttpRequest, founder: Founder) -> HttpResponse:
    # The form writes what was sent into its own instance, and `founder` stays as it is stored.
    form = ProfileCorrectionForm(request.POST or None, instance=copy(founder))
    if _may_be_saved(request, form):
        changes = form.changes()
        suggestion = form.suggestion(kind=Kind.PROFILE, name=founder.name, founder=founder)
        suggestion.based_on = {name: getattr(founder, name) for name in changes}
        return _save(suggestion, changes)
    context = {"form": form, "subject": founder, "what": "profile"}
    return _show_form(request, "stories/correct.html", context)


def _get_or_404(rows: "QuerySet[Row]", slug: str) -> Row:
    # PostgreSQL refuses to compare with a text that contains a null character.
    if "\0" in slug:
        raise Http404("There is no such page")
    return get_object_or_404(rows, slug=slug)


def _may_be_saved(request: HttpRequest, form: PublicForm) -> bool:
    """Whether a form was sent, is valid, and is within the rate limits of its client IP address.

    Attempts are counted first, so that nobody can let us validate forms without end.
    """
    if request.method != "POST":
        return False
    if is_over_limit(request, "attempts", settings.ATTEMPTS_AN_HOUR, HOUR):
        form.add_error(
            None, _("You have tried too often. What you typed is still here: try in an hour.")
        )
        return False
    if not form.is_valid():
        return False
    if is_over_limit(request, "suggestions", settings.SUGGESTIONS_AN_HOUR, HOUR):
        form.add_error(
            None, _("You have sent too many. What you typed is still here: try in an hour.")
        )
        return False
    return True


def _save(suggestion: Suggestion, content: dict[str, Any]) -> HttpResponse:
    suggestion.content = content
    suggestion.save()
    return redirect(suggestion)


def _show_form(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Show a form. It must not be cached, because it contains the time at which it was opened."""
    response = render(request, template, context)
    response["Cache-Control"] = "no-store"
    return response
