"""Where a picture stands beside stories: in profiles and in the publication, and who changes it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.contrib import admin
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from founders.models import Founder
from founders.portraits import swap_picture
from stories.admin.permissions import DeskRequest
from stories.admin.publication import PERMISSION, change, stored_publication
from stories_project.library.models import PictureUse, StoredPicture
from stories_project.library.uses import publication_with_other

# A portrait is of one person, and of more only where profiles are doubled.
PROFILES_AT_ONCE = 50
Kind = PictureUse.Kind
# Who may replace the pictures of a folder; those of stories: who may change stories.
NEEDED = {"portraits": "founders.change_founder", "publication": PERMISSION}


@dataclass(frozen=True)
class Elsewhere:
    """A profile or the publication, which shows a picture; `swap` takes (request, old, new)."""

    name: str
    state: str
    address: str
    may_change: bool
    swap: Callable[[DeskRequest, StoredPicture, StoredPicture], None]


def may_replace(request: DeskRequest, row: StoredPicture) -> bool:
    """Whether a user may put another picture in the place of this one, at least somewhere."""
    return request.user.has_perm(NEEDED.get(row.folder, "stories.change_story"))


def who_replaces(row: StoredPicture) -> str:
    """Return a sentence for those who may not: who does, and where."""
    sentences = {
        "portraits": _("Portraits are replaced by those who may change the profile."),
        "publication": _("Pictures of the publication are replaced by administrators."),
    }
    return sentences.get(row.folder, "")


def elsewhere(request: DeskRequest, row: StoredPicture) -> list[Elsewhere]:
    """Return the profiles that show a picture now, and the publication if it does."""
    shown = row.uses.filter(is_live=True).order_by()
    keys = shown.filter(kind=Kind.FOUNDER).values_list("key", flat=True)[:PROFILES_AT_ONCE]
    profiles = Founder.objects.filter(pk__in=list(keys)).order_by("pk")
    found = [_profile(request, founder) for founder in profiles]
    if shown.filter(kind=Kind.PUBLICATION).exists():
        found.append(_publication(request))
    return found


def _profile(request: DeskRequest, founder: Founder) -> Elsewhere:
    desk = admin.site.get_model_admin(Founder)
    return Elsewhere(
        str(founder),
        str(founder.get_status_display()),
        reverse("admin:founders_founder_change", args=[founder.pk]),
        desk.has_change_permission(request, founder),
        partial(_swap_in_profile, founder),
    )


def _publication(request: DeskRequest) -> Elsewhere:
    address = reverse("admin:stories_story_publication")
    may_change = request.user.has_perm(PERMISSION)
    return Elsewhere(_("Publication"), "", address, may_change, _swap_in_publication)


def _swap_in_profile(
    founder: Founder, request: DeskRequest, old: StoredPicture, new: StoredPicture
) -> None:
    swap_picture(founder.pk, old.name, new.name, request.user)


@transaction.atomic
def _swap_in_publication(request: DeskRequest, old: StoredPicture, new: StoredPicture) -> None:
    stored = stored_publication()
    change(request, stored, publication_with_other(stored, old.name, new.name))
