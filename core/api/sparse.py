"""Sparse answers: `fields=number,version` leaves out what nobody asked for."""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _
from rest_framework.request import Request

from core.api.faults import bad_parameter
from core.api.serializers import Row

PARAMETER = "fields"
_LONGEST = 1000


def asked_fields(request: Request, names: Callable[[], Iterable[str]]) -> frozenset[str] | None:
    """The fields in `fields`, each one of `names()`; None where the parameter is not there. Raises BadParameters.

    The refusal lists what may be asked for and repeats nothing: a field that the reader does not see is as unknown as any.
    """
    given = request.query_params.get(PARAMETER)
    if given is None:
        return None
    allowed = list(names())
    asked = frozenset(given.split(",")) if len(given) <= _LONGEST else frozenset({""})
    if not asked <= set(allowed):
        words = _("Name fields with commas between them. You may ask for: %(allowed)s.") % {
            "allowed": ", ".join(allowed)
        }
        raise bad_parameter(PARAMETER, "unknown_field", words)
    return asked


def narrowed(rows: list[Row], asked: frozenset[str] | None, always: str) -> list[Row]:
    """The rows with the fields that were asked for, and with the one that names the record."""
    if asked is None:
        return rows
    kept = asked | {always}
    return [{name: value for name, value in row.items() if name in kept} for row in rows]
