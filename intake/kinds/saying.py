"""The numbers that a row of claims says, one by one, and what the same source said before about the same."""

from collections.abc import Iterator
from typing import NamedTuple

from displacement.models.claim import MEANT, ClaimQualifier
from intake.kinds.asking import Asking
from intake.kinds.claim_fields import SPREAD
from intake.kinds.kind import Row
from intake.values import quantity_of


class Said(NamedTuple):
    """One number of a row, in the words of the ledger; blank numbers are None."""

    indicator: str
    kind: str
    unit: str
    qualifier: str
    value: int | None
    low: int | None
    high: int | None

    def packed(self) -> str:
        """As a slot of the row holds it."""
        return "|".join("" if part is None else str(part) for part in self)

    @classmethod
    def unpacked(cls, text: str) -> "Said":
        """What `packed` made."""
        *words, value, low, high = text.split("|")
        numbers = [int(number) if number else None for number in (value, low, high)]
        return cls(*words, *numbers)  # type: ignore[arg-type]  # four words, three numbers


def said_in(told: dict[str, str], row: Row) -> Iterator[Said]:
    """The numbers of the row: the one of its indicator, and one for each column that is an indicator."""
    if told["value"] or told["value_min"] or told["value_max"]:
        if told["indicator"]:
            yield _one(told, row, told["indicator"], told["value"])
        else:
            row.refuse("indicator", "indicator_needed")
    for field in SPREAD:
        if told[field.name]:
            yield _one({**told, "qualifier": "", "kind": "", "unit": ""}, row, field.name, told[field.name])


def _one(told: dict[str, str], row: Row, indicator: str, text: str) -> Said:
    """One number with how exactly it was said: by the cell, by the row, or else exactly."""
    kind, unit = MEANT[indicator]
    quantity = quantity_of(text)
    low, high = quantity and quantity.low, quantity and quantity.high
    value, qualifier = (
        quantity and quantity.value,
        told["qualifier"] or (quantity.qualifier if quantity else ""),
    )
    if quantity is None:
        low, high = (int(told[name]) if told[name] else None for name in ("value_min", "value_max"))
        low, high = (high if low is None else low), (low if high is None else high)
    if low is not None and high is not None:
        value, qualifier = None, ClaimQualifier.RANGE
        if low > high:
            row.refuse("value_min", "range_reversed")
    return Said(indicator, told["kind"] or kind, told["unit"] or unit, qualifier, value, low, high)


def one_by_one(asking: Asking) -> str:
    """The SQL join that gives each number of a row: its place and its parts."""
    return f"CROSS JOIN LATERAL unnest(string_to_array({asking.slot('said')}, ';')) WITH ORDINALITY AS one (text, ordinal)"


def said_before(asking: Asking) -> str:
    """The SQL question for claims of the same source about the same: row, place in it, id, and whether it says the same."""
    part = [f"split_part(one.text, '|', {n})" for n in range(1, 8)]
    numbers = ("c.value", "c.value_min", "c.value_max")
    is_same = " AND ".join(
        [
            f"c.qualifier = {part[3]}",
            *(f"coalesce({c}::text, '') = {p}" for c, p in zip(numbers, part[4:], strict=True)),
        ]
    )
    return (
        f"SELECT s.number, one.ordinal, c.id, ({is_same}) AS is_same FROM intake_stagedrow s {one_by_one(asking)}"
        f" JOIN displacement_claim c ON c.region_id = nullif({asking.slot('where')}, '')::int AND c.indicator = {part[0]}"
        f" AND c.kind = {part[1]} AND c.unit = {part[2]} AND c.as_of = nullif({asking.slot('as_of')}, '')::timestamptz"
        f" AND lower(c.scope) = lower({asking.slot('scope')})"
        f" JOIN displacement_source said ON said.id = c.source_id AND lower(said.name) = lower({asking.slot('source')})"
        f" WHERE {asking.rows_asked}"
        " AND NOT EXISTS (SELECT FROM displacement_claimwithdrawal w WHERE w.claim_id = c.id)"
    )
