"""Lists of the admin that stay quick over millions of rows: nothing counts or reads a whole table.

A list leads to its first MOST rows; what lies behind them is found by a search, a filter or a day.
These ask for indexed columns alone, and so does the order.
"""

import calendar
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import dateformat, timezone

MOST = 1_000
Choices = list[tuple[dict[str, int], str]]


class BoundedPaginator(Paginator):
    """Counts one row further than it leads to, so that a page can say that there are more."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[: MOST + 1].count())

    @cached_property
    def num_pages(self) -> int:
        return max(1, -(-min(self.count, MOST) // self.per_page))


class BoundedList(ChangeList):
    """A list with years, months and days to go into, of which it does not ask which hold rows."""

    model_admin: "BoundedAdmin"

    @property
    def most(self) -> int | None:
        """Return how many rows it leads to, where there are more."""
        return MOST if self.result_count > MOST else None

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.full_result_count = self.result_count  # said once, under the list

    def get_queryset(self, *args: Any, **kwargs: Any) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_queryset(*args, **kwargs)
        return found.defer(*self.model_admin.list_defer)

    def get_ordering_field(self, field_name: Any) -> Any:
        """No order but those that a heading offers: others would sort the whole table."""
        allowed = self.sortable_by is None or field_name in self.sortable_by
        return super().get_ordering_field(field_name) if allowed else None

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        """Let ties in the column chosen go the same way: then one index gives the whole order."""
        ordering = list(super().get_ordering(request, queryset))
        if not self.params.get(ORDER_VAR):
            return ordering
        return [ordering[0], "-pk" if str(ordering[0]).startswith("-") else "pk"]

    @cached_property
    def days(self) -> dict[str, Any] | None:
        """Return what the template of Django's drill-down shows; None without rows or dates."""
        span = self._span() if self.date_hierarchy else None
        if span is None:
            return None
        oldest, newest = span
        year = self._chosen("year") or (oldest.year if oldest.year == newest.year else 0)
        month = self._chosen("month") if year else 0
        if not year:
            years = range(newest.year, oldest.year - 1, -1)
            return self._choices(None, [({"year": each}, str(each)) for each in years])
        if not month:
            back: dict[str, int] | None = {} if oldest.year != newest.year else None
            months = [({"year": year, "month": each}, _month(year, each)) for each in range(1, 13)]
            return self._choices((back, "All dates"), months)
        return self._days_of(year, month)

    def _days_of(self, year: int, month: int) -> dict[str, Any]:
        within = {"year": year, "month": month}
        if day := self._chosen("day"):
            return self._choices((within, _month(year, month)), [], _day(year, month, day))
        last = calendar.monthrange(year, month)[1]
        days = [(within | {"day": each}, _day(year, month, each)) for each in range(1, last + 1)]
        return self._choices(({"year": year}, str(year)), days)

    def _choices(
        self, back: tuple[dict[str, int] | None, str] | None, choices: Choices, chosen: str = ""
    ) -> dict[str, Any]:
        led = [{"link": self._link(to), "title": title} for to, title in choices]
        goes_back = back is not None and back[0] is not None
        return {
            "show": True,
            "back": {"link": self._link(back[0]), "title": back[1]} if back and goes_back else None,
            "choices": [*led, {"title": chosen}] if chosen else led,
        }

    def _link(self, to: dict[str, int] | None) -> str:
        named = {f"{self.date_hierarchy}__{part}": value for part, value in (to or {}).items()}
        return str(self.get_query_string(named, [f"{self.date_hierarchy}__"]))

    def _chosen(self, part: str) -> int:
        """Return the year, month or day of the address, which has been used as such; 0: none."""
        return int(self.params.get(f"{self.date_hierarchy}__{part}") or 0)

    def _span(self) -> tuple[date, date] | None:
        """Return the first and the last day there is: a look at either end of an index."""
        dated = self.model._default_manager.exclude(**{self.date_hierarchy: None})
        ends = [
            dated.order_by(order).values_list(self.date_hierarchy, flat=True).first()
            for order in (self.date_hierarchy, f"-{self.date_hierarchy}")
        ]
        return (_date(ends[0]), _date(ends[1])) if ends[0] else None


def _date(value: Any) -> date:
    found: date = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return found


def _month(year: int, month: int) -> str:
    return dateformat.format(date(year, month, 1), "F Y")


def _day(year: int, month: int, day: int) -> str:
    return dateformat.format(date(year, month, day), "j F")


class BoundedAdmin(admin.ModelAdmin):
    """Of a table that may be large."""

    paginator = BoundedPaginator
    show_full_result_count = False
    list_max_show_all = 0
    show_facets = admin.ShowFacets.NEVER
    list_defer: tuple[str, ...] = ()  # columns that its rows do not show

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[BoundedList]:
        return BoundedList


class ReadOnlyAdmin(BoundedAdmin):
    """Of what is written elsewhere: it is looked at here, and changed by acts alone."""

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return flatten_fieldsets(self.get_fieldsets(request, obj))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class StateFilter(admin.SimpleListFilter):
    """By columns that are true of few rows, for which alone there is an index."""

    title = parameter_name = "state"
    columns: tuple[str, ...] = ("hidden",)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(column, column) for column in self.columns]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        column = self.value()
        return queryset.filter(**{column: True}) if column else queryset
