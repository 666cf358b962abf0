"""A list that names somebody under a legal hold keeps its file for as long as the hold stands, also when another is erased."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.policy import Role
from displacement.models import Person
from intake.content import opened
from intake.models import Batch, BatchPart, StagedRow, Submission
from retention.actions import files
from retention.actions.holds import ask_to_lift, lift, set_hold
from retention.models import Erasure, Hold
from retention.tasks import apply_each_minute
from tests.desk.pages import desk_of, record_url, words
from tests.factories.accounts import user_in_role
from tests.factories.intake import KoboFormFactory
from tests.intake.lists import accepted, family, people
from tests.retention.conftest import erased
from tests.retention.takers import by, officer

pytestmark = pytest.mark.django_db
__all__ = ["by", "officer"]


@pytest.fixture
def batch(by: User) -> Batch:
    """Two families of one list that is done with: of Zqorvy, and of Held."""
    rows = [*family("1", given=("Zqorvy",)), *family("2", given=("Held",), Family="Another")]
    return accepted(people(*rows), by)


def named(given: str) -> Person:
    """Somebody of the list."""
    return Person.objects.get(given_name=given)


def held(subject: Any, officer: User) -> Hold:
    """For a court."""
    return set_hold(subject=subject, authority="court", case="KRS-2024-118", by=officer)


def ended(hold: Hold, officer: User) -> None:
    """By two persons."""
    ask_to_lift(hold=hold, reason="Closed.", by=officer)
    lift(hold=hold, by=user_in_role(Role.PROTECTION_OFFICER, organisation=hold.organisation))


def test_the_rows_go_and_the_file_waits_for_the_end_of_the_hold(
    batch: Batch, by: User, officer: User
) -> None:
    hold = held(named("Held"), officer)
    gone = named("Zqorvy")
    erasure = erased(gone, by, officer)
    assert erasure.files_waiting == [batch.pk]
    assert set(StagedRow.objects.get(batch=batch, record_id=gone.pk).value) == {""}
    assert "Held" in StagedRow.objects.get(batch=batch, record_id=named("Held").pk).value
    with opened(batch) as file:
        assert "Held" in file.read().decode()
    assert files.let_go_what_waited() == 0
    ended(hold, officer)
    apply_each_minute()
    assert not BatchPart.objects.filter(batch=batch).exists()
    assert Erasure.objects.get(pk=erasure.pk).files_waiting == []
    assert files.let_go_what_waited() == 0


def test_without_a_hold_the_file_goes_at_once(batch: Batch, by: User, officer: User) -> None:
    hold = held(named("Held"), officer)
    ended(hold, officer)
    assert erased(named("Zqorvy"), by, officer).files_waiting == []
    assert not BatchPart.objects.filter(batch=batch).exists()


@pytest.mark.parametrize("is_held", [True, False], ids=["held", "the control"])
def test_a_namesake_under_a_hold_keeps_the_row(by: User, officer: User, is_held: bool) -> None:
    """Without a hold rows of the same names are emptied, since they may be of the same human being."""
    names: dict[str, Any] = {"given": ("Zqorvy",), "Family": "Zqorvenko"}
    batch = accepted(people(*family("1", **names), *family("2", **names, Born="1950-04-03")), by)
    first, second = Person.objects.filter(given_name="Zqorvy").order_by("pk")
    if is_held:
        held(second, officer)
    erased(first, by, officer)
    assert ("Zqorvy" in StagedRow.objects.get(batch=batch, record_id=second.pk).value) is is_held


def test_of_answers_of_telephones_only_theirs_go(batch: Batch, by: User, officer: User) -> None:
    gone = named("Zqorvy")
    form = KoboFormFactory.create(organisation=batch.organisation)

    def member(person: Person) -> dict[str, str]:
        told = {"family": person.family_name, "given": person.given_name, "born": str(person.birth_date)}
        return {f"hh/people/{name}": value for name, value in told.items()}

    kept = Submission.objects.create(
        form=form,
        instance="uuid:one",
        payload={"hh/people": [member(gone), member(named("Held"))]},
        batch=batch,
        received_by=by.pk,
        received_at=timezone.now(),
    )
    hold = held(named("Held"), officer)
    erased(gone, by, officer)
    kept.refresh_from_db()
    assert "Zqorvy" not in str(kept.payload)
    assert "Held" in str(kept.payload)
    ended(hold, officer)
    files.let_go_what_waited()
    kept.refresh_from_db()
    assert kept.payload == {}


def test_that_it_waits_is_told_to_who_may_know_of_holds(batch: Batch, by: User, officer: User) -> None:
    held(named("Held"), officer)
    erasure = erased(named("Zqorvy"), by, officer)
    told = "a legal hold keeps somebody else"
    assert told in words(desk_of(officer).get(record_url(erasure)))
    assert "legal hold" not in words(desk_of(by).get(record_url(erasure)))
