"""Birth dates of foreign lists, taken apart."""

import pytest

from displacement.identity.lists.births import Birth, birth_in, is_day_first


@pytest.mark.parametrize(
    ("text", "birth"),
    [
        ("19840517", Birth(1984, "05-17")),
        ("1984-05-17", Birth(1984, "05-17")),
        ("1984-05-17T00:00:00", Birth(1984, "05-17")),
        ("17.5.1984", Birth(1984, "05-17")),
        ("17/05/1984", Birth(1984, "05-17")),
        ("1984", Birth(1984)),
        ("1984-05", Birth(1984)),
        ("01.01.1984", Birth(1984)),
        ("19849917", Birth(1984, "99-17")),
        ("", Birth()),
        ("unknown", Birth()),
    ],
)
def test_a_birth_is_year_and_day_as_far_as_known(text: str, birth: Birth) -> None:
    assert birth_in(text) == birth


def test_the_order_of_day_and_month_is_the_lists() -> None:
    assert birth_in("5/17/1984", is_day_first=False) == Birth(1984, "05-17")
    assert is_day_first(["05/06/1984", "17/06/1984"]) is True
    assert is_day_first(["05/06/1984", "06/17/1984"]) is False
    assert is_day_first(["05/06/1984"]) is True
