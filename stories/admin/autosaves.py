"""What is being typed: kept every few seconds and with every press of a button, offered back."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_POST

from stories.admin.permissions import of_stories, story_admin, story_path
from stories.models import Autosave, Revision, Story
from stories.writing.forms import StoryForm
from stories_project.pictures.image_field import StoredImageField
from stories_project.primary_keys import is_primary_key

# Tells the browser which opened form has reached the server: it need not keep that text any more.
KEPT_COOKIE = "kept_writing"
NOT_TYPED = {"writing"}
OFFERED = 5


def urls() -> list[URLPattern]:
    """Return the URL patterns that keep and forget what is typed."""
    return [
        story_path("autosave/", autosave, "autosave"),
        story_path("autosave/discard/", discard, "autosave_discard"),
    ]


@require_POST
@of_stories("view")
def autosave(request):
    """Keep what is typed into the form of a story, and say when that was."""
    if request.POST.get("author") != str(request.user.pk):
        return JsonResponse({"error": "You are signed in as somebody else now."}, status=409)
    pk = request.POST.get("story", "")
    story = Story.objects.filter(pk=pk).first() if is_primary_key(pk) else None
    desk = story_admin()
    may_write = desk.has_change_permission(request, story) if story else True
    if not (may_write and desk.has_add_permission(request)):
        raise PermissionDenied
    kept = keep(request, pk)
    if kept is None:
        return JsonResponse({"error": "This form is too old to be kept."}, status=400)
    at = timezone.localtime(kept.saved_at)
    return JsonResponse({"kept": date_format(at, "TIME_FORMAT")})


@require_POST
@of_stories("view")
def discard(request):
    """Forget one autosave of this user."""
    pk = request.POST.get("autosave", "")
    rows = Autosave.objects.filter(author=request.user, pk=pk if is_primary_key(pk) else 0)
    story = rows.values_list("story", flat=True).first()
    rows.delete()
    messages.success(request, "What was not saved is forgotten.")
    if story:
        return redirect("admin:stories_story_change", story)
    return redirect("admin:stories_story_add")


def keep_posted(request, object_id):
    """Keep what a press of a button has sent, before anything is done with it."""
    desk = story_admin()
    if request.user.is_authenticated and desk.has_add_permission(request):
        keep(request, object_id or "")


def keep(request, pk):
    """Keep the posted fields for their author and story; return the Autosave.

    `pk` is the key of the story as text; nothing for one that is not stored. Returns None for a
    form that does not say which one it is.
    """
    writing = _uuid(request.POST.get("writing"))
    if writing is None:
        return None
    is_known = is_primary_key(pk) and Revision.objects.filter(story=pk).exists()
    story = {"story_id": pk} if is_known else {"story": None, "writing": writing}
    kept, _ = Autosave.objects.update_or_create(
        author=request.user,
        **story,
        defaults={"content": typed(request.POST), "writing": writing},
    )
    return kept


def typed(data):
    """Return what stands in the fields of a posted form, valid or not, safe to keep as JSON."""
    kept = {}
    for name, field in StoryForm.base_fields.items():
        values = [value.replace("\x00", "") for value in data.getlist(name)]
        is_list = getattr(field.widget, "allow_multiple_selected", False)
        if isinstance(field, StoredImageField):
            kept[name] = field.widget.value_from_datadict(data, {}, name).stored_name
        elif name in data and name not in NOT_TYPED:
            kept[name] = values if is_list else values[-1]
        elif is_list:
            kept[name] = []
    return kept | ({} if "is_lead" in data else {"is_lead": False})


def recovered_by(request):
    """Return what the address asks to have back in the fields."""
    pk = request.GET.get("autosave", "")
    kept = (
        Autosave.objects.filter(author=request.user, pk=pk).first() if is_primary_key(pk) else None
    )
    return kept.content | {"writing": kept.writing} if kept else {}


def offered_to(request, story):
    """Return what the page of a form needs to keep the text, and to offer a lost one back."""
    rows = Autosave.objects.filter(author=request.user, story=story).order_by("-saved_at")
    is_open = request.method == "POST" or "autosave" in request.GET
    offered = [] if is_open else [row for row in rows[:OFFERED] if not _is_stored(row, story)]
    return {"autosaves": offered, "autosave_address": reverse("admin:stories_story_autosave")}


def forget(user, form):
    """Forget what was typed into a form that is saved."""
    Autosave.objects.filter(author=user, story=form.instance).delete()
    Autosave.objects.filter(author=user, writing=form.cleaned_data["writing"]).delete()


def confirm(request, response):
    """Tell the browser that what it sent has arrived."""
    if request.method == "POST" and (writing := _uuid(request.POST.get("writing"))):
        response.set_cookie(
            KEPT_COOKIE,
            str(writing),
            path=reverse("admin:index"),
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Strict",
        )
    return response


def _is_stored(row, story):
    """Whether an autosave says nothing else than the story does; it is forgotten then."""
    if story is None:
        return False
    form = StoryForm(row.content, instance=Story.objects.get(pk=story.pk))
    if not form.is_valid() or form.changed_fields:
        return False
    row.delete()
    return True


def _uuid(text):
    try:
        return UUID(text or "")
    except ValueError:
        return None
