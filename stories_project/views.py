import re
from collections.abc import Callable
from functools import wraps
from mimetypes import guess_type
from pathlib import PurePosixPath

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
)
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils.cache import get_conditional_response
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from stories_project.cache_headers import never_store
from stories_project.library.uploading import keep_upload
from stories_project.page_cache.cached_views import cached_page
from stories_project.page_cache.networks import network
from stories_project.pictures.drawings import as_svg, drawing_at
from stories_project.pictures.renditions import NAME as RENDITION
from stories_project.pictures.renditions import make_if_missing, picture_of
from stories_project.pictures.upload_quota import TOO_MANY, is_over_quota
from stories_project.pictures.uploads import STORED_NAME
from stories_project.publication.current import current
from stories_project.text import markdown
from stories_project.text.from_html import from_html

WRITING_PERMISSIONS = (
    *("stories.add_story", "stories.change_story"),
    *("founders.add_founder", "founders.change_founder"),
)
COLOURS = re.compile(r"(?P<light>[0-9a-f]{6})-(?P<dark>[0-9a-f]{6})")
LONGEST_PREVIEW = 1_000_000


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve a rendition; its name holds the hash of its content, so caches may keep it for ever.

    The stored picture itself is not served: its URL redirects to its widest rendition.
    """
    picture = picture_of(path) if STORED_NAME.fullmatch(path) else None
    if picture:
        return redirect(picture.largest, permanent=True)
    keys = keys_of_guarded(path)
    is_public = keys is None or bool(keys)
    if not (is_public or request.user.is_staff) or not make_if_missing(path):
        raise Http404("No such picture")
    etag = f'"{PurePosixPath(path).stem}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag)
    if response is None:
        response = FileResponse(default_storage.open(path), content_type=guess_type(path)[0])
        response["ETag"] = etag
    response["Content-Security-Policy"] = settings.POLICY_OF_PICTURES
    if not is_public:
        return never_store(response)
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    for name, value in cdn.keys(keys) if keys and (cdn := network()) else ():
        response[name] = value
    return response


def keys_of_guarded(path: str) -> list[str] | None:
    """Return the surrogate keys of a rendition that not everybody may always see.

    There are none if it is not public now. Return None for what nobody guards.
    """
    match = RENDITION.fullmatch(path)
    guard = settings.GUARDED_PICTURES.get(match["master"].partition("/")[0]) if match else None
    if not match or not guard:
        return None
    keys: list[str] = import_string(guard)(f"{match['master']}.webp")
    return keys


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Redirect to the icon; browsers request this URL when no page names the icon."""
    icon = picture_of(current().icon)
    return redirect(icon.src if icon else static("images/icon.svg"))


@cached_page()
@require_safe
def drawn(request: HttpRequest, name: str) -> HttpResponse:
    """Return a drawing as SVG; its URL determines its content, so caches may keep it for ever."""
    drawing = drawing_at(name)
    if drawing is None:
        raise Http404("No such drawing")
    response = HttpResponse(as_svg(drawing), content_type="image/svg+xml")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Content-Security-Policy"] = settings.POLICY_OF_PICTURES
    return response


@cached_page()
@require_safe
def colours(request: HttpRequest, name: str) -> HttpResponse:
    """Return the accents of the publication as a style sheet; its URL determines its content."""
    match = COLOURS.fullmatch(name)
    if not match:
        raise Http404("No such colours")
    css = f":root {{ --accent: light-dark(#{match['light']}, #{match['dark']}) }}"
    response = HttpResponse(css, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def writers_only(view: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 403 unless the user is staff and may write stories or founders."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        user = request.user
        may_write = user.is_staff and any(user.has_perm(perm) for perm in WRITING_PERMISSIONS)
        if not may_write:
            raise PermissionDenied
        return view(request)

    return guarded


@require_POST
@writers_only
def preview_markdown(request: HttpRequest) -> HttpResponse:
    """Return the posted `content` rendered as HTML."""
    content = request.POST.get("content", "")
    if len(content) > LONGEST_PREVIEW:
        return HttpResponse("This text is too long to preview.", status=413)
    return HttpResponse(markdown.render_html(content))


@require_POST
@writers_only
def convert_html(request: HttpRequest) -> JsonResponse:
    """Return the posted `html`, pasted from somewhere, as Markdown."""
    html = request.POST.get("html", "")
    if len(html) > LONGEST_PREVIEW:
        return JsonResponse({"error": _("This is too long to convert.")}, status=413)
    try:
        converted = from_html(html)
    except RecursionError:
        error = _("This cannot be converted: it is nested too deeply.")
        return JsonResponse({"error": error}, status=400)
    pictures = converted.pictures_left_out
    return JsonResponse({"markdown": converted.markdown, "pictures_left_out": pictures})


@require_POST
@writers_only
def upload_image(request: HttpRequest) -> HttpResponse:
    """Store the posted `image`, and return the Markdown that shows it."""
    upload = request.FILES.get("image")
    if upload is None:
        error = TOO_MANY if is_over_quota(request) else _("No picture was sent.")
        return JsonResponse({"error": error}, status=400)
    try:
        name = keep_upload(upload, "images")
    except ValidationError as error:
        return JsonResponse({"error": error.message}, status=400)
    return JsonResponse({"image_code": f"![{markdown.ALT_TO_WRITE}]({default_storage.url(name)})"})
