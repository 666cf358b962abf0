"""What a situation report says: plain frozen data, built from figures once and rendered to every format.

The JSON of an edition is this object; every other format is made from it, so that the same edition always gives the same
bytes. No names of persons and no addresses of shelters ever enter it. In what is not for internal use a count of people may
be `Mark.SUPPRESSED`: it is known and not shown, which is neither None nor 0.
"""

from dataclasses import dataclass
from datetime import date, datetime

from reports.figures.figure import Basis, Figure
from reports.figures.mark import Count, Mark


@dataclass(frozen=True, slots=True)
class RegionRow:
    """One district's line, or the total's. Every number may be None: not reported. Columns are never added to each other.

    `unexplained` is `to_evacuate` minus what left and remains, where all three are claimed by comparable sources.
    `left`, `in_transit`, `returned` and `displaced` are counted from movements by origin; `hosted` counts the displaced
    who are now in this region, wherever they came from. `is_total` marks the row of the whole region, `is_rest` that of
    people whose district is not known.
    """

    region: str
    name: str
    to_evacuate: Figure | None = None
    evacuated: Figure | None = None
    remaining: Figure | None = None
    unexplained: int | None = None
    baseline: int | None = None
    left: Count = None
    displaced: Count = None
    returned: Count = None
    in_transit: Count = None
    hosted: Count = None
    sheltered: Count = None
    elsewhere: Count = None
    registered: Count = None
    change: Count = None  # of displaced, against the previous edition
    status: str = ""  # area status in words, e.g. "Evacuation mandatory"
    is_total: bool = False
    is_rest: bool = False


@dataclass(frozen=True, slots=True)
class ReconciliationStep:
    """One number of the line: its name, what it rests on, and the figure with source and age. None: not reported."""

    step: str  # see reports.editions.reconciliation.STEPS
    basis: Basis
    figure: Figure | None


@dataclass(frozen=True, slots=True)
class ReconciliationLine:
    """What is said and what is counted of the people of one region, from who was to leave to where they are.

    Each step stands for itself: steps are never added to each other. In internal reports only.
    """

    region: str
    name: str
    steps: tuple[ReconciliationStep, ...]
    is_total: bool = False
    is_rest: bool = False


@dataclass(frozen=True, slots=True)
class ShelterRow:
    """Shelters of one region: five numbers that are never mixed. None is not reported."""

    region: str
    name: str
    sites_open: int
    places_announced: int | None
    places_open: int | None
    occupied_stays: int | Mark
    occupied_headcount: Count
    free: Count
    protected_places: Count
    protection_gap: Count  # residents minus protected places, never below zero
    sites_reporting: int
    sites_expected: int
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class SexAgeRow:
    """Displaced people of one age band. `other` is other, not collected and not answered."""

    band: str  # "0-4", ... or "unknown"
    label: str
    female: int | Mark
    male: int | Mark
    other: int | Mark
    total: int | Mark


@dataclass(frozen=True, slots=True)
class CasualtyRow:
    """One outcome: what is verified, what is being corroborated (a range), and what is claimed, in separate columns."""

    outcome: str  # killed, injured, hospitalised, missing, died_later
    label: str
    verified_min: int
    verified_max: int
    corroborating_min: int
    corroborating_max: int
    of_which_children_verified: int | Mark
    claims: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class NeedRow:
    """Displaced people with one specific need, as registered."""

    code: str
    label: str
    people: int | Mark


@dataclass(frozen=True, slots=True)
class FlagRow:
    """A flag with its stable code and what it is about, in codes; `text` is its sentence, which stands in `flags` as well.

    `content` is a fingerprint of its numbers. Acknowledged: when, and the reason that a named person gave; None and empty
    where nobody has looked at these numbers. In internal reports only.
    """

    code: str
    subject: str
    content: str
    text: str
    acknowledged_at: datetime | None = None
    acknowledged_because: str = ""


@dataclass(frozen=True, slots=True)
class Silence:
    """Somebody of whom a report was expected and who did not send one. `last_report_at` None: never.

    `every_days` says how often a source was expected to report; None for shelters and for districts. Sources are in internal
    reports only.
    """

    name: str  # a region, or the number of shelters in it; never an address
    region: str
    count: int
    last_report_at: datetime | None
    age_days: int | None
    every_days: int | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """A past day whose number changed since the previous edition, because it became known late or was voided."""

    day: date
    indicator: str
    label: str
    before: int | Mark
    after: int | Mark
    why: str


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """One local day of the charts. None where nothing was reported."""

    day: date
    displaced: int | Mark
    occupied_stays: Count
    occupied_headcount: Count
    places_open: int | None


@dataclass(frozen=True, slots=True)
class MapPoint:
    """One region of the map: a circle each for people displaced from it and people hosted in it."""

    region: str
    name: str
    latitude: float
    longitude: float
    displaced: int | Mark
    hosted: int | Mark
    status: str = ""


@dataclass(frozen=True, slots=True)
class SituationReport:
    """One edition's content. `as_of` is the cut-off, `known_at` what we had learned by then; both in UTC."""

    title: str
    operation: str
    operation_name: str
    region: str
    region_name: str
    number: int
    local_day: date
    audience: str
    language: str
    zone: str
    as_of: datetime
    known_at: datetime
    period_start: datetime
    next_due_at: datetime | None
    produced_by: str
    is_late: bool
    highlights: tuple[str, ...]
    key_figures: tuple[Figure, ...]
    regions: tuple[RegionRow, ...]
    hosts: tuple[RegionRow, ...]  # regions outside the report's own that host its displaced people
    sex_age: tuple[SexAgeRow, ...]
    needs: tuple[NeedRow, ...]
    shelters: tuple[ShelterRow, ...]
    casualties: tuple[CasualtyRow, ...]
    casualty_sentences: tuple[str, ...]
    claims: tuple[Figure, ...]
    silences: tuple[Silence, ...]
    revisions: tuple[Revision, ...]
    late_registrations: int | Mark
    flags: tuple[str, ...]
    unknowns: tuple[str, ...]  # what is not known, in sentences
    method: tuple[str, ...]
    series: tuple[SeriesPoint, ...]
    map_points: tuple[MapPoint, ...]
    is_unreviewed: bool = False  # published automatically: nobody read it before it went out
    reconciliation: tuple[ReconciliationLine, ...] = ()
    flag_rows: tuple[FlagRow, ...] = ()  # none in editions made before flags had codes
