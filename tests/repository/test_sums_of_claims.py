"""Nothing adds claims of different sources up. Where numbers like theirs are added at all stands here, with a reason."""

import pytest

from tests.repository.claim_sums import sums_of_claims
from tests.repository.source import name, product_files

#: Function by function: what is added there is no claim, or was said by one source about one moment and the same people.
ALLOWED = {
    (
        "reports/flags/rules.py",
        "more_than_lived_there",
    ): "left and remaining as one source said them together",
    (
        "reports/flags/rules.py",
        "more_than_to_evacuate",
    ): "left and remaining as one source said them together",
    (
        "reports/flags/rules.py",
        "parts_exceed_total",
    ): "districts as one source told them, held against its own total",
    ("reports/editions/measured.py", "narrow_children"): "a list grows; claims are left out of it",
    ("reports/editions/releasing.py", "_holds"): "cells of disclosure control, which has no claims",
}


def _found() -> set[tuple[str, str]]:
    return {
        (name(path), function)
        for path in product_files()
        for _line, function in sums_of_claims(path.read_text(encoding="utf-8"))
    }


def test_no_code_path_adds_claims_up() -> None:
    assert _found() - set(ALLOWED) == set()


def test_no_permission_outlives_its_code() -> None:
    assert set(ALLOWED) - _found() == set()


@pytest.mark.parametrize(
    "body",
    [
        "    return Claim.objects.aggregate(Sum('value'))",
        "    return claims.values('region').annotate(said=models.Sum('value'), n=Count('pk'))",
        "    return Claim.objects.aggregate(models.Avg('value'))",
        "    cursor.execute('SELECT SUM (value) FROM displacement_claim GROUP BY region_id')",
        "    return sum(claim.value for claim in claims)",
        "    return sum([c.value or 0 for c in claims])",
        "    return red_cross.value + government.value",
        "    return (red_cross.value or 0) + 1",
        "    low = claim.value_min\n    total += low",
        "    numbers = [f.value or 0 for f in claims]\n    return sum(numbers)",
        "    known = {f.source: f.value for f in claims}\n    first = known['a']\n    return first + known['b']",
        "    for claim in claims:\n        total += claim.value",
    ],
)
def test_a_sum_of_claims_is_found(body: str) -> None:
    assert [function for _line, function in sums_of_claims(f"def total(claims):\n{body}\n")] != []


@pytest.mark.parametrize(
    "body",
    [
        "    return claims.aggregate(Max('received_at'), Count('pk'))",
        "    return later.value - earlier.value",
        "    return sum(row.people for row in rows)",
        "    return max(claim.value for claim in claims)",
        "    cursor.execute('SELECT sum(people) FROM displacement_householdgroup')",
        "    cursor.execute('SELECT value FROM displacement_claim ORDER BY as_of')",
    ],
)
def test_what_adds_no_claims_is_left_alone(body: str) -> None:
    assert sums_of_claims(f"def told(claims):\n{body}\n") == []
