"""The indicators: one entry each, with what it means in the field. Their reference page is generated from here."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.figures.figure import Basis, Kind, Unit

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is counted or claimed under one name. `kind` is that of our own counts; a claim brings its own."""

    name: str
    label: Words
    unit: Unit
    kind: Kind
    bases: tuple[Basis, ...]
    meaning: Words


INDICATORS: dict[str, Indicator] = {}

_COUNTED = (Basis.REGISTERED,)
_CLAIMED = (Basis.CLAIMED,)
_BOTH = (Basis.REGISTERED, Basis.CLAIMED)


def _add(
    name: str,
    label: Words,
    kind: Kind,
    meaning: Words,
    *,
    unit: Unit = Unit.INDIVIDUALS,
    bases: tuple[Basis, ...] = _COUNTED,
) -> None:
    INDICATORS[name] = Indicator(name, label, unit, kind, bases, meaning)


_add(
    "displaced",
    _("Displaced"),
    Kind.STOCK,
    _(
        "People who left a home in the region and did neither return nor die, wherever they are now. The latest known "
        "movement of each person decides; a household that is only counted so far counts with its people."
    ),
)
_add(
    "hosted",
    _("Hosted displaced people"),
    Kind.STOCK,
    _(
        "Displaced people who are in the region now, wherever they come from. People on their way are not counted here."
    ),
)
_add(
    "left",
    _("Left home"),
    Kind.CUMULATIVE,
    _(
        "People who left a home in the region since the operation began, whatever became of them since: displaced, returned "
        "or died. Who left before and has not moved since the beginning is displaced and not counted here."
    ),
)
_add(
    "left_24h",
    _("Left home in 24 hours"),
    Kind.FLOW,
    _(
        "People of whom a departure from the region in the last 24 hours is recorded. Each person counts once."
    ),
)
_add(
    "arrived_24h",
    _("Arrived in 24 hours"),
    Kind.FLOW,
    _(
        "People of whom an arrival in the region in the last 24 hours is recorded, from anywhere. Each counts once."
    ),
)
_add(
    "returned",
    _("Returned home"),
    Kind.CUMULATIVE,
    _(
        "People who returned since the operation began, by their latest known movement. Who returned and left again is "
        "displaced and not counted here."
    ),
)
_add(
    "in_transit",
    _("In transit"),
    Kind.STOCK,
    _(
        "Displaced people from the region who left or are on their way and of whom no arrival is known. Some of them "
        "have arrived and nobody told us."
    ),
)
_add(
    "registered",
    _("Registered"),
    Kind.CUMULATIVE,
    _(
        "People in the register whose home is in the region, displaced or not: registered by the moment, or registered "
        "later and known to have left by then."
    ),
)
_add(
    "households_registered",
    _("Households registered"),
    Kind.CUMULATIVE,
    _(
        "Households in the register whose home is in the region, from their registration on. One that was joined into "
        "another counts until then."
    ),
    unit=Unit.HOUSEHOLDS,
)
_add(
    "sheltered",
    _("In shelters"),
    Kind.STOCK,
    _(
        "People who sleep in shelters of the region. Registered: by name, from stays. Headcount: what managers of running "
        "shelters said in the last 36 hours. The two stand side by side and are never added."
    ),
    bases=(Basis.REGISTERED, Basis.HEADCOUNT, Basis.CLAIMED),
)
_add(
    "sheltered_elsewhere",
    _("In shelters outside the region"),
    Kind.STOCK,
    _(
        "People displaced from the region who sleep, by name, in shelters outside it. Not counted among those in shelters "
        "of the region."
    ),
)
_add(
    "shelters_open",
    _("Shelters open"),
    Kind.STOCK,
    _("Shelters of the region in which people may sleep, full ones included."),
    unit=Unit.SITES,
)
_add(
    "places_total",
    _("Places in open shelters"),
    Kind.STOCK,
    _(
        "Places that are open in running shelters of the region, blocked ones included. Announced places are not."
    ),
    unit=Unit.PLACES,
    bases=_BOTH,
)
_add(
    "places_free",
    _("Places free tonight"),
    Kind.STOCK,
    _(
        "Open places less blocked ones less people who sleep there, per running shelter and never below zero. Shelters "
        "whose places are not known are left out, and their number is said."
    ),
    unit=Unit.PLACES,
)
_add(
    "protected_places",
    _("Protected places"),
    Kind.STOCK,
    _(
        "Places in rooms without windows, basements and certified shelters at running shelters of the region. Behind two "
        "walls is a last resort and not counted here."
    ),
    unit=Unit.PLACES,
)
_add(
    "protection_gap",
    _("Residents without a protected place"),
    Kind.STOCK,
    _(
        "Per running shelter: people who sleep there less its protected places, never below zero. Shelters of which "
        "nobody recorded what protects are left out, and their number is said."
    ),
)
_RUNGS = _(
    "Civilians only, since the operation began. Verified: who, what, when and where are each corroborated by two "
    "independent sources, and somebody other than the recorder verified it. Where sources conflict, a range."
)
_OPEN = _(
    "Civilians, since the operation began: alleged, reported or corroborated, and not verified; also victims of whom it is "
    "not known whether they are civilians. Not included in the verified number and never added to it. A range."
)
_VICTIMS: tuple[tuple[str, Words, Words], ...] = (
    ("killed", _("Civilians killed"), _("Civilians killed, being corroborated")),
    ("injured", _("Civilians injured"), _("Civilians injured, being corroborated")),
    ("hospitalised", _("Civilians in hospital"), _("Civilians in hospital, being corroborated")),
    ("missing", _("Civilians missing"), _("Civilians missing, being corroborated")),
    ("died_later", _("Civilians who died later"), _("Civilians who died later, being corroborated")),
)
for _name, _verified, _corroborating in _VICTIMS:
    _add(_name, _verified, Kind.CUMULATIVE, _RUNGS, bases=_BOTH)
    _add(f"{_name}_corroborating", _corroborating, Kind.CUMULATIVE, _OPEN)

