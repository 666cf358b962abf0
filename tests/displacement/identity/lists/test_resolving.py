"""Pairs that agree with each other."""

from displacement.identity.lists.resolving import one_to_one, through_a_third


def test_two_rows_that_are_a_third_are_one() -> None:
    assert through_a_third({(1, 2): 0.9, (2, 3): 0.8}, at_least=0.5) == {(1, 3): 0.9 * 0.8}


def test_an_unlikely_pair_leads_nowhere_and_a_likely_one_is_not_made_less() -> None:
    assert through_a_third({(1, 2): 0.9, (2, 3): 0.4}, at_least=0.1) == {}
    assert through_a_third({(1, 2): 0.9, (2, 3): 0.9, (1, 3): 0.95}, at_least=0.5) == {}
    assert through_a_third({(1, 2): 0.6, (2, 3): 0.6}, at_least=0.5) == {}


def test_a_row_that_is_like_everybody_leads_nowhere() -> None:
    hub = {(0, other): 0.9 for other in range(1, 40)}
    assert through_a_third(hub, at_least=0.5) == {}


def test_each_row_has_its_likeliest_partner() -> None:
    probable = {(1, 7): 0.9, (1, 8): 0.95, (2, 8): 0.8, (2, 7): 0.7}
    assert one_to_one(probable) == {(1, 8): 0.95, (2, 7): 0.7}
