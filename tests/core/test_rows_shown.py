"""A record is shown alike, whether its row comes under its lookups or as bare values."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from displacement.api.serializers.people import PersonOutput

PERSON = UUID("01917e2b-5c00-7a3e-9d2f-0242ac120002")
LOOKUPS = PersonOutput.columns()
TOLD: dict[str, Any] = {
    **{lookup: lookup.upper() for lookup in LOOKUPS},
    "id": PERSON,
    "occurred_at": datetime(2024, 8, 10, 3, 28, tzinfo=UTC),
    "voided_at": None,
    "serial": 31,
    "birth_date": date(1980, 3, 14),
}


def test_bare_values_are_shown_as_a_row_is() -> None:
    [shown] = PersonOutput.written([TOLD])
    assert PersonOutput.written_of(LOOKUPS, [[TOLD[lookup] for lookup in LOOKUPS]]) == [shown]
    assert list(shown) == list(PersonOutput._declared_fields)
    assert (shown["organisation"], shown["household"]) == ("ORGANISATION__SHORT_NAME", "HOUSEHOLD_ID")
    assert shown["number"] != TOLD["serial"]


def test_values_in_another_order_and_beside_others_are_shown_alike() -> None:
    lookups = ["is_merged", *reversed(LOOKUPS)]
    values = [True, *(TOLD[lookup] for lookup in reversed(LOOKUPS))]
    assert PersonOutput.written_of(lookups, [values]) == PersonOutput.written([TOLD])


def test_a_field_that_no_value_gives_is_not_left_out_in_silence() -> None:
    with pytest.raises(ValueError, match="voided_at"):
        PersonOutput.written_of([lookup for lookup in LOOKUPS if lookup != "voided_at"], [])
