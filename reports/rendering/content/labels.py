"""What the words of the contract are called in print: indicators, bases, kinds, audiences."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.figures.figure import Basis, Kind
from reports.figures.indicators import INDICATORS

Words = str | Promise

NOT_REPORTED = "–"  # in narrow columns, with a note that says what it means
HIDDEN = "×"  # the same, for what is known and not shown

_BASES: dict[Basis, Words] = {
    Basis.REGISTERED: _("registered"),
    Basis.HEADCOUNT: _("headcount"),
    Basis.CLAIMED: _("claimed"),
}

_KINDS: dict[Kind, Words] = {
    Kind.STOCK: _("at that moment"),
    Kind.FLOW: _("over a period"),
    Kind.CUMULATIVE: _("since the start"),
}

_AUDIENCES: dict[str, Words] = {
    "internal": _("Internal: contains exact figures, not for publication"),
    "partners": _("For partner organisations: not for publication"),
    "public": _("Public"),
}


def indicator(name: str) -> str:
    """The indicator's name in print; an unknown one by its own name, so that nothing is left out."""
    entry = INDICATORS.get(name)
    return str(entry.label) if entry else name.replace("_", " ").capitalize()


def basis(value: Basis) -> str:
    """Registered, headcount or claimed."""
    return str(_BASES[value])


def kind(value: Kind) -> str:
    """Stock, flow or cumulative, in words that a reader who knows neither understands."""
    return str(_KINDS[value])


def marking(audience: str) -> str:
    """Who may read an edition. An audience that nobody described is treated as internal."""
    return str(_AUDIENCES.get(audience, _AUDIENCES["internal"]))
