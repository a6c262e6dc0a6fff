"""The tag desk: rename and merge with a preview, find near-duplicates, list and undo changes."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stories.admin.permissions import DeskRequest, model_page, model_path
from stories.models import DifferentTags, Story, StoryTag, Tag, TagChange
from stories.tagging import merging
from stories.tagging.near_duplicates import near_duplicates
from stories_project.pagination import paginate, paginate_list
from stories_project.primary_keys import is_primary_key

MAX_MERGED = 20
MAX_EXAMPLES = 20
ROWS_A_PAGE = 50

_page = partial(model_page, Tag)


def urls() -> list[URLPattern]:
    """Return the URL patterns of the tag desk. All need the permission to change tags."""
    guarded = partial(model_path, Tag, "stories.change_tag")
    return [
        guarded("merge/", merge, "merge"),
        guarded("near-duplicates/", near_duplicates_page, "near_duplicates"),
        guarded("near-duplicates/dismiss/", dismiss, "dismiss"),
        guarded("changes/", changes, "changes"),
        guarded("changes/<int:pk>/undo/", undo, "undo"),
    ]


def rename_page(request: DeskRequest, form: ModelForm) -> HttpResponse:
    """Return the page that shows what a valid form changes, with a button to confirm it."""
    before = Tag.objects.with_counts().get(pk=form.instance.pk)
    return _page(
        request, "rename", _("Rename: %(tag)s") % {"tag": before}, form=form, before=before
    )


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: DeskRequest) -> HttpResponse:
    """Show what a merge of the chosen tags changes, or carry out the confirmed merge."""
    data = request.POST or request.GET
    keys = [key for key in data.getlist("tag") if is_primary_key(key)][:MAX_MERGED]
    tags = list(Tag.objects.filter(pk__in=keys).with_counts().order_by("-story_count", "pk"))
    if len(tags) < 2:
        messages.error(request, _("Choose two tags or more to merge."))
        return redirect("admin:stories_tag_changelist")
    kept = next((tag for tag in tags if str(tag.pk) == data.get("keep")), tags[0])
    others = [tag for tag in tags if tag != kept]
    if request.method == "POST":
        return _merge(request, others, kept)
    rows = StoryTag.objects.filter(tag__in=others)
    of_kept = kept.story_tags.values("content_object")
    newest = rows.order_by("-publish_at").values_list("content_object", flat=True)
    context = {
        "tags": tags,
        "kept": kept,
        "others": others,
        "moved": _story_count(rows.exclude(content_object__in=of_kept)),
        "doubled": _story_count(rows.filter(content_object__in=of_kept)),
        "examples": Story.objects.filter(pk__in=list(newest[:MAX_EXAMPLES])).only("title"),
    }
    title = ngettext("Merge %(count)s tag", "Merge %(count)s tags", len(tags)) % {
        "count": len(tags)
    }
    return _page(request, "merge", title, **context)


def _story_count(rows: QuerySet[StoryTag]) -> int:
    """Return the number of different stories of these rows."""
    return rows.values("content_object").distinct().count()


def _merge(request: DeskRequest, others: list[Tag], kept: Tag) -> HttpResponse:
    names = ", ".join(_("“%(name)s”") % {"name": tag} for tag in others)
    try:
        merging.merge(others, kept, request.user)
    except ValidationError as error:
        messages.error(request, _("Not merged. %(errors)s") % {"errors": " ".join(error.messages)})
    else:
        text = _("Merged %(tags)s into “%(kept)s”. You can undo this below.")
        messages.success(request, text % {"tags": names, "kept": kept})
    return redirect("admin:stories_tag_changes")


@require_safe
def near_duplicates_page(request: DeskRequest) -> HttpResponse:
    """List pairs of tags that are probably the same."""
    pairs = paginate_list(request, near_duplicates(), ROWS_A_PAGE)
    keys = {pk for pair in pairs for pk in pair}
    tags = Tag.objects.with_counts().in_bulk(keys)
    pairs.rows = [(tags[a], tags[b]) for a, b in pairs if a in tags and b in tags]
    return _page(request, "near_duplicates", _("Near-duplicates"), pairs=pairs)


@require_POST
def dismiss(request: DeskRequest) -> HttpResponse:
    """Record that two tags are not duplicates."""
    keys = sorted({int(key) for key in request.POST.getlist("tag") if is_primary_key(key)})
    tags = list(Tag.objects.filter(pk__in=keys).order_by("pk"))
    if len(tags) == 2:
        DifferentTags.objects.get_or_create(first=tags[0], second=tags[1])
        text = _("“%(first)s” and “%(second)s” will not be suggested again.")
        messages.success(request, text % {"first": tags[0], "second": tags[1]})
    return redirect("admin:stories_tag_near_duplicates")


@require_safe
def changes(request: DeskRequest) -> HttpResponse:
    """List the renames and merges, the newest first."""
    rows = TagChange.objects.select_related("by", "tag").defer("moved", "doubled").order_by("-pk")
    page = paginate(request, rows, ROWS_A_PAGE)
    return _page(request, "changes", _("Changes of tags"), changes=page)


@require_POST
def undo(request: DeskRequest, pk: int) -> HttpResponse:
    """Undo a rename or a merge."""
    change = get_object_or_404(TagChange, pk=pk)
    try:
        tag = merging.undo(change, request.user)
        messages.success(request, _("“%(tag)s” is as it was before.") % {"tag": tag})
    except ValidationError as error:
        messages.error(request, _("Not undone. %(errors)s") % {"errors": " ".join(error.messages)})
    return redirect("admin:stories_tag_changes")
