"""The pages on which somebody without an account suggests a founder or reports a correction."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from founders.models import Founder
from stories.models import Story, Suggestion
from stories.suggesting.forms import (
    FounderSuggestionForm,
    ProfileCorrectionForm,
    StoryCorrectionForm,
)
from stories_project.cache_headers import never_store
from stories_project.rate_limit import is_over_limit

CORRECTIONS_SHOWN = 50
HOUR = 3600
Kind = Suggestion.Kind


@require_http_methods(["GET", "HEAD", "POST"])
def suggest(request):
    """Take the suggestion of a founder."""
    form = FounderSuggestionForm(request.POST or None)
    if _may_be_kept(request, form):
        sent = form.suggestion(kind=Kind.FOUNDER, name=form.cleaned_data["name"])
        return _keep(sent, form.changes())
    return _answer(request, "stories/suggest.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def corrections(request):
    """Take the correction of a story or a profile; without either, list what was corrected."""
    if slug := request.GET.get("story"):
        return _correct_story(request, _found(Story.objects.published(), slug))
    if slug := request.GET.get("founder"):
        return _correct_profile(request, _found(Founder.objects.approved(), slug))
    noted = Suggestion.objects.noted().filter(
        story__in=Story.objects.published()
    ) | Suggestion.objects.noted().filter(founder__in=Founder.objects.approved(), story=None)
    shown = noted.select_related("story", "founder")[:CORRECTIONS_SHOWN]
    return render(request, "stories/corrections.html", {"corrections": shown})


@require_safe
def suggestion(request, token):
    """Show its sender what became of a suggestion."""
    sent = get_object_or_404(Suggestion, token=token)
    return never_store(render(request, "stories/suggestion.html", {"suggestion": sent}))


def _correct_story(request, story):
    form = StoryCorrectionForm(request.POST or None)
    if _may_be_kept(request, form):
        return _keep(form.suggestion(kind=Kind.STORY, name=story.title, story=story), {})
    context = {"form": form, "subject": story, "what": "story"}
    return _answer(request, "stories/correct.html", context)


def _correct_profile(request, founder):
    name = founder.name
    form = ProfileCorrectionForm(request.POST or None, instance=founder)
    if _may_be_kept(request, form):
        sent = form.suggestion(kind=Kind.PROFILE, name=name, founder_id=founder.pk)
        return _keep(sent, form.changes())
    live = Founder.objects.get(pk=founder.pk)  # the form has put its values into the other
    context = {"form": form, "subject": live, "what": "profile"}
    return _answer(request, "stories/correct.html", context)


def _found(rows, slug):
    row = None if "\0" in slug else rows.filter(slug=slug).first()
    if row is None:
        raise Http404("There is nothing of that address")
    return row


def _may_be_kept(request, form):
    """Whether a form was sent, is right, and does not come too often."""
    if request.method != "POST" or not form.is_valid():
        return False
    if is_over_limit(request, "suggestions", settings.SUGGESTIONS_AN_HOUR, HOUR):
        form.add_error(None, "You have sent a lot. What you typed is still here: try in an hour.")
        return False
    return True


def _keep(sent, content):
    sent.content = content
    sent.save()
    return redirect(sent)


def _answer(request, template, context):
    """Show a form; never from a cache, since it knows when it was opened."""
    response = render(request, template, context)
    response["Cache-Control"] = "no-store"
    return response
