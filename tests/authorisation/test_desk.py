"""Generated from the policy: every page of the desk, as every role, at every place."""

import pytest

from accounts.policy import Role
from tests.authorisation import over_desk
from tests.authorisation.below import sweep_below
from tests.authorisation.expected import OWN, may_at_all
from tests.authorisation.grounds import Grounds
from tests.authorisation.sweep import Report

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", list(Role))
def test_every_page_at_every_place(role: Role, grounds: Grounds, report: Report) -> None:
    who = over_desk.asker(role, grounds, report)
    over_desk.sweep_records(who, grounds)
    assert report.unexpected == [], report.told()


@pytest.mark.parametrize("role", list(Role))
def test_searches_and_matches_tell_nothing(role: Role, grounds: Grounds, report: Report) -> None:
    who = over_desk.asker(role, grounds, report)
    over_desk.sweep_searches(who, grounds)
    over_desk.sweep_matches(who, grounds)
    assert report.unexpected == [], report.told()


@pytest.mark.parametrize("role", list(Role))
def test_cards_rows_and_files_at_every_place(role: Role, grounds: Grounds, report: Report) -> None:
    """Who may see rows of a list sees them: otherwise the sweep would find nothing because it shows nothing."""
    sweep_below(over_desk.asker(role, grounds, report), grounds)
    assert report.unexpected == [], report.told()
    is_shown = ("intake.stagedrow", "raw", OWN.name) in report.shown
    assert is_shown is (
        may_at_all(role, "intake.batch", "view") and may_at_all(role, "displacement.household", "add")
    )


def test_every_kind_of_record_on_the_desk_has_a_place(grounds: Grounds) -> None:
    assert over_desk.unplaced(grounds) == over_desk.WITHOUT_PLACES.keys()
