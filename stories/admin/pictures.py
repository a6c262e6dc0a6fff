"""The media library at the desk: a grid to search, to add to, and to choose a picture from."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from stories.admin.permissions import DeskRequest, desk_page, of_stories, story_path
from stories_project.library.models import StoredPicture, StoredPictureQuerySet
from stories_project.library.uploading import keep_upload
from stories_project.pagination import paginate
from stories_project.pictures.uploads import ACCEPT_ATTRIBUTE
from stories_project.primary_keys import is_primary_key

PICTURES_A_PAGE = 24
FOLDER = "images"
# What "for" says about the form of a new story, which has no key yet.
NEW = "new"
FILTERS = {
    "": gettext_lazy("All"),
    "mine": gettext_lazy("Mine"),
    "unused": gettext_lazy("Unused"),
    "no-alt": gettext_lazy("Without description"),
    "no-rights": gettext_lazy("Without credit or licence"),
}


def urls() -> list[URLPattern]:
    """Return the URL patterns of the grid and of uploads."""
    return [
        story_path("pictures/", pictures, "pictures"),
        story_path("pictures/upload/", upload, "picture_upload"),
    ]


class SeveralFilesInput(forms.FileInput):
    allow_multiple_selected = True


class UploadForm(forms.Form):
    """The files that somebody adds to the library."""

    files = forms.FileField(
        label=gettext_lazy("Add pictures"),
        widget=SeveralFilesInput(attrs={"accept": ACCEPT_ATTRIBUTE, "multiple": True}),
    )


@require_safe
@of_stories("view")
def pictures(request: DeskRequest) -> HttpResponse:
    """Show the pictures that match the words and the filter, the newest first.

    `?for=` names the story whose form asks for a picture, or is "new".
    """
    words, shown = request.GET.get("q", "").replace("\0", "").strip(), request.GET.get("show", "")
    rows = _filtered(request, StoredPicture.objects.with_words(words), shown)
    asked_for = request.GET.get("for", "")
    chooses_for = asked_for if asked_for == NEW or is_primary_key(asked_for) else ""
    if chooses_for:
        rows = rows.for_stories()
    context = {
        "page": paginate(request, rows.newest_first(), PICTURES_A_PAGE),
        "words": words,
        "shown": shown if shown in FILTERS else "",
        "filters": FILTERS,
        "chooses_for": chooses_for,
        "form_address": _form_address(chooses_for),
        "upload": UploadForm(),
        "may_change": request.user.has_perm("stories.change_story"),
    }
    title = _("Choose a picture") if chooses_for else _("Pictures")
    return desk_page(request, "pictures", title, **context)


@require_POST
@of_stories("change")
def upload(request: DeskRequest) -> HttpResponse:
    """Store the posted pictures, and say which were refused and why."""
    kept = []
    for file in request.FILES.getlist("files"):
        try:
            kept.append(keep_upload(file, FOLDER))
        except ValidationError as error:
            messages.error(request, f"{file.name}: {' '.join(error.messages)}")
    if kept:
        text = ngettext("%(count)s picture is added.", "%(count)s pictures are added.", len(kept))
        messages.success(request, text % {"count": len(kept)})
    elif not request.FILES:
        messages.error(request, _("Choose the files first."))
    if len(kept) == 1:
        row = StoredPicture.objects.only("pk").get(name=kept[0])
        return redirect("admin:stories_story_picture", row.pk)
    return redirect("admin:stories_story_pictures")


def chosen_values(request: DeskRequest) -> dict[str, Any]:
    """Return the values of the story form for the picture that `?picture=` names, or {}.

    What the library says about it is proposed. An older description would be of another picture.
    """
    key = request.GET.get("picture", "")
    rows = StoredPicture.objects.for_stories()
    row = rows.filter(pk=key).first() if is_primary_key(key) else None
    if row is None:
        return {}
    return {
        **{"cover": row.name, "cover_focus": row.focus},
        **{"cover_alt": row.alt, "cover_credit": row.credit},
    }


def _filtered(
    request: DeskRequest, rows: StoredPictureQuerySet, shown: str
) -> StoredPictureQuerySet:
    if shown == "mine":
        return rows.by(request.user)
    filters = {
        "unused": rows.unused,
        "no-alt": rows.without_alt,
        "no-rights": rows.without_rights,
    }
    return filters[shown]() if shown in filters else rows


def _form_address(chooses_for: str) -> str:
    if chooses_for == NEW:
        return reverse("admin:stories_story_add")
    return reverse("admin:stories_story_change", args=[chooses_for]) if chooses_for else ""
