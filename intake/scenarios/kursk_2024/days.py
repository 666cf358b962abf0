"""The scenario's days: who leaves when, and from where."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Moscow")
STARTS_ON = date(2024, 8, 6)
ENDS_ON = date(2024, 10, 15)
#: Everything is recorded by the end of this month; headcounts are reported until this day.
LAST_HEADCOUNT_ON = date(2024, 8, 20)

#: Share of all who leave, by day: by 10 August 63%, as 76,000 is of 121,000; by the 12th nearly all of those.
LEAVING: tuple[tuple[date, float], ...] = tuple(
    (date(2024, 8, day), share)
    for day, share in zip(range(6, 15), (5, 14, 17, 15, 12, 18, 12, 4, 3), strict=True)
)
#: Days until a household stands in the register, with how often.
DELAYS: tuple[tuple[int, float], ...] = ((0, 46), (1, 25), (2, 14), (3, 8), (4, 4), (5, 3))


class Origin(NamedTuple):
    """A district that people leave, its share, and on which day its evacuation was ordered or advised."""

    key: str
    share: float
    order_on: date | None = None


#: Eight districts of the evacuation orders. Which is the ninth, the claims do not say; the scenario takes Oboyansky.
ORIGINS: tuple[Origin, ...] = (
    Origin("RU-KRS-SUDZHANSKY", 24, date(2024, 8, 7)),
    Origin("RU-KRS-GLUSHKOVSKY", 15, date(2024, 8, 14)),
    Origin("RU-KRS-KORENEVSKY", 14, date(2024, 8, 8)),
    Origin("RU-KRS-BELOVSKY", 14, date(2024, 8, 11)),
    Origin("RU-KRS-RYLSKY", 13, date(2024, 8, 9)),
    Origin("RU-KRS-BOLSHESOLDATSKY", 8),
    Origin("RU-KRS-LGOVSKY", 6),
    Origin("RU-KRS-KHOMUTOVSKY", 4, date(2024, 8, 10)),
    Origin("RU-KRS-OBOYANSKY", 2),
)
#: Where people go, with how often; "" is not known.
DESTINATIONS: tuple[tuple[str, float], ...] = (
    ("RU-KRS-KURSK", 47),
    ("RU-KRS-KURCHATOV", 5),
    ("RU-KRS-ZHELEZNOGORSK", 5),
    ("RU-KRS-KURSKY", 3),
    ("RU-KRS-OKTYABRSKY", 2),
    ("RU-KRS-MEDVENSKY", 2),
    ("RU-KRS-FATEZHSKY", 2),
    ("RU-ORL", 9),
    ("RU-VOR", 8),
    ("RU-BEL", 6),
    ("RU-LIP", 5),
    ("RU-BRY", 4),
    ("", 2),
)


def local(day: date, hours: float = 0) -> datetime:
    """So many hours after local midnight of the day, in UTC, on a whole minute."""
    midnight = datetime.combine(day, time(), ZONE).astimezone(UTC)
    return midnight + timedelta(minutes=round(hours * 60))
