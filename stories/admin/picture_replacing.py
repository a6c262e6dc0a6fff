"""Another file in place of a picture: what will change first, and then the change.

Each story gets a revision. Profiles and the publication change for who may change them.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from stories.admin.permissions import (
    DeskRequest,
    desk_page,
    of_stories,
    story_admin,
    story_path,
)
from stories.admin.picture_elsewhere import Elsewhere, elsewhere, may_replace
from stories.admin.workflow import in_words
from stories.models import Story
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import record
from stories_project.library.models import PictureUse, StoredPicture
from stories_project.library.uploading import keep_upload
from stories_project.primary_keys import is_primary_key

# Each is stored with its lists, its search index and its revision: a request must end soon.
STORIES_AT_ONCE = 50
SAID = ("title", "alt", "credit", "licence", "licence_note", "source_url")


class ReplaceForm(forms.Form):
    """Whether what is said about the old picture is said about the new one too."""

    takes_over = forms.BooleanField(
        label=gettext_lazy("Keep title, description, credit and licence for the new picture"),
        required=False,
        initial=True,
    )


def urls() -> list[URLPattern]:
    """Return the URL patterns of replacing a picture."""
    return [
        story_path("pictures/<int:object_id>/replacement/", upload, "picture_replacement"),
        story_path("pictures/<int:object_id>/replace/", replace, "picture_replace"),
    ]


@require_POST
@of_stories("view")
def upload(request: DeskRequest, object_id: int) -> HttpResponse:
    """Store the new file, and go on to the page that shows what will change."""
    old = _replaceable(request, object_id)
    file = request.FILES.get("file")
    try:
        if file is None:
            raise ValidationError(_("Choose the new file first."))
        name = keep_upload(file, old.folder)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("admin:stories_story_picture", old.pk)
    if name == old.name:
        messages.error(request, _("This is the same picture: nothing would change."))
        return redirect("admin:stories_story_picture", old.pk)
    new = StoredPicture.objects.only("pk").get(name=name)
    address = reverse("admin:stories_story_picture_replace", args=[old.pk])
    return redirect(f"{address}?with={new.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
@of_stories("view")
def replace(request: DeskRequest, object_id: int) -> HttpResponse:
    """Show what will change, or change it: at most STORIES_AT_ONCE stories in one request."""
    old = _replaceable(request, object_id)
    key = request.POST.get("with") or request.GET.get("with", "")
    if not is_primary_key(key) or int(key) == old.pk:
        raise Http404("There is no other picture to put in its place")
    stored = StoredPicture.objects
    others = stored.for_stories() if old.is_for_stories else stored.filter(folder=old.folder)
    new = get_object_or_404(others, pk=key)
    stories, locked = _stories(request, old)
    places = elsewhere(request, old)
    if request.method == "POST":
        return _replace(request, old, new, stories, places)
    context = {
        **{"old": old, "new": new, "form": ReplaceForm()},
        "places": [place for place in places if place.may_change],
        "locked_places": [place for place in places if not place.may_change],
        "stories": [(story, in_words(story)) for story in stories[:STORIES_AT_ONCE]],
        "locked": [(story, in_words(story)) for story in locked],
        "has_more": len(stories) > STORIES_AT_ONCE,
    }
    title = _("Replace: %(picture)s") % {"picture": old}
    return desk_page(request, "picture_replace", title, **context)


def _replaceable(request: DeskRequest, key: int) -> StoredPicture:
    row = get_object_or_404(StoredPicture, pk=key)
    if not may_replace(request, row):
        raise PermissionDenied
    return row


def _stories(request: DeskRequest, old: StoredPicture) -> tuple[list[Story], list[Story]]:
    """Return the stories that show a picture now: those this user may change, and the others.

    Of both, at most one more than a request changes, so that the page can say that there are more.
    """
    present = old.uses.filter(kind=PictureUse.Kind.STORY).exclude(is_live=False, is_working=False)
    rows = Story.objects.filter(pk__in=present.order_by().values("key")).order_by("pk")
    allowed, locked = rows, rows.none()
    if not story_admin().has_change_permission(request):
        allowed, locked = rows.none(), rows
    elif not story_admin().has_publish_permission(request):
        allowed, locked = rows.filter(publish_at=None), rows.exclude(publish_at=None)
    return list(allowed[: STORIES_AT_ONCE + 1]), list(locked[: STORIES_AT_ONCE + 1])


def _replace(
    request: DeskRequest,
    old: StoredPicture,
    new: StoredPicture,
    stories: list[Story],
    places: list[Elsewhere],
) -> HttpResponse:
    form = ReplaceForm(request.POST)
    if form.is_valid() and form.cleaned_data["takes_over"]:
        _take_over(old, new)
    note = _("The picture “%(picture)s” was replaced") % {"picture": old}
    changed = 0
    for story in stories[:STORIES_AT_ONCE]:
        try:
            story.swap_picture(old.name, new.name, request.user, note[:300])
            changed += 1
        except ValidationError as error:
            messages.error(request, f"{story}: {' '.join(error.messages)}")
    changed_places = _replace_elsewhere(request, old, new, places)
    _tell(request, old, new, changed, changed_places)
    if changed and len(stories) > STORIES_AT_ONCE:
        messages.warning(request, _("More stories show the old picture. Replace it there too."))
        address = reverse("admin:stories_story_picture_replace", args=[old.pk])
        return redirect(f"{address}?with={new.pk}")
    return redirect("admin:stories_story_picture", new.pk)


def _replace_elsewhere(
    request: DeskRequest, old: StoredPicture, new: StoredPicture, places: list[Elsewhere]
) -> list[str]:
    """Replace a picture in profiles and in the publication; return the names of what changed."""
    changed = []
    for place in places:
        if not place.may_change:
            continue
        try:
            place.swap(request, old, new)
            changed.append(place.name)
        except ValidationError as error:
            messages.error(request, f"{place.name}: {' '.join(error.messages)}")
    return changed


def _take_over(old: StoredPicture, new: StoredPicture) -> None:
    for name in SAID:
        setattr(new, name, getattr(old, name))
    new.save(update_fields=[*SAID, "tokens"])


def _tell(
    request: DeskRequest, old: StoredPicture, new: StoredPicture, changed: int, places: list[str]
) -> None:
    after: dict[str, Any] = {"name": new.name, "stories": changed}
    if places:
        after["places"] = places
        text = _("The new picture is shown by: %(places)s.") % {"places": ", ".join(places)}
        messages.success(request, text)
    before = {"name": old.name}
    record(AuditEntry.Kind.STORY, "replaced a picture", by=request.user, before=before, after=after)
    if places and not changed:
        return
    text = ngettext(
        "%(count)s story shows the new picture.", "%(count)s stories show the new picture.", changed
    )
    messages.success(request, text % {"count": changed})
