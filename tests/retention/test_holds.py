"""Records under a legal hold are neither erased nor removed, and whoever may not know of it learns of it from nothing."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.policy import Role
from audit.models import AuditEvent
from displacement.actions.joining import join
from displacement.actions.merging import merge
from displacement.actions.splitting import split
from displacement.models import Household, Person
from intake.models import Batch
from intake.models.batch import BatchState
from retention import holds_ledger
from retention.actions.erasures import approve, ask
from retention.actions.holds import ask_to_lift, lift, set_hold
from retention.actions.reapplying import apply_ledger
from retention.models import Erasure, ErasureState, Hold
from retention.rules import RULES
from tests.desk.pages import act_url, desk_of, list_url, record_url, words
from tests.factories.accounts import almighty, user_in_role
from tests.factories.displacement import HouseholdFactory, PersonFactory, RefutedCasualtyFactory
from tests.factories.intake import AcceptedBatchFactory, RowFactory
from tests.refusals import codes

pytestmark = pytest.mark.django_db
CASE = "KRS-2024-118"


@pytest.fixture
def second(mother: Person) -> User:
    """Lifts what the officer asks to be lifted."""
    return user_in_role(Role.PROTECTION_OFFICER, organisation=mother.organisation)


def hold(subject: Any, by: User, **told: Any) -> Hold:
    """A hold of a court."""
    return set_hold(subject=subject, by=by, **{"authority": "court", "case": CASE, **told})


def said(act: Callable[[], object]) -> dict[str, list[str | None]]:
    """The codes with which the act is refused."""
    with pytest.raises(ValidationError) as refusal:
        act()
    return codes(refusal.value)


def test_an_erasure_of_who_is_held_is_recorded_waits_and_goes_on(
    mother: Person, clerk: User, officer: User, second: User
) -> None:
    held = hold(mother, officer)
    erasure = ask(subject=mother, ground="asked", by=clerk)
    assert said(lambda: approve(erasure=erasure, by=officer)) == {"__all__": ["held"]}
    assert Erasure.objects.get().state == ErasureState.ASKED
    ask_to_lift(hold=held, reason="The court closed the case.", by=officer)
    lift(hold=held, by=second)
    assert approve(erasure=erasure, by=officer).state == ErasureState.DONE
    held.refresh_from_db()
    assert (held.case, held.lift_reason) == ("—", "")
    assert list(
        AuditEvent.objects.filter(object_id=str(held.pk)).values_list("action", flat=True).order_by("id")
    ) == [
        "set_hold",
        "ask_to_lift",
        "lift_hold",
    ]


def test_a_hold_ends_by_itself(mother: Person, clerk: User, officer: User) -> None:
    held = hold(mother.household, officer, ends_at=timezone.now() + timedelta(days=3))
    erasure = ask(subject=mother, ground="asked", by=clerk)
    assert said(lambda: approve(erasure=erasure, by=officer)) == {"__all__": ["held"]}
    past = timezone.now() - timedelta(days=2)
    Hold.objects.filter(pk=held.pk).update(starts_at=past, ends_at=past + timedelta(days=1))
    assert approve(erasure=erasure, by=officer).state == ErasureState.DONE


def test_nobody_lifts_alone_and_roles_are_kept(
    mother: Person, clerk: User, officer: User, second: User
) -> None:
    for somebody in (clerk, user_in_role(Role.PROTECTION_OFFICER)):
        with pytest.raises(PermissionDenied):
            hold(mother, somebody)
    held = hold(mother, officer)
    assert said(lambda: lift(hold=held, by=second)) == {"__all__": ["not_asked"]}
    assert said(lambda: ask_to_lift(hold=held, reason=" ", by=officer)) == {"reason": ["reason_needed"]}
    ask_to_lift(hold=held, reason="Closed.", by=officer)
    for somebody in (officer, clerk):
        with pytest.raises(PermissionDenied):
            lift(hold=held, by=somebody)
    lift(hold=held, by=second)
    assert said(lambda: lift(hold=held, by=second)) == {"__all__": ["ended"]}


def test_what_is_wrong_with_a_hold_is_said_at_its_fields(mother: Person, officer: User) -> None:
    now = timezone.now()
    wrong = {"authority": "king", "case": " ", "starts_at": now + timedelta(days=1), "ends_at": now}
    assert set(said(lambda: hold(mother, officer, **wrong))) == {"authority", "case", "starts_at", "ends_at"}


def test_merges_splits_and_joins_carry_it_along(
    mother: Person, son: Person, clerk: User, officer: User
) -> None:
    hold(mother.household, officer)
    apart = split(household=mother.household, people=[son], by=almighty())
    erasure = ask(subject=Household.objects.get(pk=apart.pk), ground="asked", by=clerk)
    assert said(lambda: approve(erasure=erasure, by=officer)) == {"__all__": ["held"]}
    other = PersonFactory.create(household=HouseholdFactory.create(organisation=mother.organisation))
    free = ask(subject=other, ground="asked", by=clerk)
    join(household=apart, into=other.household, by=almighty())
    twin = PersonFactory.create(household=HouseholdFactory.create(organisation=mother.organisation))
    merge(kept=twin, merged=Person.objects.get(pk=son.pk), by=almighty(), reason="")
    named = ask(subject=twin, ground="asked", by=clerk)
    assert said(lambda: approve(erasure=named, by=officer)) == {"__all__": ["held"]}
    assert (
        approve(erasure=free, by=officer).state == ErasureState.DONE
    )  # the control: they only live with somebody held


def test_who_comes_into_a_held_household_later_is_held(mother: Person, clerk: User, officer: User) -> None:
    hold(mother.household, officer)
    baby = PersonFactory.create(household=mother.household)
    erasure = ask(subject=baby, ground="asked", by=clerk)
    assert said(lambda: approve(erasure=erasure, by=officer)) == {"__all__": ["held"]}


def test_all_whom_an_incident_names_are_held(mother: Person, clerk: User, officer: User) -> None:
    casualty = RefutedCasualtyFactory.create(person=mother, incident__organisation=mother.organisation)
    hold(casualty.incident, officer)
    erasure = ask(subject=mother, ground="asked", by=clerk)
    assert said(lambda: approve(erasure=erasure, by=officer)) == {"__all__": ["held"]}


def test_the_schedule_leaves_lists_of_who_is_held(mother: Person, officer: User, second: User) -> None:
    long_ago = timezone.now() - timedelta(days=900)
    theirs, others = (
        AcceptedBatchFactory.create(organisation=mother.organisation, state_since=long_ago) for _ in range(2)
    )
    RowFactory.create(batch=theirs, record_id=mother.pk)
    RowFactory.create(batch=others)
    held = hold(mother, officer)
    due = RULES["intake.batch"].due(timezone.now())
    assert {batch.pk for batch in due} == {others.pk}
    ask_to_lift(hold=held, reason="Closed.", by=officer)
    lift(hold=held, by=second)
    assert Batch.objects.filter(state=BatchState.ACCEPTED).count() == 2
    assert RULES["intake.batch"].due(timezone.now()).count() == 2


def test_a_restored_database_is_told_of_holds_and_of_their_end(
    mother: Person, clerk: User, officer: User, second: User, settings: Any
) -> None:
    before = transaction.savepoint()
    held = hold(mother, officer)
    holds_ledger.write_down()
    assert CASE not in settings.HOLDS_FILE.read_text()
    transaction.savepoint_rollback(before)
    erasure = ask(subject=mother, ground="asked", by=clerk)
    assert apply_ledger().holds == 1
    assert said(lambda: approve(erasure=erasure, by=officer)) == {"__all__": ["held"]}
    again = Hold.objects.get(pk=held.pk)
    assert (again.authority, again.set_by, again.people) == ("court", officer.pk, held.people)
    assert apply_ledger().holds == 0
    lifting = transaction.savepoint()
    ask_to_lift(hold=again, reason="Closed.", by=officer)
    lift(hold=again, by=second)
    holds_ledger.write_down()
    transaction.savepoint_rollback(lifting)
    assert (holds_ledger.write_down(), apply_ledger().holds) == (0, 1)
    assert approve(erasure=erasure, by=officer).state == ErasureState.DONE


def test_a_line_that_somebody_changed_stops_the_start(mother: Person, officer: User, settings: Any) -> None:
    hold(mother, officer)
    holds_ledger.write_down()
    file: Path = settings.HOLDS_FILE
    file.write_text(file.read_text() + '{"id": "nonsense"}\n')
    with pytest.raises(CommandError, match="Lines that are no hold: 2"):
        call_command("apply_erasures", verbosity=0)


def test_who_may_not_know_of_it_learns_of_it_from_nothing(mother: Person, clerk: User, officer: User) -> None:
    """Page by page the same for a registrar, whether there is a hold or not."""
    desk = desk_of(clerk)
    erasure = ask(subject=mother, ground="asked", by=clerk)
    pages = [record_url(mother), record_url(mother.household), record_url(erasure), list_url(Erasure)]
    before = [words(desk.get(page)) for page in pages]
    held = hold(mother, officer)
    assert [words(desk.get(page)) for page in pages] == before
    assert desk.get(record_url(held)).status_code in (403, 404)
    assert desk.get(list_url(Hold)).status_code == 403
    auditor = desk_of(user_in_role(Role.AUDITOR, organisation=mother.organisation))
    assert CASE in words(auditor.get(list_url(Hold)))  # the control


def test_set_and_lifted_on_the_desk(mother: Person, officer: User, second: User) -> None:
    browser, other = desk_of(officer), desk_of(second)
    told = {"household": str(mother.household_id), "authority": "prosecutor", "case": CASE}
    page = browser.post(list_url(Hold) + "add/", told)
    held = Hold.objects.get()
    assert page["Location"] == record_url(held)
    assert CASE in words(browser.get(record_url(held)))
    assert browser.post(act_url(held, "ask_to_lift"), {"reason": "Closed."}).status_code == 302
    assert "Lift" in words(other.get(record_url(held)))
    assert other.post(act_url(held, "lift")).status_code == 302
    held.refresh_from_db()
    assert held.lifted_by == second.pk


def test_one_record_is_chosen_and_others_incidents_are_not_known(mother: Person, officer: User) -> None:
    browser = desk_of(officer)
    url = list_url(Hold) + "add/"
    told = {"authority": "court", "case": CASE}
    assert "Choose one person, one household or one incident." in words(browser.post(url, told))
    foreign = RefutedCasualtyFactory.create().incident
    answer = words(browser.post(url, {**told, "incident": str(foreign.pk)}))
    assert "No incident of your organisation has this id." in answer
    assert not Hold.objects.exists()
