"""What clients of partners' systems ask, and what they are refused: counted by day, refusals by status, and the last of them.

It lies in Valkey, for 30 days, and nothing hangs on it: where Valkey is away nothing is counted and everybody goes on.
No address, no parameter and nothing of a record is kept of a call, only the name of the act.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from redis.exceptions import RedisError

from core.addresses import told_method
from core.limits import Tally, valkey
from core.requests import request_id

KEPT = timedelta(days=30)
MOST_REFUSALS = 50
_ASKED = "asked"
_SECONDS = int(KEPT.total_seconds())
#: Counts a refusal of the day, and puts it last among those that are kept, which are neither old nor many.
_REFUSED = """
redis.call('HINCRBY', KEYS[1], ARGV[1], 1)
redis.call('EXPIRE', KEYS[1], ARGV[2])
redis.call('ZADD', KEYS[2], ARGV[4], ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', ARGV[4] - ARGV[2])
redis.call('ZREMRANGEBYRANK', KEYS[2], 0, -ARGV[5] - 1)
redis.call('EXPIRE', KEYS[2], ARGV[2])
"""


@dataclass(frozen=True, slots=True)
class Day:
    """How often a client asked on a day (UTC), and how many refusals of each status it got."""

    day: str
    asked: int
    refused: dict[int, int]


@dataclass(frozen=True, slots=True)
class Refused:
    """One refusal: when, which act, and the code of the problem."""

    at: datetime
    act: str
    status: int
    code: str
    request: str


class CountedCalls:
    """Counts what a client asked where nobody did so yet, and what it was refused once that is known.

    The count of requests a minute (core.api.rates) counts it too, by the tally of the request, in one round trip; a refusal
    is another. None for anybody else.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on, then count."""
        answer = self.get_response(request)
        client = getattr(request, "called_by", "")
        if client:
            if not hasattr(request, "spent"):
                note_asked(client)
            if answer.status_code >= HTTPStatus.BAD_REQUEST:
                note_refused(client, act=_act(request), status=answer.status_code, code=_code(answer))
        return answer


def called_by(request: HttpRequest, client: str) -> None:
    """Say which client asks, so that it is counted."""
    request.called_by, request.tally = client, _asked(client)  # type: ignore[attr-defined]  # read above and by core.api.rates


def _asked(client: str) -> Tally:
    return Tally(_of_day(client, datetime.now(UTC)), _ASKED, _SECONDS)


def note_asked(client: str) -> None:
    """Count one request of the client."""
    tally = _asked(client)
    with suppress(RedisError, OSError):
        pipe = valkey(settings.REDIS_URL).pipeline()
        pipe.hincrby(tally.key, tally.field)
        pipe.expire(tally.key, tally.seconds)
        pipe.execute()


def note_refused(client: str, *, act: str, status: int, code: str) -> None:
    """Count one refusal to the client, and keep it."""
    now = datetime.now(UTC)
    refused = json.dumps([now.isoformat(), act, status, code, request_id()])
    keys = (_of_day(client, now), _of_refusals(client))
    with suppress(RedisError, OSError):
        told = (status, _SECONDS, refused, now.timestamp(), MOST_REFUSALS)
        valkey(settings.REDIS_URL).eval(_REFUSED, len(keys), *keys, *told)


def days_of(client: str) -> list[Day]:
    """The days on which it asked, the latest first; none where Valkey is away. One round trip."""
    now = datetime.now(UTC)
    days = [now - timedelta(days=back) for back in range(KEPT.days)]
    with suppress(RedisError, OSError):
        pipe = valkey(settings.REDIS_URL).pipeline(transaction=False)
        for day in days:
            pipe.hgetall(_of_day(client, day))
        found = zip(days, pipe.execute(), strict=True)
        return [_day(day, told) for day, told in found if told]
    return []


def refusals_of(client: str) -> list[Refused]:
    """The last refusals, the latest first; none where Valkey is away. One round trip."""
    since = (datetime.now(UTC) - KEPT).timestamp()
    with suppress(RedisError, OSError):
        told = valkey(settings.REDIS_URL).zrangebyscore(_of_refusals(client), since, "+inf")
        rows = [json.loads(each) for each in reversed(cast("list[bytes]", told))]
        return [Refused(datetime.fromisoformat(at), *rest) for at, *rest in rows]
    return []


def _day(day: datetime, told: dict[bytes, bytes]) -> Day:
    asked = int(told.pop(_ASKED.encode(), 0))
    return Day(f"{day:%Y-%m-%d}", asked, {int(status): int(told[status]) for status in sorted(told)})


def _act(request: HttpRequest) -> str:
    match = request.resolver_match
    return f"{told_method(request.method)} {match.view_name.removeprefix('api:') if match else ''}"


def _code(answer: Any) -> str:
    """The code of the problem, or of the error of OAuth."""
    told = getattr(answer, "data", None) or getattr(answer, "told", None)
    return str(told.get("code", "")) if isinstance(told, dict) else ""


def _of_day(client: str, day: datetime) -> str:
    return f"musterpoint:calls:{client}:{day:%Y-%m-%d}"


def _of_refusals(client: str) -> str:
    return f"musterpoint:refused:{client}"
