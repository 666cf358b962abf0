"""Ids given in bulk."""

import random
from datetime import UTC, datetime, timedelta

from intake.keys import Keys

NOON = datetime(2024, 8, 12, 9, tzinfo=UTC)


def test_a_key_is_a_uuid_of_version_7_of_its_moment() -> None:
    key = Keys().at(NOON)
    assert key.version == 7
    assert key.variant == "specified in RFC 4122"
    assert key.int >> 80 == int(NOON.timestamp() * 1000)


def test_keys_sort_by_their_moments_and_then_by_turn() -> None:
    keys = Keys()
    family = [keys.at(NOON) for _ in range(5)]
    earlier, later = keys.at(NOON - timedelta(seconds=1)), keys.at(NOON + timedelta(milliseconds=1))
    assert sorted([*family[::-1], later, earlier]) == [earlier, *family, later]


def test_no_key_is_given_twice_though_the_counter_wraps() -> None:
    keys = Keys()
    assert len({keys.at(NOON) for _ in range(20_000)}) == 20_000


def test_the_same_seed_gives_the_same_keys_and_no_seed_others() -> None:
    first, second, other, unseeded = (
        Keys(random.Random(1)),
        Keys(random.Random(1)),
        Keys(random.Random(2)),
        Keys(),
    )
    assert first.at(NOON) == second.at(NOON)
    assert first.at(NOON) not in (other.at(NOON), unseeded.at(NOON))
