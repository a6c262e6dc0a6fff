from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from founders.forms import DirectoryForm, shown
from founders.models import Founder
from stories_project.page_cache.cached_views import cached_page
from stories_project.pagination import paginate

FOUNDERS_A_PAGE = 48


@cached_page("q", "letter", "page")
@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """Show the approved founders by family name: all, those under a letter, or those found."""
    form = DirectoryForm(request.GET)
    founders = Founder.objects.approved().by_family_name().for_directory()
    if form.is_valid():
        founders = form.narrow(founders)
    return render(
        request,
        "founders/directory.html",
        {
            "founders": paginate(request, founders, FOUNDERS_A_PAGE),
            "form": form,
            "letters": [shown(letter) for letter in Founder.objects.letters()],
        },
    )
