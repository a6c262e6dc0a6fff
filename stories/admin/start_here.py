"""The desk page on which editors choose the stories that newcomers should read first."""

from typing import Any

from django import forms
from django.contrib.messages import ERROR
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from stories.admin.permissions import DeskRequest, desk_page, of_stories, story_path
from stories.models import StartHere, Story
from stories_project.next_steps import say
from stories_project.primary_keys import is_primary_key
from stories_project.text.printable import PrintableForm

FOUND = 8
LONGEST_TEXT = 100
STEPS = {"up": -1, "down": 1}


class WhyForm(PrintableForm, forms.ModelForm):
    class Meta:
        model = StartHere
        fields = ("why",)
        labels = {"why": gettext_lazy("Why (one sentence)")}


def urls() -> list[URLPattern]:
    """Return the URL patterns of the page and of its buttons."""
    return [
        story_path("start-here/", start_here, "start_here"),
        story_path("start-here/choose/", choose, "start_here_choose"),
        story_path("start-here/<int:pk>/", change, "start_here_change"),
    ]


@require_safe
@of_stories("publish")
def start_here(request: DeskRequest) -> HttpResponse:
    """Show the chosen stories in their order, and find others to choose: `?q=` has words."""
    return _page(request)


@require_POST
@of_stories("publish")
def choose(request: DeskRequest) -> HttpResponse:
    """Put the posted story at the end of the list."""
    key = request.POST.get("story", "")
    story = Story.objects.filter(pk=key).first() if is_primary_key(key) else None
    form = WhyForm(request.POST)
    if story is None or not form.is_valid():
        say(request, _("Find a story first, and choose it from the list."), level=ERROR)
        return redirect("admin:stories_story_start_here")
    try:
        StartHere.objects.choose(story, form.cleaned_data["why"], request.user)
    except ValidationError as error:
        say(request, _("Not added. %(why)s") % {"why": " ".join(error.messages)}, level=ERROR)
    else:
        say(request, _("Readers see “%(story)s” under “Start here”.") % {"story": story})
    return redirect("admin:stories_story_start_here")


@require_POST
@of_stories("publish")
def change(request: DeskRequest, pk: int) -> HttpResponse:
    """Move a story up or down, remove it, or store its sentence; the button says which.

    Whoever moves it has perhaps changed the sentence too: that is stored with each button.
    """
    choice = get_object_or_404(StartHere.objects.select_related("story"), pk=pk)
    what, named = request.POST.get("do", ""), {"story": choice}
    page = reverse("admin:stories_story_start_here")
    if what == "remove":
        choice.remove(request.user)
        say(request, _("“%(story)s” is not under “Start here” any more.") % named)
        return redirect(page)
    if "why" in request.POST:
        form = WhyForm(request.POST, instance=StartHere(pk=pk, story=choice.story))
        if not form.is_valid():
            return _page(request, failed=form)
        choice.explain(form.cleaned_data["why"], request.user)
    choice.move(STEPS.get(what, 0), request.user)
    said = _("“%(story)s” is moved.") if what in STEPS else _("“%(story)s” is stored.")
    say(request, said % named)
    # The keyboard goes on where it was.
    return redirect(f"{page}#choice-{pk}")


def _page(request: DeskRequest, failed: WhyForm | None = None) -> HttpResponse:
    """Return the page; `failed` is a form with errors, which keeps what was typed."""
    chosen = list(StartHere.objects.in_order())
    text = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_TEXT]
    context: dict[str, Any] = {
        "rows": [(choice, _form(choice, failed)) for choice in chosen],
        "text": text,
        "found": _found(text, chosen) if text else [],
        "most": StartHere.MOST,
        "is_full": len(chosen) >= StartHere.MOST,
    }
    return desk_page(request, "start_here", _("Start here"), **context)


def _form(choice: StartHere, failed: WhyForm | None) -> WhyForm:
    broken = {failed.instance.pk: failed} if failed else {}
    form = broken.get(choice.pk) or WhyForm(instance=choice)
    form.auto_id = f"id_%s_{choice.pk}"
    return form


def _found(text: str, chosen: list[StartHere]) -> list[Story]:
    """Return public stories with the words in their titles, without those that are chosen."""
    others = Story.objects.published().exclude(pk__in=[choice.story_id for choice in chosen])
    return list(others.titled(text).newest_first().only("title", "slug", "publish_at")[:FOUND])
