"""What clients of partners' systems ask and what they are answered: counted by day and status, and the last refusals.

It lies in Valkey, for 30 days, and nothing hangs on it: where Valkey is away nothing is counted and everybody goes on.
No address, no parameter and nothing of a record is kept of a call, only the name of the act.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from redis.exceptions import RedisError

from core.limits import valkey
from core.requests import request_id

KEPT = timedelta(days=30)
MOST_REFUSALS = 50
#: Counts an answer of the day; a refusal is put last among those that are kept, which are neither old nor many.
_NOTE = """
redis.call('HINCRBY', KEYS[1], ARGV[1], 1)
redis.call('EXPIRE', KEYS[1], ARGV[2])
if ARGV[3] ~= '' then
  redis.call('ZADD', KEYS[2], ARGV[4], ARGV[3])
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', ARGV[4] - ARGV[2])
  redis.call('ZREMRANGEBYRANK', KEYS[2], 0, -ARGV[5] - 1)
  redis.call('EXPIRE', KEYS[2], ARGV[2])
end
"""


@dataclass(frozen=True, slots=True)
class Day:
    """How many answers of each status a client got on a day (UTC)."""

    day: str
    answers: dict[int, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.answers.values())


@dataclass(frozen=True, slots=True)
class Refused:
    """One refusal: when, which act, and the code of the problem."""

    at: datetime
    act: str
    status: int
    code: str
    request: str


class CountedCalls:
    """Counts each answer to a client once it is known. One round trip to Valkey, none for anybody else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on, then count."""
        answer = self.get_response(request)
        client = getattr(request, "called_by", "")
        if client:
            note(client, act=_act(request), status=answer.status_code, code=_code(answer))
        return answer


def note(client: str, *, act: str, status: int, code: str) -> None:
    """Count one answer to the client, and keep it where it was a refusal."""
    now = datetime.now(UTC)
    refused = ""
    if status >= HTTPStatus.BAD_REQUEST:
        refused = json.dumps([now.isoformat(), act, status, code, request_id()])
    seconds = int(KEPT.total_seconds())
    keys = (_of_day(client, now), _of_refusals(client))
    with suppress(RedisError, OSError):
        told = (status, seconds, refused, now.timestamp(), MOST_REFUSALS)
        valkey(settings.REDIS_URL).eval(_NOTE, len(keys), *keys, *told)


def days_of(client: str) -> list[Day]:
    """The days on which it asked, the latest first; none where Valkey is away. One round trip."""
    now = datetime.now(UTC)
    days = [now - timedelta(days=back) for back in range(KEPT.days)]
    with suppress(RedisError, OSError):
        pipe = valkey(settings.REDIS_URL).pipeline(transaction=False)
        for day in days:
            pipe.hgetall(_of_day(client, day))
        found = zip(days, pipe.execute(), strict=True)
        return [Day(f"{day:%Y-%m-%d}", dict(_counts(told))) for day, told in found if told]
    return []


def refusals_of(client: str) -> list[Refused]:
    """The last refusals, the latest first; none where Valkey is away. One round trip."""
    since = (datetime.now(UTC) - KEPT).timestamp()
    with suppress(RedisError, OSError):
        told = valkey(settings.REDIS_URL).zrangebyscore(_of_refusals(client), since, "+inf")
        rows = [json.loads(each) for each in reversed(cast("list[bytes]", told))]
        return [Refused(datetime.fromisoformat(at), *rest) for at, *rest in rows]
    return []


def _counts(told: dict[bytes, bytes]) -> Iterator[tuple[int, int]]:
    for status in sorted(told):
        yield int(status), int(told[status])


def _act(request: HttpRequest) -> str:
    match = request.resolver_match
    return f"{request.method} {match.view_name.removeprefix('api:') if match else ''}"


def _code(answer: Any) -> str:
    """The code of the problem, or of the error of OAuth."""
    told = getattr(answer, "data", None) or getattr(answer, "told", None)
    return str(told.get("code", "")) if isinstance(told, dict) else ""


def _of_day(client: str, day: datetime) -> str:
    return f"musterpoint:calls:{client}:{day:%Y-%m-%d}"


def _of_refusals(client: str) -> str:
    return f"musterpoint:refused:{client}"
