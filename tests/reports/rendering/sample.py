"""A situation report as it really looks: Kursk Oblast on 12 August 2024.

People, shelters and incidents are invented; the claims are those that officials made in public that day.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from reports.editions.report import (
    CasualtyRow,
    RegionRow,
    Revision,
    SeriesPoint,
    Silence,
    SituationReport,
)
from reports.figures.figure import Basis, Figure, Kind, Qualifier, Unit
from tests.reports.rendering.places import (
    NEEDS,
    code_of,
    district_rows,
    host_rows,
    map_points,
    sex_age_rows,
    shelter_rows,
)

MOSCOW = ZoneInfo("Europe/Moscow")
DAY = date(2024, 8, 12)
CUT_OFF = datetime(2024, 8, 12, 23, 59, 59, 999999, tzinfo=MOSCOW).astimezone(UTC)
KNOWN_AT = datetime(2024, 8, 12, 21, 4, 10, tzinfo=UTC)
REGISTER = "Musterpoint register"
GOVERNOR = "Acting governor"
EMERGENCIES = "Emergencies ministry"


def counted(indicator: str, value: int | None, **more: Any) -> Figure:
    """A number that we counted ourselves, as of the cut-off unless said otherwise."""
    figure = Figure(
        indicator=indicator,
        region="RU-KRS",
        basis=Basis.REGISTERED,
        kind=Kind.STOCK,
        unit=Unit.INDIVIDUALS,
        value=value,
        qualifier=Qualifier.EXACT if value is not None else Qualifier.UNKNOWN,
        as_of=CUT_OFF,
        source=REGISTER,
    )
    return replace(figure, **more)


def claimed(indicator: str, value: int, qualifier: Qualifier, source: str = GOVERNOR, **more: Any) -> Figure:
    """A number that somebody said, with the grade of source and information that a clerk gave it."""
    figure = replace(
        counted(indicator, value),
        basis=Basis.CLAIMED,
        kind=Kind.CUMULATIVE,
        qualifier=qualifier,
        source=source,
        as_of=datetime(2024, 8, 12, 9, 0, tzinfo=UTC),
        published_at=datetime(2024, 8, 12, 12, 30, tzinfo=UTC),
        reliability="C",
        credibility="3",
        claim=f"01914b00-0000-7000-8000-{value:012d}",
    )
    return replace(figure, **more)


CLAIMS = (
    claimed(
        "evacuated",
        121000,
        Qualifier.ABOUT,
        scope="left or evacuated",
        change=45000,
        note="cumulative since 6 August",
    ),
    claimed("people_to_evacuate", 180000, Qualifier.ABOUT, kind=Kind.STOCK, scope="subject to evacuation"),
    claimed("killed", 12, Qualifier.AT_LEAST, scope="civilians"),
    claimed("injured", 121, Qualifier.EXACT, scope="civilians", children=10),
    claimed("hospitalised", 69, Qualifier.EXACT, kind=Kind.STOCK, scope="17 in serious condition"),
    claimed("unknown_fate", 2000, Qualifier.ABOUT, kind=Kind.STOCK, scope="28 settlements"),
    claimed("settlements_contact_lost", 28, Qualifier.EXACT, kind=Kind.STOCK, unit=Unit.SETTLEMENTS),
    claimed(
        "sheltered",
        7000,
        Qualifier.ABOUT,
        EMERGENCIES,
        kind=Kind.STOCK,
        scope="100 centres in 7 regions",
        children=2000,
        reliability="B",
    ),
    claimed(
        "sites_open", 100, Qualifier.EXACT, EMERGENCIES, kind=Kind.STOCK, unit=Unit.SITES, scope="7 regions"
    ),
    claimed(
        "places_reserve",
        28500,
        Qualifier.ABOUT,
        EMERGENCIES,
        kind=Kind.STOCK,
        unit=Unit.PLACES,
        scope="more than 370 centres in 54 regions",
    ),
    claimed(
        "aid_applicants",
        16000,
        Qualifier.MORE_THAN,
        "Regional government",
        as_of=datetime(2024, 8, 11, 9, 0, tzinfo=UTC),
        age_days=1,
        scope="applications at district administrations",
        note="applications are not persons",
    ),
)

KEY_FIGURES = (
    counted("displaced", 98412, change=14203, children=23011),
    counted("left", 98730, kind=Kind.CUMULATIVE, change=14244),
    counted("arrived_24h", 13961, kind=Kind.FLOW, change=-2310),
    counted("registered", 104377, kind=Kind.CUMULATIVE, change=15120),
    counted("returned", 318, kind=Kind.CUMULATIVE, change=41),
    counted("sheltered", 7312, change=902, children=2105),
    counted(
        "sheltered", 7120, basis=Basis.HEADCOUNT, source="Site managers", change=655, note="96 of 103 sites"
    ),
    counted("shelters_open", 103, unit=Unit.SITES, change=9),
    counted("places_free", 1644, unit=Unit.PLACES, change=-210),
    counted("protected_places", 2380, unit=Unit.PLACES, change=0),
    counted("killed", 7, kind=Kind.CUMULATIVE, change=2, note="verified"),
    counted(
        "killed_corroborating",
        None,
        kind=Kind.CUMULATIVE,
        qualifier=Qualifier.RANGE,
        value_min=3,
        value_max=5,
    ),
    counted("injured", 58, kind=Kind.CUMULATIVE, change=11, note="verified"),
    counted("places_total", None, unit=Unit.PLACES, note="capacity of one region is not known"),
    *CLAIMS[:4],
)

CASUALTIES = (
    CasualtyRow("killed", "Killed", 7, 7, 3, 5, 1, (CLAIMS[2],)),
    CasualtyRow("injured", "Injured", 58, 58, 14, 22, 6, (CLAIMS[3],)),
    CasualtyRow("hospitalised", "Hospitalised", 31, 31, 4, 4, 2, (CLAIMS[4],)),
    CasualtyRow("missing", "Missing", 0, 0, 11, 11, 0),
    CasualtyRow("died_later", "Died later", 0, 0, 0, 0, 0),
)

SERIES = tuple(
    SeriesPoint(date(2024, 8, 6) + timedelta(days=day), *numbers)
    for day, numbers in enumerate(
        (
            (2104, 60, None, 400),
            (14820, 710, None, 1900),
            (33019, 1880, 1702, 3600),
            (52290, 3390, 3105, 5200),
            (70118, 5011, 4720, 6800),
            (84209, 6410, 6465, 8100),
            (98412, 7312, 7120, 8956),
        )
    )
)

HIGHLIGHTS = (
    "98,412 people from Kursk Oblast are registered as displaced, 14,203 more than a day ago.",
    "The acting governor says that about 121,000 people left or were evacuated, and that about 180,000 are "
    "subject to evacuation. These claims are not added to what is registered.",
    "Civilians killed: 7 are verified and 3 to 5 more are being corroborated; the acting governor claims at "
    "least 12.",
    "7,312 people sleep in 103 open shelters; 1,644 places are free tonight, and 4,810 residents have no "
    "protected place.",
    "7 of 103 shelters did not report tonight; four sites in Rylsky District have been silent for two days.",
)

CASUALTY_SENTENCES = (
    "Verified: 7 civilians killed, among them 1 child, and 58 injured, among them 6 children.",
    "Being corroborated, and not included above: 3 to 5 more killed and 14 to 22 more injured.",
    "Claimed by the acting governor, and not verified by us: at least 12 killed and 121 injured.",
)

SILENCES = (
    Silence("4 shelters in Rylsky District", "38634000", 4, datetime(2024, 8, 10, 17, 0, tzinfo=UTC), 2),
    Silence("4 shelters in Kursk", "38701000", 4, datetime(2024, 8, 11, 17, 30, tzinfo=UTC), 1),
    Silence("Zheleznogorsk", "38705000", 1, None, None),
)

REVISIONS = (
    Revision(
        date(2024, 8, 10), "displaced", "Displaced", 69010, 70118, "1,120 late registrations, 12 voided"
    ),
    Revision(date(2024, 8, 11), "displaced", "Displaced", 83377, 84209, "832 late registrations"),
)

FLAGS = (
    "121 injured and about 121,000 evacuated have the same digits: one may be a slip for the other.",
    "In Voronezh Oblast more sites reported (14) than were expected (13).",
)

UNKNOWNS = (
    "How many people remain in Glushkovsky and Rylsky Districts: no source has said.",
    "The fate of about 2,000 people in 28 settlements with which contact is lost (acting governor).",
    "Where 43,292 displaced people who are not in shelters sleep: the register knows the district only.",
)

METHOD = (
    "Displaced: people registered with a departure from a district of the oblast and no return, as known at "
    "the time above. A person counts once.",
    "Claims are quoted with source and date. They are never added to counts or to each other.",
    "Casualties are verified after who, what, when and where were each corroborated by two independent "
    "sources, by somebody other than the recorder.",
    "Registration reaches people with a delay of up to five days; past days are revised and the change is "
    "listed.",
)

# code -> to evacuate, evacuated, remaining
DISTRICT_CLAIMS: dict[str, tuple[int | None, int | None, int | None]] = {
    code_of(0): (25000, 21000, 2500),
    code_of(2): (14000, 11200, None),
    code_of(3): (14000, 9000, 5000),
    code_of(4): (30000, None, None),
    code_of(5): (None, 6100, None),
}


def district_claim(indicator: str, region: str, value: int | None) -> Figure | None:
    """What was claimed of one district, or None where nothing was."""
    if value is None:
        return None
    source = GOVERNOR if value % 1000 == 0 else "District administration"
    return claimed(indicator, value, Qualifier.ABOUT, source, region=region)


def region_rows() -> tuple[RegionRow, ...]:
    """The districts of the oblast with what is claimed of them, people of unknown district, and the total."""
    rows = []
    for row in district_rows():
        to_evacuate, evacuated, remaining = DISTRICT_CLAIMS.get(row.region, (None, None, None))
        rows.append(
            replace(
                row,
                to_evacuate=district_claim("people_to_evacuate", row.region, to_evacuate),
                evacuated=district_claim("evacuated", row.region, evacuated),
                remaining=district_claim("remaining", row.region, remaining),
                unexplained=1500 if row.region == code_of(0) else None,
            )
        )
    rest = RegionRow("RU-KRS", "District not known", left=2455, displaced=2455, registered=2701, is_rest=True)
    total = RegionRow(
        region="RU-KRS",
        name="Kursk Oblast",
        to_evacuate=CLAIMS[1],
        evacuated=CLAIMS[0],
        left=98730,
        displaced=98412,
        returned=318,
        in_transit=1358,
        hosted=48454,
        sheltered=5162,
        elsewhere=43292,
        registered=104377,
        change=14203,
        is_total=True,
    )
    return (*rows, rest, total)


def kursk() -> SituationReport:
    """The report of Kursk Oblast for 12 August 2024."""
    return SituationReport(
        title="Kursk Oblast: displacement, shelter and civilian harm",
        operation="kursk-2024",
        operation_name="Kursk border area, August 2024",
        region="RU-KRS",
        region_name="Kursk Oblast",
        number=7,
        local_day=DAY,
        audience="internal",
        language="en",
        zone="Europe/Moscow",
        as_of=CUT_OFF,
        known_at=KNOWN_AT,
        period_start=datetime(2024, 8, 11, 21, 0, tzinfo=UTC),
        next_due_at=datetime(2024, 8, 13, 21, 0, tzinfo=UTC),
        produced_by="Border Relief Coordination (invented)",
        is_late=False,
        highlights=HIGHLIGHTS,
        key_figures=KEY_FIGURES,
        regions=region_rows(),
        hosts=host_rows(),
        sex_age=sex_age_rows(),
        needs=NEEDS,
        shelters=shelter_rows(),
        casualties=CASUALTIES,
        casualty_sentences=CASUALTY_SENTENCES,
        claims=CLAIMS,
        silences=SILENCES,
        revisions=REVISIONS,
        late_registrations=1952,
        flags=FLAGS,
        unknowns=UNKNOWNS,
        method=METHOD,
        series=SERIES,
        map_points=map_points(),
    )
