"""What the words of the contract are called in print: indicators, bases, audiences."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.figures.figure import Basis

NOT_REPORTED = "–"  # in narrow columns, with a note that says what it means

_INDICATORS: dict[str, str | Promise] = {
    "displaced": _("Displaced"),
    "arrived_24h": _("Arrived in 24 hours"),
    "returned": _("Returned"),
    "registered": _("Registered"),
    "sheltered": _("In shelters"),
    "shelters_open": _("Shelters open"),
    "sites_open": _("Shelters open"),
    "places_total": _("Places"),
    "places_free": _("Places free tonight"),
    "places_reserve": _("Places in reserve"),
    "protected_places": _("Protected places"),
    "killed": _("Killed"),
    "injured": _("Injured"),
    "hospitalised": _("Hospitalised"),
    "missing": _("Missing"),
    "evacuated": _("Evacuated or left"),
    "people_to_evacuate": _("To evacuate"),
    "remaining": _("Remaining"),
    "unknown_fate": _("Fate unknown"),
    "settlements_contact_lost": _("Settlements without contact"),
    "aid_applicants": _("Applicants for aid"),
}

_BASES: dict[Basis, str | Promise] = {
    Basis.REGISTERED: _("registered"),
    Basis.HEADCOUNT: _("headcount"),
    Basis.CLAIMED: _("claimed"),
}

_AUDIENCES: dict[str, str | Promise] = {
    "internal": _("Internal: contains exact figures, not for publication"),
    "partners": _("For partner organisations: not for publication"),
    "public": _("Public"),
}


def indicator(name: str) -> str:
    """The indicator's name in print; an unknown one by its own name, so that nothing is left out."""
    return str(_INDICATORS.get(name) or name.replace("_", " ").capitalize())


def basis(value: Basis) -> str:
    """Registered, headcount or claimed."""
    return str(_BASES[value])


def marking(audience: str) -> str:
    """Who may read an edition. An audience that nobody described is treated as internal."""
    return str(_AUDIENCES.get(audience) or _AUDIENCES["internal"])
