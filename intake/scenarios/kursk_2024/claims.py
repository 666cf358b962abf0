"""What was really said in August to October 2024, from the file of claims; nothing here is invented or verified."""

from datetime import date, datetime, timedelta
from uuid import UUID

from displacement.models import Claim, ExpectedReport, Source
from displacement.models.claim import ClaimIndicator, Credibility, Reliability
from intake.keys import Keys
from intake.scenarios.kursk_2024.days import local
from intake.scenarios.kursk_2024.names import read
from regions.models import AreaStatus

#: Only the day of publication is known: noon stands for it, and we read it half an hour later.
PUBLISHED_HOUR = 12.0
READ_AFTER = timedelta(minutes=30)
#: Of whom the hub expects which number how often. Invented, unlike the claims: nobody published such a list.
EXPECTED_FROM = date(2024, 8, 10)
EXPECTED = (
    ("Acting governor", ClaimIndicator.EVACUATED, 1),
    ("Acting governor", ClaimIndicator.KILLED, 1),
    ("Emergencies ministry", ClaimIndicator.SHELTERED, 1),
    ("Red Cross", ClaimIndicator.MISSING_REQUESTS, 7),
)


def create_claims(keys: Keys, regions: dict[str, int], by: UUID) -> int:
    """Write the claims and their sources; returns how many. No claim is linked to another: the file does not say so of any."""
    rows = list(read("claims.csv"))
    sources = _sources(rows)
    Claim.objects.bulk_create(_claim(row, keys, regions, sources[row["source_name"]], by) for row in rows)
    return len(rows)


def create_expected_reports(keys: Keys, regions: dict[str, int], by: UUID) -> int:
    """Write who is expected to report on Kursk oblast, for an invented hub that asked for it; returns how many."""
    at = local(EXPECTED_FROM)
    sources = dict(Source.objects.in_bulk(field_name="name"))
    rows = [
        ExpectedReport(
            id=keys.at(at),
            source=sources[name],
            region_id=regions["RU-KRS"],
            indicator=indicator,
            every_days=days,
            occurred_at=at,
            recorded_at=at,
            recorded_by=by,
        )
        for name, indicator, days in EXPECTED
    ]
    ExpectedReport.objects.bulk_create(rows)
    return len(rows)


def create_area_statuses(keys: Keys, regions: dict[str, int], by: UUID) -> int:
    """Write which evacuations were ordered or advised where and when; returns how many."""
    rows = list(read("area_statuses.csv"))
    AreaStatus.objects.bulk_create(_area_status(row, keys, regions, by) for row in rows)
    return len(rows)


def _sources(rows: list[dict[str, str]]) -> dict[str, Source]:
    """Sources by name. How far one has proved right before cannot be judged from one file: F."""
    types = {row["source_name"]: row["source_type"] for row in rows}
    return {
        name: Source.objects.get_or_create(name=name, defaults={"type": kind, "reliability": Reliability.F})[
            0
        ]
        for name, kind in types.items()
    }


def _claim(row: dict[str, str], keys: Keys, regions: dict[str, int], source: Source, by: UUID) -> Claim:
    published_at = local(date.fromisoformat(row["published_on"]), PUBLISHED_HOUR)
    received_at = published_at + READ_AFTER
    return Claim(
        id=keys.at(received_at),
        source=source,
        region_id=regions[row["region_code"]],
        indicator=row["indicator"],
        kind=row["kind"],
        unit=row["unit"],
        qualifier=row["qualifier"],
        value=int(row["value"]),
        children=int(row["of_which_children"]) if row["of_which_children"] else None,
        scope=row["population_scope"],
        as_of=local(date.fromisoformat(row["as_of"])),
        is_as_of_day=True,
        period_start=local(date.fromisoformat(row["period_start"])) if row["period_start"] else None,
        published_at=published_at,
        received_at=received_at,
        reliability=Reliability.F,
        credibility=Credibility.UNJUDGED,
        note=row["note"],
        recorded_at=received_at,
        recorded_by=by,
    )


def _area_status(row: dict[str, str], keys: Keys, regions: dict[str, int], by: UUID) -> AreaStatus:
    at: datetime = local(date.fromisoformat(row["on"]), 10)
    return AreaStatus(
        id=keys.at(at),
        region_id=regions[row["region"]],
        condition=row["condition"],
        source=row["source"],
        note=row["note"],
        occurred_at=at,
        recorded_at=at + timedelta(hours=1),
        recorded_by=by,
    )
