"""What an empty installation is filled with, as the environment asks for it."""

from datetime import date

import pytest

from config.embedded.errors import EmbeddedServerError
from config.first_run import DEFAULT_PEOPLE, FIRST_DAY, LAST_DAY, first_day_wanted, people_wanted


def test_without_a_wish_it_is_the_whole_week_and_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SCENARIO_PEOPLE", raising=False)
    monkeypatch.delenv("SCENARIO_DAYS", raising=False)
    assert (people_wanted(), first_day_wanted()) == (DEFAULT_PEOPLE, FIRST_DAY)


def test_fewer_days_are_the_last_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCENARIO_DAYS", "1")
    assert first_day_wanted() == LAST_DAY
    monkeypatch.setenv("SCENARIO_DAYS", "3")
    assert first_day_wanted() == date(2024, 8, 10)


@pytest.mark.parametrize("wish", ["0", "-1", "8", "2.5", "many", "٣x"])
def test_a_number_of_days_that_is_none_is_told(wish: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCENARIO_DAYS", wish)
    with pytest.raises(EmbeddedServerError, match="SCENARIO_DAYS must be a whole number from 1 to 7"):
        first_day_wanted()


@pytest.mark.parametrize("wish", ["0", "-5", "1e5", "all"])
def test_a_number_of_people_that_is_none_is_told(wish: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCENARIO_PEOPLE", wish)
    with pytest.raises(EmbeddedServerError, match="SCENARIO_PEOPLE must be a whole number above 0"):
        people_wanted()
