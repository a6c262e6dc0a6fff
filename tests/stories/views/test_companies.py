"""A company: shared by founders, shown with their stories in its years."""

import pytest

from founders.models import Company, CompanyPastSlug, Founder
from stories_project.audit.models import AuditEntry
from tests.factories import (
    bring,
    make_company,
    make_founder,
    make_story,
    make_story_in,
    make_user,
    make_venture,
    reload,
)
from tests.page_cache_client import CachingClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return make_founder(name="Ada", slug="ada", birth_year=1815, death_year=1852)


@pytest.fixture
def mill():
    return make_company("The Mill", slug="mill", founded_year=1830, place="London")


def form_of(founder, **ventures):
    """Return the posted form of a founder with one new venture."""
    names = ("name", "native_name", "slug", "headline", "company", "biography", "links")
    values = {name: getattr(founder, name) for name in names}
    management = {"ventures-TOTAL_FORMS": 1, "ventures-INITIAL_FORMS": 0}
    return {**values, **management, **{f"ventures-0-{k}": v for k, v in ventures.items()}}


class ACompany:
    def test_shows_its_founders_and_their_stories_in_its_years(self, client, ada, mill):
        make_venture(ada, mill, from_year=1833, to_year=1843, role="Programmer")
        for year in (1820, 1833, 1843, 1850, None):
            make_story(title=f"Of {year}", told_from=year, founders=[ada])
        page = client.get("/companies/mill/").text
        assert "<bdi>Ada</bdi></a>, Programmer · 1833–1843" in page
        assert [y for y in (1820, 1833, 1843, 1850, None) if f"Of {y}<" in page] == [
            *(1833, 1843, None)
        ]

    @pytest.mark.parametrize("status", ["draft", "pending", "rejected", "hidden"])
    def test_is_not_found_without_an_approved_founder(self, client, ada, mill, status):
        make_venture(ada, mill)
        assert client.get("/companies/mill/").status_code == 200
        bring(ada, status)
        assert client.get("/companies/mill/").status_code == 404
        assert "/companies/" not in client.get("/sitemap-founders.xml").text

    @pytest.mark.parametrize("state", ["draft", "scheduled", "withdrawn"])
    def test_shows_no_story_that_is_not_public(self, client, ada, mill, state):
        make_venture(ada, mill)
        make_story_in(state, title="Secret", founders=[ada])
        assert "Secret" not in client.get("/companies/mill/").text

    def test_never_names_a_hidden_founder(self, client, ada, mill):
        make_venture(ada, mill)
        other = make_founder("hidden", name="Hidden Person")
        make_venture(other, mill)
        assert "Hidden Person" not in client.get("/companies/mill/").text

    def test_is_in_the_sitemap(self, client, ada, mill):
        make_venture(ada, mill)
        assert "/companies/mill/</loc>" in client.get("/sitemap-founders.xml").text

    def test_redirects_from_its_former_address(self, client, ada, mill):
        make_venture(ada, mill)
        CompanyPastSlug.objects.create(company=mill, slug="works")
        answer = client.get("/companies/works/")
        assert (answer.status_code, answer["Location"]) == (301, "/companies/mill/")

    def test_stands_in_the_life_of_its_founder(self, client, ada, mill):
        make_venture(ada, mill, from_year=1833, role="Programmer")
        page = client.get("/founders/ada/").text
        assert page.count('<a href="/companies/mill/"><bdi>The Mill</bdi></a>') == 2
        assert page.index("1815</p>") < page.index("1833</p>") < page.index("1852</p>")

    def test_joins_its_founders_on_the_page_of_lives(self, client, ada, mill):
        other = make_founder(birth_year=1820)
        make_venture(ada, mill)
        assert "lives__joint" not in client.get("/lives/").text
        make_venture(other, mill)
        assert client.get("/lives/").text.count('class="lives__joint"') == 1


class AKeptPage:
    def test_of_a_company_loses_a_hidden_founder_at_once(self, ada, mill):
        make_venture(ada, mill)
        make_venture(make_founder(name="Grace"), mill)
        cached = CachingClient()
        assert b"Ada" in cached.get("/companies/mill/").body
        ada.hide("They asked us to.")
        cached.cache.freshness.hurry()
        assert b"Ada" not in cached.get("/companies/mill/").body


class AModerator:
    @pytest.fixture(autouse=True)
    def sign_in(self, client):
        client.force_login(make_user("Moderator"))

    def test_adds_a_company_to_a_founder(self, client, ada, mill):
        path = f"/admin/founders/founder/{ada.pk}/change/"
        assert 'name="ventures-0-company"' in client.get(path).text
        answer = client.post(path, form_of(ada, company=mill.pk, from_year=1833))
        assert answer.status_code == 302
        assert [str(venture) for venture in ada.ventures.all()] == ["The Mill (1833)"]
        assert reload(ada).company == "The Mill"
        entry = AuditEntry.objects.get(what="changed the companies of")
        assert entry.after == {"ventures": ["The Mill (1833)"]}

    def test_leaves_the_companies_with_a_form_that_knows_nothing_of_them(self, client, ada, mill):
        venture = make_venture(ada, mill)
        form = {k: v for k, v in form_of(ada).items() if not k.startswith("ventures")}
        path = f"/admin/founders/founder/{ada.pk}/change/"
        assert client.post(path, form | {"headline": "New"}).status_code == 302
        assert list(ada.ventures.all()) == [venture]
        assert reload(ada).headline == "New"

    def test_is_told_about_years_that_run_backwards(self, client, ada, mill):
        years = {"from_year": 1843, "to_year": 1833}
        path = f"/admin/founders/founder/{ada.pk}/change/"
        answer = client.post(path, form_of(ada, company=mill.pk, **years))
        assert "The last year is not before the first one" in answer.text
        assert not ada.ventures.exists()

    def test_renames_a_company_and_its_old_address_redirects(self, client, ada, mill):
        make_venture(ada, mill)
        data = {"name": "Mill & Sons", "slug": "mill-and-sons", "founded_year": 1830}
        client.post(f"/admin/founders/company/{mill.pk}/change/", data)
        answer = client.get("/companies/mill/")
        assert (answer.status_code, answer["Location"]) == (301, "/companies/mill-and-sons/")
        assert AuditEntry.objects.filter(what="changed the company").exists()


class AWriter:
    def test_changes_no_company(self, client, mill):
        client.force_login(make_user("Writer"))
        data = {"name": "Mine", "slug": "mine"}
        answer = client.post(f"/admin/founders/company/{mill.pk}/change/", data)
        assert answer.status_code == 403
        assert Company.objects.get().name == "The Mill"

    def test_adds_no_company_to_a_draft(self, client, mill):
        client.force_login(make_user("Writer"))
        draft = Founder.objects.create(name="Draft", slug="draft")
        path = f"/admin/founders/founder/{draft.pk}/change/"
        assert client.post(path, form_of(draft, company=mill.pk)).status_code == 302
        assert not draft.ventures.exists()
