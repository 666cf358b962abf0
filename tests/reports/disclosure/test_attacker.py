"""Nothing that was hidden can be worked out from everything that was ever published; without complements it can."""

import pytest

from reports.disclosure.attacker import attack
from reports.disclosure.cells import Cell, Key, Relation, Release
from reports.disclosure.failed import DisclosureFailed
from reports.disclosure.gate import pass_gate
from reports.figures.mark import Mark
from tests.reports.disclosure.simulation import START, histories, published


def test_sixty_days_of_twelve_districts_by_six_groups_give_no_hidden_cell_back() -> None:
    """The negative control is part of it: the same attacker wins against the same days when only small cells are hidden."""
    truth = histories(60, 12, 6)
    hidden = published(truth)
    assert sum(len(release.hidden) for release in hidden) > 1000
    assert attack(hidden) == ()
    pass_gate(hidden)
    bare = published(truth, is_complementary=False)
    assert len(attack(bare)) > 200
    with pytest.raises(DisclosureFailed):
        pass_gate(bare)


def test_small_numbers_are_hidden_and_zeros_are_not() -> None:
    for before, after in zip(histories(3, 4, 3), published(histories(3, 4, 3)), strict=True):
        for key, cell in before.cells.items():
            if isinstance(cell.value, int) and 0 < cell.value < 5:
                assert after.cells[key].value is Mark.SUPPRESSED
        shown = [key for key, cell in after.cells.items() if cell.value == 0]
        assert shown


def key(column: str, place: str = "a", days: int = 0) -> Key:
    return Key(column, (place,), START.replace(day=START.day + days))


def test_it_solves_a_total_less_its_other_part() -> None:
    cells = {
        key("total"): Cell(10),
        key("people", "a"): Cell(Mark.SUPPRESSED),
        key("people", "b"): Cell(7),
    }
    sums = (Relation(((1, key("total")), (-1, key("people", "a")), (-1, key("people", "b")))),)
    assert attack([Release(START, cells, sums)]) == (key("people", "a"),)


def test_it_knows_that_hidden_is_not_zero() -> None:
    """Two hidden parts of a total of two are one each."""
    cells = {
        key("total"): Cell(2),
        key("people", "a"): Cell(Mark.SUPPRESSED),
        key("people", "b"): Cell(Mark.SUPPRESSED),
    }
    sums = (Relation(((1, key("total")), (-1, key("people", "a")), (-1, key("people", "b")))),)
    assert len(attack([Release(START, cells, sums)])) == 2


def test_it_solves_a_cumulative_number_between_two_equal_days() -> None:
    told: tuple[int | Mark, ...] = (20, Mark.SUPPRESSED, 20)
    releases = [
        Release(START.replace(day=START.day + n), {key("left", "a", n): Cell(value, is_cumulative=True)})
        for n, value in enumerate(told)
    ]
    assert attack(releases) == (key("left", "a", 1),)


def test_it_takes_a_published_change_into_account() -> None:
    """Why changes are taken from published values only: the difference would open yesterday's cell."""
    cells = {key("people", "a"): Cell(Mark.SUPPRESSED)}
    change = key("change", "a", 1)
    later = {key("people", "a", 1): Cell(9), change: Cell(6), key("people", "a"): Cell(Mark.SUPPRESSED)}
    sums = (Relation(((1, key("people", "a", 1)), (-1, key("people", "a")), (-1, change))),)
    assert attack([Release(START, cells), Release(change.day, later, sums)]) == (key("people", "a"),)


def test_it_reads_a_repeated_day_as_the_same_number_unless_something_of_it_was_corrected() -> None:
    def edition(a: int | Mark, b: int) -> Release:
        return Release(START, {key("people", "a"): Cell(a), key("people", "b"): Cell(b)})

    assert attack([edition(Mark.SUPPRESSED, 30), edition(8, 30)]) == ()  # shown by now: no longer hidden
    total = Relation(((1, key("people", "b")), (-1, key("people", "a")), (-1, key("people", "c"))))
    more = Release(
        START,
        {
            key("people", "a"): Cell(Mark.SUPPRESSED),
            key("people", "b"): Cell(30),
            key("people", "c"): Cell(Mark.SUPPRESSED),
        },
        (total,),
    )
    assert attack([edition(26, 30), more]) == (key("people", "c"),)
    assert attack([edition(25, 29), more]) == ()


def test_what_contradicts_itself_does_not_pass() -> None:
    """A total that is less than its parts: an error somewhere, and nothing leaves."""
    cells = {key("total"): Cell(1), key("people", "a"): Cell(Mark.SUPPRESSED), key("people", "b"): Cell(7)}
    sums = (Relation(((1, key("total")), (-1, key("people", "a")), (-1, key("people", "b")))),)
    with pytest.raises(DisclosureFailed) as failed:
        pass_gate([Release(START, cells, sums)])
    assert failed.value.codes == ("attack_failed",)
    assert not any(letter.isdigit() for letter in str(failed.value))
