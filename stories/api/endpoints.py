"""The endpoints of the API: each reads what the public sees, and nothing else."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Query
from ninja.errors import ValidationError

from founders.models import Founder
from stories.api import describing, schemas
from stories.api.cursors import LONGEST, moment, name, place_at
from stories.api.pages import (
    each,
    page_of,
    place_of_name,
    place_of_story,
    place_of_title,
)
from stories.api.problems import (
    BadCursor,
    Problem,
    bad_parameters,
    missing,
    problem,
)
from stories.models import Series, Story, Tag
from stories.search import finding
from stories.search.results import SearchForm
from stories.views.missing import founder_at, series_at, story_at, tag_at
from stories_project import converters  # noqa: F401  registers {uslug:…}
from stories_project.page_cache.surrogate_keys import MISSING, note
from stories_project.publication.current import current

VERSION = "1"
MOST_ITEMS = 50
WRONG_QUERY = {400: Problem}
# What answers for a slug. 301: under another slug now; 410: withdrawn.
NOT_HERE = {301: Problem, 404: Problem, 410: Problem}

Slug = Annotated[str, Query(pattern=r"^[-\w]*$", max_length=200)]
Cursor = Annotated[str, Query(max_length=LONGEST, description="From `next` of the part before.")]
Limit = Annotated[int, Query(ge=1, le=MOST_ITEMS, description="How many items.")]

api = NinjaAPI(
    title="API",
    version=VERSION,
    description="Read what is public: stories, founders, tags, series, and the search.",
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
)


def endpoint(path: str, name: str, answer: Any, problems: dict[int, Any] | None = None) -> Any:
    """Decorate the function that answers GET requests for a path below /api/.

    `name` is that of the URL pattern, and of the operation in the OpenAPI document.
    """
    responses = {200: answer, **(problems or {})}
    return api.get(path, response=responses, url_name=name, operation_id=name)


@api.exception_handler(ValidationError)
def refuse_parameters(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer 400 for parameters that are not as the OpenAPI document says."""
    return bad_parameters(error)


@api.exception_handler(BadCursor)
def refuse_cursor(request: HttpRequest, error: BadCursor) -> HttpResponse:
    """Answer 400 for a cursor that we have not given out."""
    return problem(400, _("This cursor is not one of ours. Begin without one."))


@endpoint("", "api", schemas.Contents)
def contents(request: HttpRequest) -> Any:
    """What there is."""
    views = ("stories", "founders", "tags", "series", "search")
    return {
        "name": current().name,
        "url": describing.url_of("home"),
        "openapi": describing.url_of("api_openapi"),
        "endpoints": {view: describing.url_of(f"api_{view}") for view in views},
    }


@endpoint("stories/", "api_stories", schemas.Page[schemas.StoryItem], {**WRONG_QUERY, 404: Problem})
def story_list(
    request: HttpRequest, founder: Slug = "", tag: Slug = "", cursor: Cursor = "", limit: Limit = 20
) -> Any:
    """Public stories, the newest first; also only those of a founder or a tag."""
    place = place_at(cursor, moment)
    stories = Story.objects.published()
    if not (founder or tag):
        stories = stories.older_than(place).newest_first()
    if founder:
        about = _with_slug(Founder.objects.approved(), founder)
        if about is None:
            return missing_filter(_("There is no such founder."))
        stories = stories.by(about, place)
    if tag:
        chosen = _with_slug(Tag.objects.in_use(), tag)
        if chosen is None:
            return missing_filter(_("There is no such tag."))
        stories = stories.tagged(chosen, place)
    rows = list(stories.for_api()[: limit + 1])
    return page_of(request, rows, limit, describing.of_stories, place_of_story)


@endpoint("stories/{uslug:slug}/", "api_story", schemas.Story, NOT_HERE)
def story(request: HttpRequest, slug: str) -> Any:
    """A whole story."""
    found = Story.objects.published().filter(slug=slug).with_founders().first()
    return describing.of_story(found) if found else missing(story_at(slug), "api_story")


