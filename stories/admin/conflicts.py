"""Two editors saved one story: mine, theirs and what both began with, field by field."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern
from django.views.decorators.http import require_http_methods

from stories.admin.permissions import desk_page, of_story, story_path
from stories.models import Kind, Revision, StoryContent
from stories.writing.comparing import changed_parts
from stories.writing.forms import StoryForm
from stories.writing.references import names_of_references, without_missing_references
from stories.writing.saving import Overtaken
from stories.writing.three_way_merge import merge

# What an editor may also write anew while merging.
WRITTEN = {*StoryContent.names(Kind.TEXT, Kind.LINES)}


def urls() -> list[URLPattern]:
    """Return the URL pattern of the page that merges a text which was set aside."""
    return [story_path("<int:object_id>/merge/<int:revision_id>/", merge_view, "merge")]


def ask(request, set_aside):
    """Lead to the page that merges a text which somebody else has overtaken."""
    messages.warning(
        request,
        "This story was saved again after you opened it. Nothing is lost and nothing is "
        "overwritten: choose below what it says.",
    )
    return redirect("admin:stories_story_merge", set_aside.story_id, set_aside.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@of_story("change")
def merge_view(request, story, revision_id):
    """Show what each side changed, and save what is chosen."""
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
        "fields": [_shown(field, names, request.POST) for field in fields],
        "mine": mine,
        "mine_is": "Mine" if mine.author == request.user else "Set aside",
        "theirs": story.working_revision or story.live_revision,
        "errors": form.errors.values() if form else (),
    }
    return desk_page(request, "merge", f"Merge: {story}", story, **context)


def _save(request, form, mine):
    newest = request.POST.get("based_on", "")
    try:
        form.instance.save_content(
            form.content,
            by=request.user,
            kind=Revision.Kind.MERGED,
            note=f"Merged with the text set aside by {mine.author or 'the publication'}",
            based_on=int(newest) if newest.isdecimal() else None,
            settles=mine,
        )
    except Overtaken as overtaken:
        return ask(request, overtaken.revision)
    messages.success(request, "Merged and saved.")
    return redirect("admin:stories_story_change", mine.story_id)


def _choice(data, field):
    """Return the value that was chosen for a field: mine, theirs, both, or one's own words."""
    chosen = data.get(f"choice-{field.name}")
    if chosen == "own" and field.name in WRITTEN:
        return data.get(f"own-{field.name}", "").replace("\x00", "")
    if chosen == "merged" and field.merged is not None:
        return field.merged
    return field.mine if chosen == "mine" else field.theirs


def _shown(field, names, data):
    """Return what the page shows of a field that either side has changed."""
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
        "is_written": field.name in WRITTEN,
        "own": data.get(f"own-{field.name}", own),
        "chosen": data.get(f"choice-{field.name}", suggested),
    }
