"""Double opt-in: nothing is stored before the owner of an address has confirmed it.

What was asked for is in the link, signed. So there is nothing to delete if nobody confirms, and
nobody can learn whether an address is known: the answer is the same, and so is the e-mail.
"""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from founders.models import Founder
from stories.following.forms import FollowForm
from stories.models import Follower, Tag
from stories.models.follower import folded_address
from stories_project.publication.current import current, in_its_language
from stories_project.rate_limit import exceeds

SALT = "stories.following"
# E-mails that ask one address, and the seconds in which they are counted.
ASKED_AT_MOST, DAY = 3, 24 * 60 * 60


@in_its_language()
def ask(form: FollowForm) -> None:
    """Send the link with which the owner of an address confirms a valid form."""
    address = form.cleaned_data["email"]
    if exceeds(folded_address(address), "asked_to_follow", ASKED_AT_MOST, DAY):
        return
    subject = form.follows
    wish = {
        "address": address,
        "frequency": form.cleaned_data["frequency"],
        "founder": subject.pk if isinstance(subject, Founder) else None,
        "tag": subject.pk if isinstance(subject, Tag) else None,
        "consent": form.consented,
        "asked_at": timezone.now().timestamp(),
    }
    signed = signing.dumps(wish, salt=SALT, compress=True)
    context = {
        "publication_name": current().name,
        "subject": subject,
        "address": settings.SITE_URL + reverse("follow_confirm", args=[signed]),
        "days": settings.CONFIRMED_WITHIN.days,
    }
    title = _("Confirm that you follow %(publication)s") % {"publication": current().name}
    send_mail(title, render_to_string("letters/confirm.txt", context), None, [address])


def wish_of(signed: str) -> dict[str, Any] | None:
    """Return what a link asks for; None if it is not ours, or too old."""
    age = settings.CONFIRMED_WITHIN
    try:
        wish: dict[str, Any] = signing.loads(signed, salt=SALT, max_age=age)
    except signing.BadSignature:
        return None
    return wish


@transaction.atomic
def confirm(wish: dict[str, Any]) -> Follower:
    """Store what the owner of an address has confirmed, and return the follower.

    A founder or a tag that was deleted meanwhile is left out.
    """
    address = wish["address"]
    follower, is_new = Follower.objects.get_or_create(
        folded_address=folded_address(address),
        defaults={
            "address": address,
            "frequency": wish["frequency"],
            "consent": wish["consent"],
            "asked_at": datetime.fromtimestamp(wish["asked_at"], UTC),
        },
    )
    if not is_new:
        follower.choose(wish["frequency"])
    founder = Founder.objects.filter(pk=wish["founder"] or 0).first()
    tag = Tag.objects.filter(pk=wish["tag"] or 0).first()
    if founder or tag or not (wish["founder"] or wish["tag"]):
        follower.follows.get_or_create(founder=founder, tag=tag)
    return follower
