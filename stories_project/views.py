from functools import wraps

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.http import require_POST, require_safe
from django.views.static import serve

from stories_project.pictures.drawings import as_svg, drawing_at
from stories_project.pictures.renditions import make_if_missing, make_renditions, picture_of
from stories_project.pictures.uploads import STORED_NAME, store_image
from stories_project.text import markdown

WRITING_PERMISSIONS = (
    *("stories.add_story", "stories.change_story"),
    *("founders.add_founder", "founders.change_founder"),
)
LONGEST_PREVIEW = 1_000_000


@require_safe
def media(request, path):
    """Serve what readers get of a stored picture; its name tells its content, so it never changes.

    The picture itself stays here: its address leads to its widest rendition.
    """
    if picture := STORED_NAME.fullmatch(path) and picture_of(path):
        return redirect(picture.largest, permanent=True)
    if not make_if_missing(path):
        raise Http404("No such picture")
    response = serve(request, path, document_root=settings.MEDIA_ROOT)
    response["Content-Security-Policy"] = settings.POLICY_OF_PICTURES
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@require_safe
def favicon(request):
    """Lead to the icon whoever looks for it where there is no page to name it."""
    return redirect(static("images/icon.svg"))


@require_safe
def drawn(request, name):
    """Answer with a drawing; its address tells all of it, so it never changes."""
    drawing = drawing_at(name)
    if drawing is None:
        raise Http404("No such drawing")
    response = HttpResponse(as_svg(drawing), content_type="image/svg+xml")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Content-Security-Policy"] = settings.POLICY_OF_PICTURES
    return response


def writers_only(view):
    """Refuse whoever may neither write stories nor founders, signed in or not, with 403."""

    @wraps(view)
    def guarded(request):
        user = request.user
        may_write = user.is_staff and any(user.has_perm(perm) for perm in WRITING_PERMISSIONS)
        if not may_write:
            raise PermissionDenied
        return view(request)

    return guarded


@require_POST
@writers_only
def preview_markdown(request):
    """Answer with the HTML that the posted `content` becomes on the page."""
    content = request.POST.get("content", "")
    if len(content) > LONGEST_PREVIEW:
        return HttpResponse("This text is too long to preview.", status=413)
    return HttpResponse(markdown.render_html(content))


@require_POST
@writers_only
def upload_image(request):
    """Store the posted `image` and answer with the Markdown that shows it."""
    upload = request.FILES.get("image")
    if upload is None:
        return JsonResponse({"error": "No picture was sent."}, status=400)
    try:
        name = store_image(upload, "images")
        make_renditions(name)
    except ValidationError as error:
        return JsonResponse({"error": error.message}, status=400)
    return JsonResponse({"image_code": f"![{markdown.ALT_TO_WRITE}]({default_storage.url(name)})"})
