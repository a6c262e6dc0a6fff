"""Following by e-mail: asking, confirming, preferences and leaving, all without an account."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from founders.models import Founder
from stories.following.confirming import ask, confirm, wish_of
from stories.following.forms import FollowForm, PreferencesForm
from stories.models import Follower, Tag
from stories_project.cache_headers import never_store, never_store_form
from stories_project.rate_limit import is_over_limit

HOUR = 3600


@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Show and accept the form. The answer never tells whether the address is known."""
    form = FollowForm(request.POST or None, subject=_subject(request))
    if request.method == "POST" and _may_ask(request, form):
        ask(form)
        return redirect("follow_asked")
    response = render(request, "stories/following/follow.html", {"form": form})
    # It has the time at which it was opened.
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """Say that a link was sent."""
    days = settings.CONFIRMED_WITHIN.days
    return never_store(render(request, "stories/following/asked.html", {"days": days}))


@require_http_methods(["GET", "HEAD", "POST"])
def confirmation(request: HttpRequest, signed: str) -> HttpResponse:
    """Ask once more, because programs open the links of an e-mail; then store the follower."""
    wish = wish_of(signed)
    if wish is None:
        return never_store(render(request, "stories/following/too_late.html", status=410))
    if request.method == "POST":
        return redirect(confirm(wish))
    context = {"address": wish["address"]}
    return never_store_form(render(request, "stories/following/confirm.html", context))


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """Show and store what a follower gets, and how often."""
    follower = get_object_or_404(Follower, token=token)
    form = PreferencesForm(request.POST or None, follower=follower)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect(f"{follower.get_absolute_url()}?saved")
    context = {"follower": follower, "form": form, "is_saved": "saved" in request.GET}
    return never_store_form(render(request, "stories/following/preferences.html", context))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """Delete a follower with one request (RFC 8058); a second one is answered in the same way.

    The e-mail client that posts has neither a session nor a CSRF token. Reading changes nothing.
    """
    follower = Follower.objects.filter(token=token).first()
    if request.method == "POST" and follower:
        follower.leave()
        follower = None
    template = "leave" if follower else "left"
    context = {"follower": follower}
    return never_store_form(render(request, f"stories/following/{template}.html", context))


@require_safe
def held(request: HttpRequest, token: str) -> HttpResponse:
    """Return all that is held about a follower, as a file."""
    follower = get_object_or_404(Follower, token=token)
    response = JsonResponse(follower.held, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="follower.json"'
    return never_store(response)


def _subject(request: HttpRequest) -> Founder | Tag | None:
    """Return the founder or the tag of `?founder=` or `?tag=`, if there is one that is public."""
    founder, tag = request.GET.get("founder", ""), request.GET.get("tag", "")
    # PostgreSQL refuses to compare with a text that contains a null character.
    if "\0" in founder + tag:
        raise Http404("There is no such page")
    if founder:
        return get_object_or_404(Founder.objects.approved(), slug=founder)
    return get_object_or_404(Tag.objects.in_use(), slug=tag) if tag else None


def _may_ask(request: HttpRequest, form: FollowForm) -> bool:
    """Whether a form is valid, and within the rate limits of its client IP address."""
    sentence = _("You have tried too often. What you typed is still here: try in an hour.")
    if is_over_limit(request, "attempts", settings.ATTEMPTS_AN_HOUR, HOUR):
        form.add_error(None, sentence)
        return False
    if not form.is_valid():
        return False
    if is_over_limit(request, "follows", settings.FOLLOWS_AN_HOUR, HOUR):
        form.add_error(None, sentence)
        return False
    return True