_SAID = _(
    "As a source said it. Shown beside what is counted, with its source and date, and never added to anything."
)
_CLAIMS: tuple[tuple[str, Words, Kind, Unit], ...] = (
    ("people_to_evacuate", _("People to be evacuated"), Kind.STOCK, Unit.INDIVIDUALS),
    ("evacuated", _("Evacuated or left"), Kind.CUMULATIVE, Unit.INDIVIDUALS),
    ("evacuated_24h", _("Evacuated in 24 hours"), Kind.FLOW, Unit.INDIVIDUALS),
    ("evacuated_organised", _("Evacuated by organised transport"), Kind.CUMULATIVE, Unit.INDIVIDUALS),
    ("left_own_means", _("Left by own means"), Kind.CUMULATIVE, Unit.INDIVIDUALS),
    ("remaining", _("Remaining"), Kind.STOCK, Unit.INDIVIDUALS),
    ("sites_open", _("Shelters open, as claimed"), Kind.STOCK, Unit.SITES),
    ("places_reserve", _("Places in reserve"), Kind.STOCK, Unit.PLACES),
    ("unknown_fate", _("Fate not known"), Kind.STOCK, Unit.INDIVIDUALS),
    ("missing_persons", _("Missing persons"), Kind.STOCK, Unit.INDIVIDUALS),
    ("missing_requests", _("Requests to trace missing persons"), Kind.CUMULATIVE, Unit.REQUESTS),
    ("aid_applicants", _("Applications for aid"), Kind.CUMULATIVE, Unit.INDIVIDUALS),
    ("settlements_contact_lost", _("Settlements without contact"), Kind.STOCK, Unit.SETTLEMENTS),
)
for _name, _claimed, _kind, _unit in _CLAIMS:
    _add(_name, _claimed, _kind, _SAID, unit=_unit, bases=_CLAIMED)
