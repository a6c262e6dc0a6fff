from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from founders.lives import LivesForm, centuries_of
from founders.models import Founder
from stories.reading.lives_axis import draw
from stories.reading.lives_together import LivesTogether
from stories_project.page_cache.cached_views import cached_page
from stories_project.page_cache.surrogate_keys import note_end
from stories_project.pagination import paginate

LIVES_A_PAGE = 60


@cached_page("century", "place", "page")
@require_safe
def lives(request: HttpRequest) -> HttpResponse:
    """Show the lives of approved founders on one axis of time, by century and by place."""
    form = LivesForm(request.GET)
    approved = Founder.objects.approved()
    page = paginate(request, form.narrow(approved).by_birth().for_lives(), LIVES_A_PAGE)
    together = LivesTogether.of([founder.pk for founder in page])
    today = timezone.localtime()
    # Who lives is drawn until this year.
    note_end(_next_year(today))
    context = {
        "form": form,
        "centuries": centuries_of(approved),
        "founders": page,
        "axis": draw(page.rows, together.pairs, today.year) if page else None,
        "rows": [(founder, together.others(founder.pk, page)) for founder in page],
    }
    return render(request, "founders/lives.html", context)


def _next_year(moment: datetime) -> datetime:
    return moment.replace(
        year=moment.year + 1, month=1, day=1, hour=0, minute=0, second=0, microsecond=0
    )
