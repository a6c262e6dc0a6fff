"""The merge page for a conflict: mine, theirs and the common base, field by field."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from stories.admin.permissions import DeskRequest, desk_page, of_story, story_path
from stories.models import Kind, Revision, Story, StoryContent
from stories.writing.comparing import changed_parts
from stories.writing.forms import StoryForm
from stories.writing.references import Names, names_of_references, without_missing_references
from stories.writing.saving import Overtaken
from stories.writing.three_way_merge import MergedField, merge

# The fields for which an editor can also write a new text while merging.
EDITABLE = {*StoryContent.names(Kind.TEXT, Kind.LINES)}


def urls() -> list[URLPattern]:
    """Return the URL pattern of the merge page."""
    return [story_path("<int:object_id>/merge/<int:revision_id>/", merge_view, "merge")]


def redirect_to_merge(request: DeskRequest, set_aside: Revision) -> HttpResponse:
    """Redirect to the page that merges a set-aside revision, with an explanation."""
    messages.warning(
        request,
        _(
            "Somebody else has saved this story after you opened it. Nothing is lost and nothing"
            " is overwritten: choose below what the story will say."
        ),
    )
    return redirect("admin:stories_story_merge", set_aside.story_id, set_aside.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@of_story("change")
def merge_view(request: DeskRequest, story: Story, revision_id: int) -> HttpResponse:
    """Show what each side changed, and save the chosen values."""
    mine = get_object_or_404(story.revisions.unsettled(), pk=revision_id)
    theirs = story.newest_content
    base = mine.based_on.content if mine.based_on else theirs
    fields = merge(base, mine.content, theirs)
    form = None
    if request.method == "POST":
        chosen = {field.name: _choice(request.POST, field) for field in fields}
        content = without_missing_references(theirs.with_values(chosen))
        form = StoryForm(content.to_form_data(), instance=story)
        if form.is_valid():
            return _save(request, form, mine)
    names = names_of_references(base, mine.content, theirs)
    context = {
        "fields": [_field_context(field, names, request.POST) for field in fields],
        "mine": mine,
        "mine_is": _("Mine") if mine.author == request.user else _("Set aside"),
        "theirs": story.working_revision or story.live_revision,
        "errors": form.errors.values() if form else (),
    }
    return desk_page(request, "merge", _("Merge: %(story)s") % {"story": story}, story, **context)


def _save(request: DeskRequest, form: StoryForm, mine: Revision) -> HttpResponse:
    based_on = request.POST.get("based_on", "")
    try:
        form.instance.save_content(
            form.content,
            by=request.user,
            kind=Revision.Kind.MERGED,
            note=f"Merged with the text set aside by {mine.author or 'the publication'}",
            based_on=int(based_on) if based_on.isdecimal() else None,
            settles=mine,
        )
    except Overtaken as overtaken:
        return redirect_to_merge(request, overtaken.revision)
    messages.success(request, _("The merged text is saved."))
    return redirect("admin:stories_story_change", mine.story_id)


def _choice(data: QueryDict, field: MergedField) -> Any:
    """Return the chosen value of a field: mine, theirs, the merged one, or a new text."""
    chosen = data.get(f"choice-{field.name}")
    if chosen == "own" and field.name in EDITABLE:
        return data.get(f"own-{field.name}", "").replace("\x00", "")
    if chosen == "merged" and field.merged is not None:
        return field.merged
    return field.mine if chosen == "mine" else field.theirs


def _field_context(field: MergedField, names: Names, data: QueryDict) -> dict[str, Any]:
    """Return what the page shows about a changed field."""
    suggested = {"mine": "mine", "theirs": "theirs", "same": "theirs"}.get(field.who)
    suggested = suggested or ("merged" if field.merged is not None else "")
    own = field.merged if field.merged is not None else field.mine
    return {
        "name": field.name,
        "label": field.label,
        "who": field.who,
        "base": changed_parts(field.name, field.base, field.base, names),
        "mine": changed_parts(field.name, field.base, field.mine, names),
        "theirs": changed_parts(field.name, field.base, field.theirs, names),
        "has_merged": field.merged is not None and field.who == "both",
        "is_written": field.name in EDITABLE,
        "own": data.get(f"own-{field.name}", own),
        "chosen": data.get(f"choice-{field.name}", suggested),
    }
