"""How often something may be tried: counted in Valkey, in one step that no two tries can both slip through."""

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, cast

from django.conf import settings
from redis import BlockingConnectionPool, Redis
from redis.exceptions import RedisError

_PREFIX = "musterpoint:limit:"
#: Counts a try under each name, or under none where one of them is full. Answers 1 where it may be tried.
_TAKE = """
for place, key in ipairs(KEYS) do
  if tonumber(redis.call('GET', key) or '0') >= tonumber(ARGV[2 * place - 1]) then return 0 end
end
for place, key in ipairs(KEYS) do
  if redis.call('INCR', key) == 1 then redis.call('EXPIRE', key, ARGV[2 * place]) end
end
return 1
"""
#: Tells in how many seconds the last of the full counts ends; 0 where none is full.
_LEFT = """
local left = 0
for place, key in ipairs(KEYS) do
  if tonumber(redis.call('GET', key) or '0') >= tonumber(ARGV[place]) then
    left = math.max(left, redis.call('TTL', key))
  end
end
return left
"""
#: Takes one back, and never makes a count of its own that would not end.
_GIVE_BACK = """
for _, key in ipairs(KEYS) do
  if tonumber(redis.call('GET', key) or '0') > 0 then redis.call('DECR', key) end
end
"""
#: Counts one, and tells how many there are now and in how many seconds the count ends. A tally that goes with it grows, too.
_SPEND = """
if KEYS[2] then
  redis.call('HINCRBY', KEYS[2], ARGV[2], 1)
  redis.call('EXPIRE', KEYS[2], ARGV[3])
end
local used = redis.call('INCR', KEYS[1])
if used == 1 then
  redis.call('EXPIRE', KEYS[1], ARGV[1])
  return {used, tonumber(ARGV[1])}
end
return {used, redis.call('TTL', KEYS[1])}
"""


class LimitsAway(Exception):
    """Valkey does not answer, so nobody can say how often it was tried: whoever asks refuses."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` tries within `seconds` from the first of them, for what `key` names."""

    key: str
    most: int
    seconds: int


def take(*limits: Limit) -> bool:
    """Count one try under every limit, or refuse it and count nothing. One round trip. Raises LimitsAway."""
    arguments = [number for limit in limits for number in (limit.most, limit.seconds)]
    return bool(_run(_TAKE, limits, *arguments))


def seconds_left(*limits: Limit) -> int:
    """In how many seconds a try that was refused may be made again, 1 at least. One round trip. Raises LimitsAway."""
    return max(1, cast("int", _run(_LEFT, limits, *(limit.most for limit in limits))))


class Tally(NamedTuple):
    """A count that limits nothing and is kept for so many seconds after it last grew: one field of a hash in Valkey."""

    key: str
    field: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Spent:
    """What is left of a limit after one more was counted, for how many seconds."""

    limit: Limit
    left: int
    seconds: int
    is_over: bool


def spend(limit: Limit, tally: Tally | None = None) -> Spent:
    """Count one more, also where the limit is reached, and tell what is left. One round trip. Raises LimitsAway.

    The same step adds one to the tally.
    """
    keys: list[str] = [_PREFIX + limit.key]
    arguments: list[int | str] = [limit.seconds]
    if tally is not None:
        keys, arguments = [*keys, tally.key], [*arguments, tally.field, tally.seconds]
    used, seconds = cast("list[int]", _eval(_SPEND, keys, *arguments))
    return Spent(limit, max(0, limit.most - used), max(1, seconds), used > limit.most)


def give_back(*limits: Limit) -> None:
    """Take back a try that was no failure. One round trip. Raises LimitsAway."""
    _run(_GIVE_BACK, limits)


def _run(script: str, limits: tuple[Limit, ...], *arguments: int) -> object:
    return _eval(script, [_PREFIX + limit.key for limit in limits], *arguments)


def _eval(script: str, keys: list[str], *arguments: int | str) -> object:
    try:
        return valkey(settings.REDIS_URL).eval(script, len(keys), *keys, *arguments)
    except (RedisError, OSError) as error:
        raise LimitsAway from error


@cache
def valkey(url: str) -> Redis:
    """One pool of connections for each process, in which threads wait for their turn; after a fork each has its own."""
    pool = BlockingConnectionPool.from_url(
        url, max_connections=20, timeout=5, socket_timeout=2, socket_connect_timeout=2
    )
    return Redis(connection_pool=pool)
