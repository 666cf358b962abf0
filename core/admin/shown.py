"""What of a record the desk shows: the columns whose classes the policy opens to whoever looks."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.contrib.admin.utils import get_fields_from_path
from django.http import HttpRequest


def _is_shown(desk: Any, request: HttpRequest, name: Any, record: Any = None) -> bool:
    """Whether the person sees all that a column, a line or a filter of this name shows: of any record, or of this one."""
    if isinstance(name, (tuple, list)):  # a filter with its class
        name = name[0]
    lookups = desk.reads.get(name, (name,)) if isinstance(name, str) else (getattr(name, "lookup", ""),)
    site, user = desk.admin_site, request.user
    if record is not None:
        return all(site.shows_of(user, record, lookup) for lookup in lookups if lookup)
    return all(site.asks(user, desk.opts.label_lower, lookup) for lookup in lookups if lookup)


class _Reading:
    """What is worked out says what it shows, as lookups; where it is not named here it may show any column."""

    reads: ClassVar[Mapping[str, tuple[str, ...]]] = {}


class ShownColumns(_Reading):
    """For rows below a record."""

    def get_fields(self: Any, request: HttpRequest, obj: Any = None) -> Any:
        """The columns that this person sees."""
        names = super().get_fields(request, obj)  # type: ignore[misc]  # of the inline that this is mixed into
        return self.covered(request, [name for name in names if _is_shown(self, request, name)])


class ShownFields(_Reading):
    """For lists and pages."""

    def shown(self: Any, request: HttpRequest, names: Iterable[Any], record: Any = None) -> list[Any]:
        """Those of the columns, lines and filters of which this person sees all: of any record, or of this one."""
        return [name for name in names if _is_shown(self, request, name, record)]

    def get_list_display(self: Any, request: HttpRequest) -> Any:
        """The columns that this person sees; the first one at least, which leads to the record."""
        columns = list(super().get_list_display(request))  # type: ignore[misc]  # of the page that this is mixed into
        return self.covered(request, self.shown(request, columns) or columns[:1])

    def get_list_filter(self: Any, request: HttpRequest) -> Any:
        """Filters by what this person sees."""
        return self.shown(request, super().get_list_filter(request))  # type: ignore[misc]  # of the page that this is mixed into

    def get_search_fields(self: Any, request: HttpRequest) -> Any:
        """Words are looked for in what this person sees."""
        return self.shown(request, super().get_search_fields(request))  # type: ignore[misc]  # of the page that this is mixed into

    def get_fieldsets(self: Any, request: HttpRequest, obj: Any = None) -> Any:
        """The page of a record without the lines that this person does not see."""
        sets = [
            (heading, {**options, "fields": self._shown_lines(request, options["fields"], obj)})
            for heading, options in super().get_fieldsets(request, obj)  # type: ignore[misc]  # of the page that this is mixed into
        ]
        return [(heading, options) for heading, options in sets if options["fields"]]

    def _shown_lines(self: Any, request: HttpRequest, lines: Iterable[Any], record: Any) -> list[Any]:
        kept = [
            self.covered(request, self.shown(request, [line], record))[:1]
            if isinstance(line, str)
            else [tuple(self.covered(request, self.shown(request, line, record)))]
            for line in lines
        ]
        return [line for each in kept for line in each if line]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only as the list's filters ask: another question about a column, or about what hangs on what it names, could be asked
        until it is answered.
        """
        return any(
            lookup in _questions(self, each) for each in self.get_list_filter(request) if _parameter(each)
        )


#: How a filter of Django's asks about a column.
_ASKED = ("", "__exact", "__in", "__isnull")


def _questions(desk: Any, listed: Any) -> set[str]:
    """The parameters by which a filter asks: one with rules of its own by its word alone, one of a column as Django's do."""
    name = _parameter(listed)
    if not isinstance(listed, str):
        return {name}
    target = getattr(get_fields_from_path(desk.model, listed)[-1], "target_field", None)
    return {f"{name}{asked}" for asked in _ASKED} | ({f"{name}__{target.name}__exact"} if target else set())


def _parameter(listed: Any) -> str:
    """The word by which a filter is asked: of a column its name, of a filter with rules of its own its parameter."""
    if isinstance(listed, (tuple, list)):
        listed = listed[0]
    return listed if isinstance(listed, str) else str(getattr(listed, "parameter_name", ""))
