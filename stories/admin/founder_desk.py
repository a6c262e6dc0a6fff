"""The founders' desk: duplicates side by side, merging them, and undoing that."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from founders.admin import FounderAdmin, read_versions
from founders.forms import FounderForm
from founders.models import Founder
from stories.admin import queue
from stories.admin.permissions import DeskRequest, model_page, model_path
from stories.models import DifferentFounders, FounderMerge, StoryFounder
from stories.moderating.duplicates import duplicates
from stories.moderating.founder_merges import merge_founders, undo_merge
from stories_project.pagination import paginate, paginate_list
from stories_project.text.printable import normalized

ROWS_A_PAGE = 50
STORIES_COUNTED = 1000

_page = partial(model_page, Founder)

admin.site.unregister(Founder)


@admin.register(Founder)
class FounderDesk(FounderAdmin):
    """The founders' admin with the pages that move stories from one profile to another."""

    change_list_template = "admin/founders/founder/change_list.html"
    actions = (*FounderAdmin.actions, "merge_selected")

    def get_urls(self) -> list[URLPattern]:
        return [*urls(), *super().get_urls()]

    def context_of(self, request, founder):
        """Add the way to the next item of the queue."""
        return super().context_of(request, founder) | queue.context_of(request, founder)

    def after_decision(self, request, founders):
        """Lead on in the queue, if the founder was opened from it."""
        if queue.IN_QUEUE in request.POST and len(founders) == 1:
            return redirect(queue.next_path(request.POST[queue.IN_QUEUE]))
        return super().after_decision(request, founders)

    def changelist_view(self, request, extra_context=None):
        context = {"may_merge": self.has_moderate_permission(request), **(extra_context or {})}
        return super().changelist_view(request, context)

    @admin.action(description=_("Merge…"), permissions=["moderate"])
    def merge_selected(self, request: HttpRequest, queryset: QuerySet[Founder]) -> HttpResponse:
        """Redirect to the page that merges the two selected profiles."""
        keys = list(queryset.order_by().values_list("pk", flat=True)[:3])
        if len(keys) != 2:
            self.message_user(request, gettext("Choose two profiles to merge."), messages.ERROR)
            return redirect("admin:founders_founder_changelist")
        return _compare(keys)


def urls() -> list[URLPattern]:
    """Return the URL patterns of the founders' desk. All need the permission to moderate."""
    guarded = partial(model_path, Founder, "founders.moderate_founder")
    return [
        guarded("duplicates/", duplicates_page, "duplicates"),
        guarded("duplicates/dismiss/", dismiss, "dismiss"),
        guarded("merge/", merge, "merge"),
        guarded("merges/", merges, "merges"),
        guarded("merges/<int:pk>/undo/", undo, "undo_merge"),
    ]


@require_safe
def duplicates_page(request: DeskRequest) -> HttpResponse:
    """List pairs of profiles that have a name in common."""
    pairs = paginate_list(request, duplicates(), ROWS_A_PAGE)
    keys = {pk for pair in pairs for pk in pair}
    founders = Founder.objects.defer("biography", "links").in_bulk(keys)
    pairs.rows = [(founders[a], founders[b]) for a, b in pairs if a in founders and b in founders]
    return _page(request, "duplicates", gettext("Duplicates"), pairs=pairs)


@require_POST
def dismiss(request: DeskRequest) -> HttpResponse:
    """Record that two profiles are of two people."""
    pair = _chosen(request)
    if pair:
        DifferentFounders.objects.get_or_create(first=pair[0], second=pair[1])
        text = gettext("%(first)s and %(second)s will not be suggested again.")
        text %= {"first": pair[0], "second": pair[1]}
        messages.success(request, text)
    return redirect("admin:founders_founder_duplicates")


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: DeskRequest) -> HttpResponse:
    """Show two profiles side by side, or merge the one that is not kept into the other."""
    pair = _chosen(request)
    if not pair:
        messages.error(request, gettext("Choose two profiles to merge."))
        return redirect("admin:founders_founder_changelist")
    if request.method == "POST":
        return _merge(request, pair)
    counts = [StoryFounder.objects.filter(founder=f)[:STORIES_COUNTED].count() for f in pair]
    kept = pair[0] if _weight(pair[0], counts[0]) >= _weight(pair[1], counts[1]) else pair[1]
    context = {
        "pair": pair,
        "kept": kept,
        "counts": counts,
        "rows": side_by_side(*pair),
    }
    return _page(request, "merge", gettext("Merge two profiles"), **context)


@require_safe
def merges(request: DeskRequest) -> HttpResponse:
    """List the merges, the newest first."""
    rows = FounderMerge.objects.select_related("by", "merged", "kept").order_by("-pk")
    rows = rows.defer("before", "moved", "doubled", "merged__biography", "kept__biography")
    return _page(request, "merges", gettext("Merges"), merges=paginate(request, rows, ROWS_A_PAGE))


@require_POST
def undo(request: DeskRequest, pk: int) -> HttpResponse:
    """Undo a merge."""
    try:
        founder = undo_merge(get_object_or_404(FounderMerge, pk=pk), request.user)
        text = gettext("The profile of %(founder)s is as it was before.") % {"founder": founder}
        messages.success(request, text)
    except ValidationError as error:
        messages.error(
            request, gettext("Not undone. %(errors)s") % {"errors": " ".join(error.messages)}
        )
    return redirect("admin:founders_founder_merges")


def side_by_side(first: Founder, second: Founder) -> list[dict[str, Any]]:
    """Return the fields that either profile has, with both values and whether they differ."""
    rows = []
    for name in FounderForm.Meta.fields:
        values = [getattr(founder, name) for founder in (first, second)]
        if any(values):
            label = FounderForm.base_fields[name].label
            differs = normalized(str(values[0] or "")) != normalized(str(values[1] or ""))
            rows.append({"label": label, "values": values, "differs": differs and all(values)})
    return rows


def _weight(founder: Founder, stories: int) -> tuple[bool, int]:
    """Return what speaks for keeping a profile: readers see it, and it has stories."""
    return (founder.is_approved, stories)


def _merge(request: DeskRequest, pair: list[Founder]) -> HttpResponse:
    kept = next((founder for founder in pair if str(founder.pk) == request.POST.get("keep")), None)
    if kept is None:
        messages.error(request, gettext("Choose which profile to keep."))
        return redirect("admin:founders_founder_duplicates")
    [merged] = [founder for founder in pair if founder != kept]
    try:
        read = read_versions(request.POST.getlist("founder"))
        merge_founders(merged, kept, request.user, read)
    except ValidationError as error:
        messages.error(
            request, gettext("Not merged. %(errors)s") % {"errors": " ".join(error.messages)}
        )
        return _compare([founder.pk for founder in pair])
    values = {"merged": merged, "slug": merged.slug, "kept": kept}
    text = gettext(
        "Merged %(merged)s (/founders/%(slug)s/) into %(kept)s. You can undo this below."
    )
    messages.success(request, text % values)
    return redirect("admin:founders_founder_merges")


def _compare(keys: list[int]) -> HttpResponse:
    """Lead to the page that shows two profiles side by side."""
    query = urlencode({"founder": keys}, doseq=True)
    return redirect(f"{reverse('admin:founders_founder_merge')}?{query}")


def _chosen(request: DeskRequest) -> list[Founder]:
    """Return the two founders of a request, or none if it names others than two."""
    keys = list(read_versions((request.POST or request.GET).getlist("founder")))
    founders = list(Founder.objects.filter(pk__in=keys[:3]).order_by("pk"))
    return founders if len(founders) == 2 else []
