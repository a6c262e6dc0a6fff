"""The pages of the tag desk: rename and merge with a preview, near-duplicates, changes and undo."""

from functools import wraps

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stories.models import DifferentTags, Story, StoryTag, Tag, TagChange
from stories.tagging import merging
from stories.tagging.near_duplicates import near_duplicates
from stories_project.pagination import paginate, paginate_list
from stories_project.primary_keys import is_primary_key

MERGED_AT_ONCE = 20
STORIES_SHOWN = 20
ROWS_A_PAGE = 50


def urls() -> list[URLPattern]:
    """Return the URL patterns of the tag desk, each for those who may change tags."""
    return [
        _tag_path("merge/", merge, "merge"),
        _tag_path("near-duplicates/", near_duplicates_page, "near_duplicates"),
        _tag_path("near-duplicates/dismiss/", dismiss, "dismiss"),
        _tag_path("changes/", changes, "changes"),
        _tag_path("changes/<int:pk>/undo/", undo, "undo"),
    ]


def ask_to_rename(request, form):
    """Show what a valid form changes, and ask to confirm it."""
    before = Tag.objects.with_counts().get(pk=form.instance.pk)
    return _page(request, "rename", f"Rename: {before}", form=form, before=before)


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request):
    """Show what merging the chosen tags changes; merge them when that is confirmed."""
    data = request.POST or request.GET
    keys = [key for key in data.getlist("tag") if is_primary_key(key)][:MERGED_AT_ONCE]
    tags = list(Tag.objects.filter(pk__in=keys).with_counts().order_by("-story_count", "pk"))
    if len(tags) < 2:
        messages.error(request, "Choose two tags or more to merge.")
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
        "moved": _stories_of(rows.exclude(content_object__in=of_kept)),
        "doubled": _stories_of(rows.filter(content_object__in=of_kept)),
        "examples": Story.objects.filter(pk__in=list(newest[:STORIES_SHOWN])).only("title"),
    }
    return _page(request, "merge", f"Merge {len(tags)} tags", **context)


def _stories_of(rows):
    """Return the number of stories that some rows belong to."""
    return rows.values("content_object").distinct().count()


def _merge(request, others, kept):
    names = ", ".join(f"“{tag}”" for tag in others)
    try:
        merging.merge(others, kept, request.user)
    except ValidationError as error:
        messages.error(request, f"Not merged. {' '.join(error.messages)}")
    else:
        messages.success(request, f"Merged {names} into “{kept}”. It can be undone below.")
    return redirect("admin:stories_tag_changes")


@require_safe
def near_duplicates_page(request):
    """Suggest pairs of tags that are probably one."""
    pairs = paginate_list(request, near_duplicates(), ROWS_A_PAGE)
    keys = {pk for pair in pairs for pk in pair}
    tags = Tag.objects.with_counts().in_bulk(keys)
    pairs.rows = [(tags[a], tags[b]) for a, b in pairs if a in tags and b in tags]
    return _page(request, "near_duplicates", "Near-duplicates", pairs=pairs)


@require_POST
def dismiss(request):
    """Remember that two tags are not the same."""
    keys = sorted({int(key) for key in request.POST.getlist("tag") if is_primary_key(key)})
    tags = list(Tag.objects.filter(pk__in=keys).order_by("pk"))
    if len(tags) == 2:
        DifferentTags.objects.get_or_create(first=tags[0], second=tags[1])
        messages.success(request, f"“{tags[0]}” and “{tags[1]}” will not be suggested again.")
    return redirect("admin:stories_tag_near_duplicates")


@require_safe
def changes(request):
    """List what was renamed and merged, the newest first."""
    rows = TagChange.objects.select_related("by", "tag").defer("moved", "doubled").order_by("-pk")
    page = paginate(request, rows, ROWS_A_PAGE)
    return _page(request, "changes", "Changes of tags", changes=page)


@require_POST
def undo(request, pk):
    """Take a rename or a merge back."""
    change = get_object_or_404(TagChange, pk=pk)
    try:
        tag = merging.undo(change)
        messages.success(request, f"“{tag}” is as it was before.")
    except ValidationError as error:
        messages.error(request, f"Not undone. {' '.join(error.messages)}")
    return redirect("admin:stories_tag_changes")


def _tag_path(route, view, name):
    @wraps(view)
    def guarded(request, **arguments):
        if not request.user.has_perm("stories.change_tag"):
            raise PermissionDenied
        return view(request, **arguments)

    return path(route, admin.site.admin_view(guarded), name=f"stories_tag_{name}")


def _page(request, template, title, **context):
    context = {**admin.site.each_context(request), "title": title, "opts": Tag._meta, **context}
    return TemplateResponse(request, f"admin/stories/tag/{template}.html", context)
