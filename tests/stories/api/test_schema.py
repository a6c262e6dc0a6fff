"""Whatever is asked, the API answers as its OpenAPI document says: asked by schemathesis.

With the page cache before Django, as in production, and in this process.
"""

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from stories.api.document import document
from stories.api.endpoints import api
from stories.planning.transitions import passed
from stories_project.page_cache.application import PageCache
from tests.factories import make_founder, make_story, make_story_in, revise
from tests.page_cache_client import connection_kept

pytestmark = pytest.mark.django_db

PATHS = list(api.get_openapi_schema(path_prefix="/api/")["paths"])
# Nothing is wrong by its schema where there are no parameters but a slug.
ASKED = [(path, GenerationMode.POSITIVE) for path in PATHS]
ASKED += [
    (f"/api/{name}/", GenerationMode.NEGATIVE) for name in ("stories", "founders", "tags", "search")
]
SLUGS = ("loom", "ada", "sea", "gone", "old", "new", "no")
# Any text is a cursor by its schema, but only ours are accepted.
OTHER_CHECKS = [positive_data_acceptance]


@pytest.fixture
def schema(db):
    """The API as it describes itself, with something of everything in it."""
    ada = make_founder(name="Ada Byron", slug="ada")
    make_story(slug="loom", founders=[ada], tags=["Sea"])
    make_story_in("withdrawn", slug="gone")
    revise(make_story(slug="old"), {"slug": "new"})
    found = schemathesis.openapi.from_dict(document())
    cache = PageCache(WSGIHandler(), 8 * 1024 * 1024, passed)
    # The client of schemathesis says that it can read gzip, and cannot.
    found.app = lambda environ, start: cache(environ | {"HTTP_ACCEPT_ENCODING": ""}, start)
    return found


def check(case):
    with connection_kept():
        return case.call_and_validate(excluded_checks=OTHER_CHECKS)


class EveryOperation:
    @pytest.mark.parametrize(("path", "mode"), ASKED)
    def test_answers_whatever_is_asked_as_its_document_says(self, schema, path, mode):
        cases = schema[path]["GET"].as_strategy(generation_mode=mode)

        @given(case=cases)
        @settings(
            max_examples=30,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def ask(case):
            check(case)

        ask()

    @pytest.mark.parametrize("path", PATHS)
    def test_answers_for_what_is_there_as_its_document_says(self, schema, path):
        for slug in SLUGS if "slug" in path else [""]:
            case = schema[path]["GET"].Case(path_parameters={"slug": slug} if slug else {})
            assert check(case).status_code in {200, 301, 404, 410}

    def test_is_described(self):
        for path, operations in document()["paths"].items():
            assert operations["get"]["description"], path
