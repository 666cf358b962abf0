"""The invented register tells the truth and is the same each time; training leaves no share unset."""

import pytest

from displacement.identity.compare import Frequencies, weight
from displacement.identity.identity import features_of
from displacement.identity.levels import COMPARISONS
from displacement.identity.training import train
from displacement.identity.training.register import Record, records
from displacement.identity.training.relatives import relatives
from displacement.identity.training.train import MOST_M, Untrained, mended, trained

PEOPLE = 2_500
Found = dict[str, dict[str, tuple[float | None, float | None]]]


@pytest.fixture(scope="module")
def register() -> list[Record]:
    """Some thousand registrations of invented people."""
    return list(records(PEOPLE, seed=5))


def _even() -> Found:
    return {
        c.name: {level: (1 / len(c.levels), 1 / len(c.levels)) for level in c.levels} for c in COMPARISONS
    }


def test_the_same_seed_invents_the_same_people(register: list[Record]) -> None:
    assert list(records(50, seed=5)) == register[:50]
    assert list(records(50, seed=6)) != register[:50]


def test_a_tenth_is_registered_again_and_something_goes_wrong(register: list[Record]) -> None:
    again = [record for record in register if record.is_again]
    assert 0.06 < len(again) / PEOPLE < 0.16
    wrong = {kind for record in again for kind in record.kinds}
    assert {"latin", "short", "typo", "ear", "swapped", "no_patronymic", "estimated", "wrong_year"} <= wrong
    first = {record.human for record in register if not record.is_again}
    assert {record.human for record in again} <= first


def test_no_twin_of_the_register_is_called_a_duplicate(register: list[Record]) -> None:
    known = {record.human: features_of(record.identity) for record in register if not record.is_again}
    frequencies = Frequencies(PEOPLE, {}, {}, 1e-3, 1e-3)
    twins = {(r.human, r.kin_of) for r in register if r.kin == "twin" and r.kin_of is not None}
    called = {weight(known[one], known[other], frequencies=frequencies).probability for one, other in twins}
    assert len(twins) > 40
    assert called == {0.0}


def test_relatives_share_a_name_and_a_telephone_and_no_given_name(register: list[Record]) -> None:
    found = relatives(register, [features_of(record.identity) for record in register])
    assert found.pairs > PEOPLE / 2
    assert found.shares["family"]["exact"] > 0.8
    assert found.shares["given"]["another"] > 0.8


def test_training_leaves_no_share_unset_and_gives_the_same_twice(
    register: list[Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train, "PAIRS", 100_000)
    people = [features_of(record.identity) for record in register]
    shares = trained(people, seed=3)
    assert shares == trained(people, seed=3)
    for comparison in COMPARISONS:
        found = shares[comparison.name]
        assert tuple(found) == comparison.levels
        assert sum(share.m for share in found.values()) == pytest.approx(1, abs=1e-3)
        assert found[comparison.levels[0]].m > found[comparison.levels[0]].u


def test_a_comparison_that_no_pass_reached_is_an_error_and_no_silent_hole() -> None:
    found = _even()
    found["birth"] = {level: (None, u) for level, (_m, u) in found["birth"].items()}
    with pytest.raises(Untrained, match="birth"):
        mended(found)


def test_a_level_that_nobody_reached_is_rare_and_not_impossible() -> None:
    found = _even()
    found["birth"]["swapped"] = (None, None)
    share = mended(found)["birth"]["swapped"]
    assert 0 < share.m < 1e-4
    assert 0 < share.u < 1e-4


def test_what_a_pass_cannot_know_is_held() -> None:
    shares = mended(_even())
    for (comparison, level), most in MOST_M.items():
        assert shares[comparison][level].m == pytest.approx(most)
        assert sum(share.m for share in shares[comparison].values()) == pytest.approx(1)
    found = _even()
    found["phone"]["same"] = (0.6, None)
    assert 0 < mended(found)["phone"]["same"].u < 0.01
