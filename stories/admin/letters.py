"""The desk's pages about followers and letters: how many, what failed, preview, test, bounces."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.mail import get_connection
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from stories.admin.permissions import DeskRequest, desk_page, of_stories, of_story, story_path
from stories.following.addresses import erase, note_bounces
from stories.following.composing import Rendered, message_for, render
from stories.following.matching import how_many_would_get
from stories.models import Follower, Letter, Sending, Story
from stories.models.letter import SENT_FOR
from stories_project.audit.models import AuditEntry
from stories_project.audit.recording import record
from stories_project.cache_headers import never_store
from stories_project.publication.current import in_its_language

SHOWN, FAILURES_SHOWN = 50, 200
# An e-mail has its styles in its elements; it runs nothing, and is in no frame.
POLICY_OF_LETTERS = (
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
)
Status = Sending.Status


class AddressesForm(forms.Form):
    addresses = forms.CharField(
        label=gettext_lazy("E-mail addresses, one on each line"),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )

    def clean_addresses(self) -> list[str]:
        """Return the lines that are not empty."""
        return self.cleaned_data["addresses"].split()


def urls() -> list[URLPattern]:
    """Return the URL patterns of the pages."""
    return [
        story_path("letters/", letters, "letters"),
        story_path("letters/addresses/", addresses, "letter_addresses"),
        story_path("letters/<int:letter_id>/", letter, "letter"),
        story_path("letters/<int:letter_id>/stop/", stop, "stop_letter"),
        story_path("<int:object_id>/letter/", letter_of_story, "letter_of_story"),
        story_path("<int:object_id>/letter/preview/", preview, "preview_letter"),
        story_path("<int:object_id>/letter/test/", send_test, "test_letter"),
    ]


@require_safe
@of_stories("publish")
def letters(request: DeskRequest) -> HttpResponse:
    """Show how many follow, and the newest letters with what was sent and failed of each."""
    context = {
        "letters": with_counts(list(Letter.objects.newest_first()[:SHOWN])),
        "followers": counts_of_followers(),
        "form": AddressesForm(),
        "a_minute": settings.LETTERS_A_MINUTE,
    }
    return desk_page(request, "letters", _("Followers and letters"), **context)


def with_counts(shown: list[Letter]) -> list[dict[str, Any]]:
    """Return the letters with the counts of what waits and was sent; one query if any is open."""
    is_open = [each.pk for each in shown if not each.finished_at]
    counted = Sending.objects.counts_of(is_open) if is_open else {}
    return [
        {"letter": each, "counts": counted.get(each.pk) or counts_of_finished(each)}
        for each in shown
    ]


def counts_of_finished(letter: Letter) -> dict[str, int]:
    """Return the counts of a letter that are stored in it."""
    names = ("sent", "failed", "unknown")
    return {"waiting": 0, **{name: getattr(letter, f"{name}_count") for name in names}}


def counts_of_followers() -> list[tuple[str, str]]:
    """Return (what, how many followers) for each frequency, and of those who are paused."""
    counts = Follower.objects.counts()
    rows = [(str(label), counts[value]) for value, label in Follower.Frequency.choices]
    rows.append((_("E-mail came back: paused"), counts["paused"]))
    return [(label, f"{count:,}") for label, count in rows]


@require_safe
@of_stories("publish")
def letter(request: DeskRequest, letter_id: int) -> HttpResponse:
    """Show one letter, with what failed."""
    found = get_object_or_404(Letter.objects.select_related("story"), pk=letter_id)
    [row] = with_counts([found])
    failed = found.sendings.filter(status__in=(Status.FAILED, Status.UNKNOWN))
    failed = failed.select_related("follower").order_by("-pk")[:FAILURES_SHOWN]
    return desk_page(request, "letter", str(found), row=row, letter=found, failed=failed)


@require_POST
@of_stories("publish")
def stop(request: DeskRequest, letter_id: int) -> HttpResponse:
    """Send no more of a letter."""
    found = get_object_or_404(Letter.objects.open(), pk=letter_id)
    found.stop(request.user)
    messages.success(request, _("Stopped. Nobody else gets it."))
    return redirect("admin:stories_story_letter", letter_id)


@require_safe
@of_story("publish")
def letter_of_story(request: DeskRequest, story: Story) -> HttpResponse:
    """Show how many get a story, with its preview and the test."""
    title = _("E-mail: %(story)s") % {"story": story}
    earliest = timezone.now() - SENT_FOR
    context = {
        "sent": Letter.objects.filter(story=story).first(),
        "count": how_many_would_get(story),
        "is_too_late": story.publish_at is not None and story.publish_at < earliest,
    }
    return desk_page(request, "letter_of_story", title, story, **context)


@require_safe
@never_cache
@of_story("publish")
def preview(request: DeskRequest, story: Story) -> HttpResponse:
    """Show the e-mail about a story as it would be sent now: HTML, or `?as=text`."""
    as_sent = letter_about(story)
    if request.GET.get("as") == "text":
        return never_store(HttpResponse(as_sent.text, content_type="text/plain; charset=utf-8"))
    response = never_store(HttpResponse(as_sent.html))
    response["Content-Security-Policy"] = POLICY_OF_LETTERS
    return response


@require_POST
@of_story("publish")
def send_test(request: DeskRequest, story: Story) -> HttpResponse:
    """Send the e-mail about a story to the user, and say what the mail server answered."""
    back = redirect("admin:stories_story_letter_of_story", story.pk)
    if not request.user.email:
        text = _("Your account has no e-mail address. Add one under “Your account”.")
        messages.error(request, text)
        return back
    message = message_for(Follower(address=request.user.email), letter_about(story))
    message.subject = _("Test: %(subject)s") % {"subject": message.subject}
    message.connection = get_connection(settings.DIRECT_EMAIL_BACKEND)
    try:
        message.send()
    except OSError as error:  # every error of smtplib is one
        messages.error(request, _("Not sent. The mail server says: %(error)s") % {"error": error})
    else:
        text = _("Sent to %(address)s. Look whether it arrives.")
        messages.success(request, text % {"address": request.user.email})
    return back


@in_its_language()
def letter_about(story: Story) -> Rendered:
    """Return the letter about a story as it is stored. Its private addresses lead nowhere."""
    return render(Letter.Kind.STORY, [story])


@require_POST
@of_stories("publish")
def addresses(request: DeskRequest) -> HttpResponse:
    """Pause addresses from which e-mail came back, erase them, or show what is held about one."""
    form = AddressesForm(request.POST)
    back = redirect("admin:stories_story_letters")
    if not form.is_valid():
        messages.error(request, _("Type at least one address."))
        return back
    given = form.cleaned_data["addresses"]
    if "export" in request.POST:
        return _export(request, given[0])
    do = erase if "erase" in request.POST else note_bounces
    count = do(given, request.user)
    text = ngettext(
        "%(n)s follower was found and changed.", "%(n)s followers were found and changed.", count
    )
    messages.success(request, text % {"n": count})
    return back


def _export(request: DeskRequest, address: str) -> HttpResponse:
    follower = Follower.objects.with_address(address).first()
    if follower is None:
        raise Http404("Nobody follows with this address")
    what = f"exported all about a follower (follower {follower.pk})"
    record(AuditEntry.Kind.EXPORT, what, by=request.user)
    response = JsonResponse(follower.held, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="follower.json"'
    return never_store(response)
