"""Masks tell two values apart and give neither away."""

from datetime import date

import pytest

from core.masking import Mask, is_masked, masked, shaped


@pytest.mark.parametrize(
    ("value", "mask", "shown"),
    [
        ("+7 900 123 45 47", Mask.ENDING, "•••• 47"),
        ("4509 123-456 b", Mask.ENDING, "•••• 6b"),
        ("12345", Mask.ENDING, "••••"),
        ("+7 900 123 45 47", Mask.NOTHING, "••••"),
        (date(1985, 3, 14), Mask.YEAR, "1985-••-••"),
        ("1985-03-14", Mask.YEAR, "1985-••-••"),
        ("14.03.1985", Mask.YEAR, "••••"),
        ("", Mask.ENDING, ""),
        (None, Mask.YEAR, ""),
    ],
)
def test_a_mask(value: object, mask: Mask, shown: str) -> None:
    assert masked(value, mask) == shown
    assert is_masked(shown) is bool(shown)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("+7 900 123 45 47", "+• ••• ••• •• 47"),
        ("14.03.1985", "••.••.••85"),
        ("1985", "••••"),
        ("not known", "not known"),
    ],
)
def test_the_shape_of_a_cell(text: str, shown: str) -> None:
    assert shaped(text) == shown


def test_a_short_number_may_stay() -> None:
    assert shaped("flat 12", least=5) == "flat 12"


def test_of_what_another_mask_shows_a_part_of_nothing_is_shown() -> None:
    assert shaped("14.03.1985", shown=0) == "••.••.••••"
