"""The one place where an address of the API is marked as going away, and how its callers are told.

An address works unchanged for at least half a year after it was marked. Its answers say so meanwhile (`Deprecation`, RFC 9745;
`Sunset`, RFC 8594; a `Link` to what to use instead), and the OpenAPI document strikes it through.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.utils.http import http_date

#: The shortest time from the mark to the end.
LEAST_DAYS = 180


@dataclass(frozen=True, slots=True)
class Retiring:
    """An address that goes: since when that is known, the day of its end, and the page that tells what to use instead."""

    since: date
    until: date
    instead: str

    def headers(self) -> dict[str, str]:
        """What every answer of the address says of it."""
        return {
            "Deprecation": f"@{_seconds(self.since)}",
            "Sunset": http_date(_seconds(self.until)),
            "Link": f'<{self.instead}>; rel="deprecation"',
        }


def _seconds(day: date) -> int:
    return int(datetime.combine(day, time.min, UTC).timestamp())


#: `household.join` (an act of a view, as accounts/routes.toml names it) -> when it goes. Nothing goes at present.
RETIRING: dict[str, Retiring] = {}
