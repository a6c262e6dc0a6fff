"""Pages of a list that nobody has to count."""

import re
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import Http404, QueryDict
from django.utils.functional import cached_property

PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)


@dataclass
class Page:
    """One page of a list: its rows, its number from 1, and whether another follows."""

    rows: list
    number: int
    has_next: bool
    # What else the address asked for, so that the links to other pages keep it.
    query: QueryDict

    def __iter__(self):
        return iter(self.rows)

    def __len__(self):
        return len(self.rows)

    @property
    def next_number(self):
        """The number of the page with older rows, or None on the last one."""
        return self.number + 1 if self.has_next else None

    @property
    def previous_number(self):
        """The number of the page with newer rows, or None on the first one."""
        return self.number - 1 or None


def paginate(request, queryset, per_page):
    """Return the Page that `?page=` asks for, with one query and no count.

    It reads one row more than it shows to know whether another page follows, so a page costs the
    same however long the list is; a page further on takes a second query. Raises Http404 for what
    is no page number, and for a page after the last; the first page of an empty list is empty.
    """
    return _page(request, per_page, lambda start, stop: _read(queryset, start, stop))


def paginate_list(request, rows, per_page):
    """Return the Page that `?page=` asks for of rows that are in memory. Raises as `paginate`."""
    return _page(request, per_page, lambda start, stop: rows[start:stop])


def _page(request, per_page, read):
    asked = request.GET.get("page", "1")
    if not PAGE_NUMBER.fullmatch(asked):
        raise Http404("No such page")
    number = int(asked)
    start = (number - 1) * per_page
    rows = read(start, start + per_page + 1)
    if not rows and number > 1:
        raise Http404("No such page")
    query = request.GET.copy()
    query.pop("page", None)
    return Page(rows[:per_page], number, has_next=len(rows) > per_page, query=query)


def _read(queryset, start, stop):
    """Return a slice as a list; what comes before it is skipped in the index and not read."""
    if not start:
        return list(queryset[:stop])
    keys = list(queryset.values_list("pk", flat=True)[start:stop])
    rows = queryset.in_bulk(keys)
    return [rows[key] for key in keys if key in rows]


class BoundedPaginator(Paginator):
    """Numbered pages of at most the first 10,000 rows; filters and search reach the others."""

    COUNTED_AT_MOST = 10_000

    @cached_property
    def count(self):
        """The number of rows, counted no further than is shown."""
        keys = self.object_list.order_by().values("pk")
        return keys[: self.COUNTED_AT_MOST].count()