@endpoint("founders/", "api_founders", schemas.Page[schemas.FounderItem], WRONG_QUERY)
def founder_list(request: HttpRequest, cursor: Cursor = "", limit: Limit = 20) -> Any:
    """Approved founders by name."""
    founders = Founder.objects.approved().after(place_at(cursor, name)).by_name()
    rows = list(founders.defer("biography")[: limit + 1])
    return page_of(request, rows, limit, each(describing.founder_item), place_of_name)


@endpoint("founders/{uslug:slug}/", "api_founder", schemas.Founder, NOT_HERE)
def founder(request: HttpRequest, slug: str) -> Any:
    """The profile of an approved founder."""
    found = Founder.objects.approved().filter(slug=slug).first()
    return describing.of_founder(found) if found else missing(founder_at(slug), "api_founder")


@endpoint("tags/", "api_tags", schemas.Page[schemas.TagItem], WRONG_QUERY)
def tag_list(request: HttpRequest, cursor: Cursor = "", limit: Limit = 20) -> Any:
    """Tags of public stories by name."""
    tags = Tag.objects.in_use().with_counts().after(place_at(cursor, name)).by_name()
    rows = list(tags[: limit + 1])
    return page_of(request, rows, limit, each(describing.tag_item), place_of_name)


@endpoint("tags/{uslug:slug}/", "api_tag", schemas.Tag, NOT_HERE)
def tag(request: HttpRequest, slug: str) -> Any:
    """A tag with its description."""
    found = Tag.objects.in_use().with_counts().filter(slug=slug).first()
    return describing.of_tag(found) if found else missing(tag_at(slug), "api_tag")


@endpoint("series/", "api_series", schemas.Page[schemas.SeriesItem], WRONG_QUERY)
def series_list(request: HttpRequest, cursor: Cursor = "", limit: Limit = 20) -> Any:
    """Series with public stories by title."""
    series = Series.objects.in_use().with_counts().after(place_at(cursor, name)).by_title()
    rows = list(series[: limit + 1])
    return page_of(request, rows, limit, each(describing.series_item), place_of_title)


@endpoint("series/{uslug:slug}/", "api_one_series", schemas.Series, NOT_HERE)
def series(request: HttpRequest, slug: str) -> Any:
    """A series with its public stories in their order."""
    found = Series.objects.in_use().with_counts().filter(slug=slug).first()
    return describing.of_series(found) if found else missing(series_at(slug), "api_one_series")


@endpoint("search/", "api_search", schemas.Results, WRONG_QUERY)
def search(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=200, description="What a reader would type.")] = "",
    cursor: Cursor = "",
    limit: Limit = 10,
) -> Any:
    """Public stories that match a text, the best first."""
    start = (place_at(cursor, str) or ("", 0))[1]
    form = SearchForm({"q": q})
    if not form.is_valid():
        return problem(400, " ".join(map(str, form.errors["q"])))
    found = finding.search(form.cleaned_data["q"])
    keys = found.stories[start : start + limit + 1]
    stories = Story.objects.published().for_api().in_bulk(keys)
    rows = [(number, stories[key]) for number, key in enumerate(keys, 1) if key in stories]
    page = page_of(
        request,
        rows,
        limit,
        lambda shown: describing.of_stories([story for _, story in shown]),
        lambda row: ("", start + row[0]),
    )
    return {**page, "corrected": found.corrected, "is_partial": found.is_partial}


def missing_filter(detail: str) -> HttpResponse:
    """Answer for a founder or a tag that is not public, by which stories should be chosen."""
    note(MISSING)
    return problem(404, detail)


def _with_slug(rows: Any, slug: str) -> Any:
    """Return the row with a slug, or the one that had it before; None without any."""
    row = rows.filter(slug=slug).first()
    return row or rows.filter(past_slugs__slug=slug).first()
