"""Each flag warns of what it is for, and is silent otherwise. None of them blocks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from reports.figures.figure import Basis, Figure, Kind, Qualifier, Unit
from reports.flags import FLAGS, Material, raise_flags

DAY = datetime(2024, 8, 20, tzinfo=UTC)
ONE = timedelta(days=1)


def claim(indicator: str, value: int | None, **more: object) -> Figure:
    """A claim about Kursk oblast."""
    figure = Figure(
        indicator=indicator,
        region="RU-KRS",
        basis=Basis.CLAIMED,
        kind=Kind.CUMULATIVE,
        unit=Unit.INDIVIDUALS,
        value=value,
        qualifier=Qualifier.EXACT,
        as_of=DAY,
        source="Governor",
        claim=f"{indicator} {value} {more}",
    )
    return replace(figure, **more)  # type: ignore[arg-type]


def counted(indicator: str, value: int | None, **more: object) -> Figure:
    """A number of ours."""
    return claim(indicator, value, **{"basis": Basis.REGISTERED, "kind": Kind.STOCK, "claim": None, **more})


def warnings(name: str, *figures: Figure, **more: object) -> list[str]:
    """What one flag says."""
    material = Material(region="RU-KRS", figures=figures, **more)  # type: ignore[arg-type]
    return [doubt.text for doubt in FLAGS[name](material)]


@pytest.mark.parametrize(
    ("later", "warns"),
    [
        (claim("evacuated", 121_000, as_of=DAY + 2 * ONE, source="Authorities"), True),
        (claim("evacuated", 122_000, as_of=DAY + 2 * ONE), False),
        (claim("evacuated", 3_200, as_of=DAY + 2 * ONE, scope="one district"), False),
        (claim("evacuated", 3_200, as_of=DAY + 2 * ONE, kind=Kind.STOCK), False),
        (claim("evacuated", 121_000, as_of=DAY, source="Authorities"), False),
        (claim("killed", 12, as_of=DAY + 2 * ONE), False),
    ],
)
def test_a_cumulative_that_falls(later: Figure, warns: bool) -> None:
    found = warnings("falling_cumulative", claim("evacuated", 122_000), later)
    assert bool(found) is warns
    assert not warns or "122,000" in found[0]


def test_our_own_cumulative_that_falls_since_the_last_report() -> None:
    before = counted("registered", 500, kind=Kind.CUMULATIVE)
    [text] = warnings("falling_cumulative", replace(before, value=480), history=(before,))
    assert "fell from 500 to 480" in text
    assert warnings("falling_cumulative", replace(before, value=510), history=(before,)) == []


@pytest.mark.parametrize(
    ("baselines", "affected", "warns"),
    [
        ({"RU-KRS": 70_000}, None, True),
        ({"RU-KRS": 1_000_000}, 60_000, True),
        ({}, None, False),
        ({}, 90_000, False),
    ],
)
def test_more_left_than_lived_there(baselines: dict[str, int], affected: int | None, warns: bool) -> None:
    more = {"baselines": baselines, "affected_population": affected}
    assert bool(warnings("more_than_lived_there", claim("evacuated", 76_000), **more)) is warns


def test_left_and_remaining_count_together_only_where_said_together() -> None:
    figures = (claim("evacuated", 80), claim("remaining", 30, kind=Kind.STOCK))
    assert warnings("more_than_lived_there", *figures, baselines={"RU-KRS": 100})
    apart = (figures[0], replace(figures[1], source="Newspaper"))
    assert not warnings("more_than_lived_there", *apart, baselines={"RU-KRS": 100})


@pytest.mark.parametrize(("needed", "warns"), [(150_000, True), (180_000, False)])
def test_left_and_remaining_above_those_to_evacuate(needed: int, warns: bool) -> None:
    figures = (claim("evacuated", 133_190), claim("remaining", 19_376, kind=Kind.STOCK))
    found = warnings("more_than_to_evacuate", *figures, claim("people_to_evacuate", needed, kind=Kind.STOCK))
    assert bool(found) is warns


def test_more_people_in_shelters_than_places() -> None:
    places = counted("places_total", 100, unit=Unit.PLACES)
    assert warnings("over_capacity", places, counted("sheltered", 101))
    assert warnings("over_capacity", places, counted("sheltered", 101, basis=Basis.HEADCOUNT))
    assert warnings("over_capacity", sites_over_capacity=2) == [
        "In 2 shelters more people sleep than there are usable places."
    ]
    assert not warnings("over_capacity", places, counted("sheltered", 100))
    assert not warnings("over_capacity", counted("places_total", None), counted("sheltered", 100))


@pytest.mark.parametrize(("children", "warns"), [(2_001, True), (2_000, False), (None, False)])
def test_more_children_than_people(children: int | None, warns: bool) -> None:
    assert bool(warnings("more_children_than_people", claim("sheltered", 2_000, children=children))) is warns


@pytest.mark.parametrize(("flow", "warns"), [(500, True), (1_000, False)])
def test_a_flow_that_is_no_difference(flow: int, warns: bool) -> None:
    figures = (claim("evacuated", 122_000), claim("evacuated_24h", flow, kind=Kind.FLOW))
    yesterday = (claim("evacuated", 121_000, as_of=DAY - ONE),)
    assert bool(warnings("flow_is_no_difference", *figures, history=yesterday)) is warns
    assert not warnings("flow_is_no_difference", *figures)


@pytest.mark.parametrize(
    ("value", "more", "warns"),
    [
        (121, {}, True),
        (1_210, {}, True),
        (122, {}, False),
        (121, {"region": "RU-BEL"}, False),
    ],
)
def test_the_same_digits_in_two_indicators(value: int, more: dict[str, str], warns: bool) -> None:
    found = warnings("same_digits", claim("evacuated", 121_000), claim("injured", value, **more))
    assert bool(found) is warns


def test_round_numbers_share_digits_by_chance() -> None:
    assert not warnings("same_digits", claim("evacuated", 12_000), claim("killed", 12))


@pytest.mark.parametrize(("now", "warns"), [(76_000, True), (7_600, False), (76_000_000, True), (760, True)])
def test_a_tenfold_jump(now: int, warns: bool) -> None:
    before = claim("evacuated", 7_600)
    assert bool(warnings("jump", replace(before, value=now), history=(before,))) is warns


def test_small_numbers_jump_without_meaning() -> None:
    before = claim("killed", 2)
    assert not warnings("jump", replace(before, value=30), history=(before,))


@pytest.mark.parametrize(("days", "warns"), [(10, True), (3, True), (2, False)])
def test_a_claim_that_nobody_renews(days: int, warns: bool) -> None:
    found = warnings("unchanged", claim("killed", 12, age_days=days))
    assert bool(found) is warns


def test_old_claims_are_one_warning_oldest_first() -> None:
    [text] = warnings("unchanged", claim("killed", 12, age_days=4), claim("injured", 121, age_days=10))
    assert text == (
        "Nobody has renewed these claims for days: Civilians injured (Governor, 10 days); Civilians killed (Governor, 4 days)."
    )


def test_the_same_digits_are_told_once_however_many_say_them() -> None:
    again = claim("evacuated", 121_000, source="Newspaper")
    assert len(warnings("same_digits", claim("evacuated", 121_000), again, claim("injured", 121))) == 1


def test_an_old_claim_beside_a_newer_one_of_the_same_is_no_matter() -> None:
    old = claim("killed", 12, age_days=9, as_of=DAY - 9 * ONE)
    assert not warnings("unchanged", old, claim("killed", 17, source="Hospital"))


@pytest.mark.parametrize(
    ("days", "warns"),
    [((5, 90, 90, 90, 90), True), ((90, 90, 90), False), ((0, 0, 0, 0), False), ((89, 90, 90, 90), False)],
)
def test_a_register_that_stands_still(days: tuple[int, ...], warns: bool) -> None:
    assert bool(warnings("unchanged", displaced_by_day=days)) is warns


@pytest.mark.parametrize(("whole", "warns"), [(9, True), (10, False)])
def test_parts_that_exceed_their_total(whole: int, warns: bool) -> None:
    parts = (
        claim("evacuated", 6, region="A"),
        claim("evacuated", 4, region="B"),
        claim("evacuated", 90, source="X"),
    )
    assert bool(warnings("parts_exceed_total", claim("evacuated", whole), *parts)) is warns


def test_a_fall_is_told_once_and_no_longer_when_a_newer_number_is_said() -> None:
    first, second = claim("evacuated", 122_000), claim("evacuated", 133_000, as_of=DAY + ONE, source="B")
    third = claim("evacuated", 131_000, as_of=DAY + 2 * ONE, source="C")
    assert len(warnings("falling_cumulative", first, second, third)) == 1
    assert len(warnings("falling_cumulative", first, second, replace(third, value=100_000))) == 1
    fourth = claim("evacuated", 134_000, as_of=DAY + 3 * ONE, source="D")
    assert not warnings("falling_cumulative", first, second, third, fourth)


def test_the_same_digits_are_no_matter_once_one_was_renewed() -> None:
    old, slip = claim("evacuated", 121_000), claim("injured", 121)
    assert not warnings("same_digits", old, slip, claim("injured", 143, as_of=DAY + ONE, source="Hospital"))


@pytest.mark.parametrize(("days", "warns"), [(18, True), (3, True), (2, False)])
def test_a_claim_published_late(days: int, warns: bool) -> None:
    late = claim("killed", 31, published_at=DAY + days * ONE)
    assert bool(warnings("published_late", late)) is warns
    assert not warnings("published_late", late, history=(late,))


@pytest.mark.parametrize(("number", "warns"), [(27_434, True), (0, False), (-1, False), (None, False)])
def test_people_of_whom_no_claim_says_that_they_left_or_remain(number: int | None, warns: bool) -> None:
    found = warnings("unexplained", unexplained=number)
    assert bool(found) is warns
    assert not warns or "27,434" in found[0]


def test_all_flags_together_say_each_thing_once_and_in_order() -> None:
    figures = (claim("evacuated", 121_000, age_days=4), claim("injured", 121))
    found = raise_flags(Material(region="RU-KRS", figures=(*figures, *figures)))
    assert len(found) == len(set(found)) == 2
    assert [raised.code for raised in found] == ["same_digits", "unchanged"]
    assert [raised.doubt.text.split()[-1] for raised in found] == ["other.", "days)."]
