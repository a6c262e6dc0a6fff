"""One picture of the media library at the desk: what is said about it, and where it is used."""

from dataclasses import dataclass
from datetime import timedelta

from django import forms
from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from founders.models import Founder
from stories.admin.permissions import DeskRequest, desk_page, of_stories, story_path
from stories.admin.picture_elsewhere import may_replace, who_replaces
from stories.admin.workflow import in_words
from stories.models import Story
from stories.moderating.unused_pictures import delete_if_unused, is_named
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import record
from stories_project.library.image_field import FocusField
from stories_project.library.models import PictureUse, StoredPicture
from stories_project.pagination import Page, paginate
from stories_project.pictures.uploads import ACCEPT_ATTRIBUTE
from stories_project.text.markdown import ALT_TO_WRITE
from stories_project.text.printable import PrintableForm

USES_A_PAGE = 30
# They are deleted with the person, and by `clean_up`: the audit log names former ones for a time.
PORTRAITS = "portraits"
Kind = PictureUse.Kind


class PictureForm(PrintableForm, forms.ModelForm):
    """What an editor says about a picture."""

    focus = FocusField(of="picture")

    class Meta:
        model = StoredPicture
        fields = ("title", "alt", "focus", "credit", "licence", "licence_note", "source_url")


@dataclass(frozen=True)
class Shown:
    """A place that shows a picture, as the page lists it; `address` is empty for what is gone."""

    use: PictureUse
    name: str
    state: str
    address: str


def urls() -> list[URLPattern]:
    """Return the URL patterns of one picture."""
    return [
        story_path("pictures/<int:object_id>/", picture, "picture"),
        story_path("pictures/<int:object_id>/delete/", delete, "picture_delete"),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@of_stories("view")
def picture(request: DeskRequest, object_id: int) -> HttpResponse:
    """Show a picture, or save what is said about it."""
    row = get_object_or_404(StoredPicture.objects.select_related("uploaded_by"), pk=object_id)
    if request.method == "POST":
        return _save(request, object_id=object_id)
    return _page(request, row, PictureForm(instance=row))


@of_stories("change")
def _save(request: DeskRequest, object_id: int) -> HttpResponse:
    row = get_object_or_404(StoredPicture, pk=object_id)
    form = PictureForm(request.POST, instance=row)
    if not form.is_valid():
        return _page(request, row, form)
    form.save()
    messages.success(request, _("Saved. Stories keep what they say about this picture."))
    return redirect("admin:stories_story_picture", row.pk)


@require_POST
@of_stories("delete")
def delete(request: DeskRequest, object_id: int) -> HttpResponse:
    """Delete a picture that nothing uses."""
    row = get_object_or_404(StoredPicture, pk=object_id)
    now = timezone.now()
    later = now + timedelta(days=1)
    is_used = row.folder == PORTRAITS or is_named(row.name)
    if is_used or delete_if_unused(row.name, now, uploaded_before=later) is None:
        messages.error(request, _("Not deleted: a text or an old revision uses this picture."))
        return redirect("admin:stories_story_picture", row.pk)
    record(AuditEntry.Kind.STORY, "deleted a picture", by=request.user, before={"name": row.name})
    messages.success(request, _("“%(picture)s” is deleted.") % {"picture": row})
    return redirect("admin:stories_story_pictures")


def _page(request: DeskRequest, row: StoredPicture, form: PictureForm) -> HttpResponse:
    uses = row.uses.order_by("-is_live", "-is_working", "-pk")
    page = paginate(request, uses, USES_A_PAGE)
    may_change = request.user.has_perm("stories.change_story")
    if not may_change:
        for field in form.fields.values():
            field.disabled = True
    alt = (row.alt or ALT_TO_WRITE).replace("[", "(").replace("]", ")")
    context = {
        "row": row,
        "form": form,
        "page": page,
        "places": places_of(page),
        "markdown": f"![{alt}]({default_storage.url(row.name)})",
        "accept": ACCEPT_ATTRIBUTE,
        "may_change": may_change,
        "may_replace": may_replace(request, row),
        "who_replaces": who_replaces(row),
        "may_delete": _may_delete(request, row) and not page.rows,
        "is_lost_portrait": row.folder == PORTRAITS and not page.rows,
    }
    return desk_page(request, "picture", str(row), **context)


def _may_delete(request: DeskRequest, row: StoredPicture) -> bool:
    return row.folder != PORTRAITS and request.user.has_perm("stories.delete_story")


def places_of(page: Page[PictureUse]) -> list[Shown]:
    """Return what shows a picture, with names and states. Two queries."""

    def keys(kind: str) -> list[int]:
        return [use.key for use in page if use.kind == kind]

    stories = Story.objects.in_bulk(keys(Kind.STORY))
    founders = Founder.objects.in_bulk(keys(Kind.FOUNDER))
    return [_shown(use, stories, founders) for use in page]


def _shown(use: PictureUse, stories: dict[int, Story], founders: dict[int, Founder]) -> Shown:
    if use.kind == Kind.PUBLICATION:
        return Shown(use, _("Publication"), "", reverse("admin:stories_story_publication"))
    if use.kind == Kind.FOUNDER and (founder := founders.get(use.key)):
        address = reverse("admin:founders_founder_change", args=[founder.pk])
        return Shown(use, str(founder), founder.get_status_display(), address)
    if use.kind == Kind.STORY and (story := stories.get(use.key)):
        address = reverse("admin:stories_story_change", args=[story.pk])
        return Shown(use, str(story), in_words(story), address)
    return Shown(use, _("A deleted story"), "", "")
