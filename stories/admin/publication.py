"""The desk page on which administrators edit the publication, with its history and a preview."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, resolve, reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stories.admin.permissions import DeskRequest, model_page, model_path
from stories.admin.publication_form import PublicationForm
from stories.models import Story
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import record
from stories_project.cache_headers import never_store
from stories_project.library.uses import note_publication
from stories_project.publication.current import current, newest_revision, save, trying
from stories_project.publication.models import PublicationRevision
from stories_project.publication.values import Publication

PERMISSION = "publication.add_publicationrevision"
REVISIONS_SHOWN = 200
PREVIEWED = {
    "home": _("The front page"),
    "story": _("A story"),
    "about": _("“About”"),
    "privacy": _("“Privacy”"),
    "imprint": _("The imprint"),
}


def urls() -> list[URLPattern]:
    """Return the URL patterns of the page."""
    guarded = partial(model_path, Story, PERMISSION)
    return [
        guarded("publication/", publication, "publication"),
        guarded("publication/preview/", preview, "publication_preview"),
        guarded("publication/history/", history, "publication_history"),
        guarded("publication/history/<int:revision>/use/", use_again, "publication_use"),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def publication(request: DeskRequest) -> HttpResponse:
    """Show the form, and make what it says the publication."""
    newest = newest_revision()
    stored, based_on = (newest.publication, newest.pk) if newest else (current(), 0)
    form = PublicationForm(request.POST or None, request.FILES or None, publication=stored)
    if request.method == "POST":
        is_older = request.POST.get("based_on") != str(based_on)
        if form.is_valid() and is_older:
            text = gettext(
                "Somebody else has saved the publication since you opened this page. Your text is"
                " below. Look at the history, and save again if yours is right."
            )
            form.add_error(None, text)
        if form.is_valid():
            change(request, stored, form.publication())
            messages.success(request, gettext("Saved. Readers see it now, on every page."))
            return redirect("admin:stories_story_publication")
    context = {"form": form, "media": form.media, "based_on": based_on, "previewed": PREVIEWED}
    return model_page(Story, request, "publication", gettext("Publication"), **context)


@require_POST
def preview(request: DeskRequest) -> HttpResponse:
    """Show a public page as it would be with what is in the form. Nothing is saved."""
    form = PublicationForm(request.POST, request.FILES, publication=stored_publication())
    if not form.is_valid():
        errors = {form.fields[name].label or name: found for name, found in form.errors.items()}
        return model_page(Story, request, "publication_errors", gettext("Not yet"), errors=errors)
    tried = form.publication()
    with trying(tried), translation.override(tried.language):
        response = _public_page(_path_of(str(request.POST.get("page"))))
    return never_store(response)


@require_safe
def history(request: DeskRequest) -> HttpResponse:
    """List what the publication was: who changed what, and when."""
    revisions = list(
        PublicationRevision.objects.select_related("saved_by").order_by("-pk")[
            : REVISIONS_SHOWN + 1
        ]
    )
    before = [*(revision.publication for revision in revisions[1:]), Publication()]
    form = PublicationForm(publication=Publication())
    rows = [
        {"revision": revision, "differences": _differences(older, revision.publication, form)}
        for revision, older in zip(revisions, before, strict=False)
    ][:REVISIONS_SHOWN]
    return model_page(Story, request, "publication_history", gettext("History"), rows=rows)


@require_POST
def use_again(request: DeskRequest, revision: int) -> HttpResponse:
    """Make the publication what it was in a revision."""
    chosen = get_object_or_404(PublicationRevision, pk=revision)
    change(request, stored_publication(), chosen.publication)
    text = gettext("The publication is again as in %(revision)s.") % {"revision": chosen}
    messages.success(request, text)
    return redirect("admin:stories_story_publication")


def stored_publication() -> Publication:
    """Return what is stored now, whatever this process knows."""
    newest = newest_revision()
    return newest.publication if newest else current()


def change(request: DeskRequest, stored: Publication, changed: Publication) -> None:
    """Make `changed` the publication, and record what differs from the stored one."""
    save(changed, request.user)
    note_publication(changed)
    names = changed.changed_from(stored)
    record(
        AuditEntry.Kind.PUBLICATION,
        "changed the publication",
        by=request.user,
        before={name: getattr(stored, name) for name in names},
        after={name: getattr(changed, name) for name in names},
    )


def _differences(
    older: Publication, newer: Publication, form: PublicationForm
) -> list[tuple[str, Any, Any]]:
    """Return (label, before, after) of each value that differs."""
    return [
        (form[name].label, getattr(older, name), getattr(newer, name))
        for name in newer.changed_from(older)
    ]


def _path_of(page: str) -> str:
    if page == "story":
        newest = Story.objects.published().newest_first().first()
        return newest.get_absolute_url() if newest else reverse("home")
    if page not in PREVIEWED:
        raise Http404("There is no preview of this page")
    return reverse(page)


def _public_page(path: str) -> HttpResponse:
    """Return a page as a reader gets it."""
    request = HttpRequest()
    request.method, request.path, request.path_info = "GET", path, path
    request.user = AnonymousUser()
    request.resolver_match = match = resolve(path)
    response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    return response
