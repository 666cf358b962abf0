"""Generated from the policy: every address of the API, as every role, at every place."""

import pytest

from accounts.policy import Role
from tests.authorisation import over_api
from tests.authorisation.canaries import every_column
from tests.authorisation.grounds import Grounds
from tests.authorisation.sweep import Report

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", list(Role))
def test_every_address_at_every_place(role: Role, grounds: Grounds, report: Report) -> None:
    who = over_api.asker(role, grounds, report)
    over_api.sweep_places(who, grounds)
    assert report.unexpected == [], report.told()


@pytest.mark.parametrize("role", list(Role))
def test_ids_and_keys_in_bodies(role: Role, grounds: Grounds, report: Report) -> None:
    over_api.sweep_bodies(over_api.asker(role, grounds, report), grounds)
    assert report.unexpected == [], report.told()


@pytest.mark.parametrize("role", list(Role))
def test_questions_are_no_oracle(role: Role, grounds: Grounds, report: Report) -> None:
    over_api.sweep_questions(over_api.asker(role, grounds, report), grounds)
    assert report.unexpected == [], report.told()


def test_every_personal_column_of_text_has_a_canary(grounds: Grounds) -> None:
    assert every_column() - grounds.canaries.columns == set()
