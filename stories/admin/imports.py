"""The desk pages on which editors move another site in: upload, report, choices, import, undo."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stories.admin.import_forms import ChoicesForm, UploadForm
from stories.admin.permissions import DeskRequest, desk_page, of_stories, story_path
from stories.models import ImportLine, ImportRun
from stories.moving import desk_runs
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import record
from stories_project.background import worker
from stories_project.pagination import paginate

State = ImportRun.State
RUNS_SHOWN, LINES_A_PAGE = 50, 50
PAGE = "admin:stories_story_import"


def urls() -> list[URLPattern]:
    """Return the URL patterns of the imports."""
    return [
        story_path("imports/", imports, "imports"),
        story_path("imports/<int:pk>/", import_run, "import"),
        story_path("imports/<int:pk>/carry-on/", carry_on, "carry_on_import"),
        story_path("imports/<int:pk>/choose/", choose, "choose_import"),
        story_path("imports/<int:pk>/undo/", undo, "undo_import"),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@of_stories("publish")
def imports(request: DeskRequest) -> HttpResponse:
    """List the imports, and begin one with an uploaded file."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        run = desk_runs.begin(
            values["kind"],
            values["file"],
            request.user,
            site=values["site"],
            permalink=values["permalink"],
        )
        desk_runs.start(run, State.LOOKING)
        return redirect(PAGE, run.pk)
    runs = ImportRun.objects.select_related("by").order_by("-pk")[:RUNS_SHOWN]
    return desk_page(request, "imports", gettext("Move another site in"), form=form, runs=runs)


@require_safe
@of_stories("publish")
def import_run(request: DeskRequest, pk: int) -> HttpResponse:
    """Show the report of an import, and what can be done next."""
    run = get_object_or_404(ImportRun, pk=pk)
    return _page(request, run, ChoicesForm(initial=run.choices, user=request.user))


def _page(request: DeskRequest, run: ImportRun, form: forms.Form) -> HttpResponse:
    counts = run.counts()
    labels = dict(ImportLine.Result.choices)
    lines = paginate(request, run.lines.with_losses_first(), LINES_A_PAGE)
    return desk_page(
        request,
        "import_run",
        gettext("Import of %(file)s") % {"file": run},
        run=run,
        form=form,
        lines=lines,
        counts=[(labels[result], count) for result, count in sorted(counts.items())],
        done=sum(counts.values()),
        drives=run.is_moving and not worker.is_running(),
    )


@require_POST
@of_stories("publish")
def carry_on(request: DeskRequest, pk: int) -> HttpResponse:
    """Do the next part of an import."""
    run = get_object_or_404(ImportRun, pk=pk)
    if run.is_moving:
        desk_runs.carry_on(run, desk_runs.OF_A_REQUEST)
    return redirect(PAGE, run.pk)


@require_POST
@of_stories("publish")
def choose(request: DeskRequest, pk: int) -> HttpResponse:
    """Keep the choices; look at the file again with them, or import."""
    run = get_object_or_404(ImportRun, pk=pk)
    form = ChoicesForm(request.POST, user=request.user)
    if run.state != State.READY:
        messages.error(request, gettext("This import is not waiting for choices any more."))
        return redirect(PAGE, run.pk)
    if not form.is_valid():
        return _page(request, run, form)
    is_import = "import" in request.POST
    run.lines.all().delete()
    if is_import:
        _record(request, "imported stories from", run)
    state = State.IMPORTING if is_import else State.LOOKING
    desk_runs.start(run, state, form.cleaned_data)
    return redirect(PAGE, run.pk)


@require_POST
@of_stories("publish")
def undo(request: DeskRequest, pk: int) -> HttpResponse:
    """Take an import back."""
    run = get_object_or_404(ImportRun, pk=pk)
    if run.state not in {State.DONE, State.IMPORTING}:
        messages.error(request, gettext("There is nothing to undo."))
    else:
        _record(request, "took back the import of", run)
        desk_runs.start(run, State.UNDOING)
    return redirect(PAGE, run.pk)


def _record(request: DeskRequest, what: str, run: ImportRun) -> None:
    sentence = f"{what} {run.file_name}"
    record(AuditEntry.Kind.STORY, sentence, by=request.user)
