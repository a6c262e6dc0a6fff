"""Autosaves: kept every few seconds and on every submit, and offered back to their author."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stories.admin.permissions import DeskRequest, of_stories, story_admin, story_path
from stories.models import Autosave, Revision, Story
from stories.writing.forms import StoryForm
from stories_project.library.image_field import StoredImageField
from stories_project.primary_keys import is_primary_key

# Tells the browser which form has reached the server, so that it can delete its own copy.
KEPT_COOKIE = "kept_writing"
NOT_IN_CONTENT = {"writing"}
MAX_OFFERED = 5


def urls() -> list[URLPattern]:
    """Return the URL patterns that save and delete autosaves."""
    return [
        story_path("autosave/", autosave, "autosave"),
        story_path("autosave/discard/", discard, "autosave_discard"),
    ]


@require_POST
@of_stories("view")
def autosave(request: DeskRequest) -> HttpResponse:
    """Save the fields of a form that is being filled in, and return the time as JSON."""
    if request.POST.get("author") != str(request.user.pk):
        return JsonResponse({"error": _("You are signed in as somebody else now.")}, status=409)
    pk = request.POST.get("story", "")
    story = Story.objects.filter(pk=pk).first() if is_primary_key(pk) else None
    desk = story_admin()
    may_write = desk.has_change_permission(request, story) if story else True
    if not (may_write and desk.has_add_permission(request)):
        raise PermissionDenied
    saved = save_autosave(request, pk)
    if saved is None:
        error = _("This form cannot be saved automatically. Open it again.")
        return JsonResponse({"error": error}, status=400)
    at = timezone.localtime(saved.saved_at)
    return JsonResponse({"kept": date_format(at, "TIME_FORMAT")})


@require_POST
@of_stories("view")
def discard(request: DeskRequest) -> HttpResponse:
    """Delete one autosave of this user."""
    pk = request.POST.get("autosave", "")
    rows = Autosave.objects.filter(author=request.user, pk=pk if is_primary_key(pk) else 0)
    story = rows.values_list("story", flat=True).first()
    rows.delete()
    messages.success(request, _("The unsaved text is deleted."))
    if story:
        return redirect("admin:stories_story_change", story)
    return redirect("admin:stories_story_add")


def save_submitted(request: DeskRequest, pk: str | None) -> None:
    """Save the fields of a submitted form as an autosave before the submit is handled."""
    desk = story_admin()
    if request.user.is_authenticated and desk.has_add_permission(request):
        save_autosave(request, pk or "")


def save_autosave(request: DeskRequest, pk: str) -> Autosave | None:
    """Save the posted fields as the autosave of their author and story, and return it.

    `pk` is the primary key of the story as text, or empty for a new story. Returns None for a form
    without a valid `writing`.
    """
    writing = _uuid(request.POST.get("writing"))
    if writing is None:
        return None
    is_known = is_primary_key(pk) and Revision.objects.filter(story=int(pk)).exists()
    story: dict[str, Any]
    story = {"story_id": pk} if is_known else {"story": None, "writing": writing}
    saved, _ = Autosave.objects.update_or_create(
        author=request.user,
        **story,
        defaults={"content": posted_values(request.POST), "writing": writing},
    )
    return saved


def posted_values(data: QueryDict) -> dict[str, Any]:
    """Return the raw values of the posted fields, valid or not, which can be stored as JSON."""
    posted: dict[str, Any] = {}
    for name, field in StoryForm.base_fields.items():
        values = [value.replace("\x00", "") for value in data.getlist(name)]
        is_list = getattr(field.widget, "allow_multiple_selected", False)
        if isinstance(field, StoredImageField):
            posted[name] = field.widget.value_from_datadict(data, {}, name).stored_name
        elif name in data and name not in NOT_IN_CONTENT:
            posted[name] = values if is_list else values[-1]
        elif is_list:
            posted[name] = []
    return posted | ({} if "is_lead" in data else {"is_lead": False})


def recovered_values(request: DeskRequest) -> dict[str, Any]:
    """Return the values of the autosave that `?autosave=` names, or {}."""
    pk = request.GET.get("autosave", "")
    saved = (
        Autosave.objects.filter(author=request.user, pk=pk).first() if is_primary_key(pk) else None
    )
    return saved.content | {"writing": saved.writing} if saved else {}


def context_of(request: DeskRequest, story: Story | None) -> dict[str, Any]:
    """Return what a form shows of autosaves: those to offer back, and the URL for new ones."""
    rows = Autosave.objects.filter(author=request.user, story=story).order_by("-saved_at")
    is_in_use = request.method == "POST" or "autosave" in request.GET
    newest = [] if is_in_use else rows[:MAX_OFFERED]
    offered = [row for row in newest if not _delete_if_stored(row, story)]
    return {"autosaves": offered, "autosave_address": reverse("admin:stories_story_autosave")}


def delete_saved(user: User, form: StoryForm) -> None:
    """Delete the autosaves of a form that is saved now."""
    Autosave.objects.filter(author=user, story=form.instance).delete()
    Autosave.objects.filter(author=user, writing=form.cleaned_data["writing"]).delete()


def confirm(request: DeskRequest, response: HttpResponse) -> HttpResponse:
    """Set a cookie that tells the browser which submitted form has arrived."""
    if request.method == "POST" and (writing := _uuid(request.POST.get("writing"))):
        response.set_cookie(
            KEPT_COOKIE,
            str(writing),
            path=reverse("admin:index"),
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Strict",
        )
    return response


def _delete_if_stored(autosave: Autosave, story: Story | None) -> bool:
    """Delete an autosave that equals the story; return whether it was deleted."""
    if story is None:
        return False
    form = StoryForm(autosave.content, instance=Story.objects.get(pk=story.pk))
    if not form.is_valid() or form.changed_fields:
        return False
    autosave.delete()
    return True


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
