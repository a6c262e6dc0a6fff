"""Pagination without COUNT(*)."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, QueryDict
from django.utils.functional import cached_property

PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)


Row = TypeVar("Row")
ModelRow = TypeVar("ModelRow", bound=Model)


@dataclass
class Page(Generic[Row]):
    """One page of a list: its rows, its number from 1, and whether another page follows.

    `following` is the first row of that page.
    """

    rows: Sequence[Row]
    number: int
    has_next: bool
    # The rest of the query string, which the links to other pages keep.
    query: QueryDict
    following: Row | None = None

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def next_number(self) -> int | None:
        """The number of the page with older rows, or None on the last one."""
        return self.number + 1 if self.has_next else None

    @property
    def previous_number(self) -> int | None:
        """The number of the page with newer rows, or None on the first one."""
        return self.number - 1 or None


def paginate(request: HttpRequest, queryset: QuerySet[ModelRow], per_page: int) -> Page[ModelRow]:
    """Return the Page that `?page=` asks for, with `per_page` rows.

    It reads one row more than it shows, to know whether another page follows; so a page costs the
    same however long the list is. The first page takes one query, the others take two. Raises
    Http404 for an invalid page number, and for a page after the last one. The first page of an
    empty list is empty.
    """
    return _page(request, per_page, lambda start, stop: _read(queryset, start, stop))


def paginate_list(request: HttpRequest, rows: Sequence[Row], per_page: int) -> Page[Row]:
    """Do the same as `paginate` for rows that are in memory."""
    return _page(request, per_page, lambda start, stop: rows[start:stop])


def _page(
    request: HttpRequest, per_page: int, read: Callable[[int, int], Sequence[Row]]
) -> Page[Row]:
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
    following = rows[per_page] if len(rows) > per_page else None
    return Page(rows[:per_page], number, following is not None, query, following)


def _read(queryset: QuerySet[ModelRow], start: int, stop: int) -> list[ModelRow]:
    """Return a slice as a list; earlier rows are skipped in the index and not read."""
    if not start:
        return list(queryset[:stop])
    keys = list(queryset.values_list("pk", flat=True)[start:stop])
    rows = queryset.in_bulk(keys)
    return [rows[key] for key in keys if key in rows]


class BoundedPaginator(Paginator):
    """Numbered pages of the first 10,000 rows; filters and search reach the other rows."""

    COUNTED_AT_MOST = 10_000
    object_list: QuerySet

    @cached_property
    def count(self) -> int:
        """The number of rows; counting stops at the last row that is shown."""
        keys = self.object_list.order_by().values("pk")
        return keys[: self.COUNTED_AT_MOST].count()
