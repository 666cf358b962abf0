"""Two at two desks in the same moment: one outcome, and whoever came second reads a sentence. Real threads and connections."""

from collections.abc import Callable
from threading import Barrier, Event, Thread
from typing import Any

import pytest
from django.db import connections, models, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, Organisation, User
from accounts.policy import Role
from core.admin.acts import ActForm
from displacement.actions.joining import join
from displacement.actions.merging import merge
from displacement.actions.movements import record
from displacement.models import Household, Person
from displacement.models.movement import MovementKind
from retention.actions.erasures import approve, ask
from retention.models import Hold
from shelters.models import Shelter, Stay
from tests.desk.pages import act_url, add_url, desk_of, words
from tests.factories.accounts import OrganisationFactory, user_in_role
from tests.factories.displacement import NamedHouseholdFactory, PersonFactory
from tests.factories.regions import RunningOperationFactory, kursk_tree, region
from tests.factories.shelters import OpenShelterFactory
from tests.roster.test_exports_and_erasures import beside, wait_for_lock

pytestmark = pytest.mark.django_db(transaction=True)
FAULT = "The fault is ours"


@pytest.fixture
def own(transactional_db: None) -> Organisation:
    """Whose desks they are."""
    RunningOperationFactory.create()
    kursk_tree()
    made: Organisation = OrganisationFactory.create()
    return made


def clerk(own: Organisation) -> User:
    """Registers, checks in and erases."""
    user = user_in_role(Role.REGISTRAR, organisation=own)
    for role in (Role.SHELTER_MANAGER, Role.PROTECTION_OFFICER):
        Membership.objects.create(user=user, organisation=own, role=role)
    user.forget_scopes()
    return user


def family(own: Organisation) -> Household:
    """Mother and son."""
    made: Household = NamedHouseholdFactory.create(organisation=own, registered_in=region("RU-KRS-KURSK"))
    return made


def patient(user: User) -> Client:
    """A desk that shows the page of a fault instead of raising it."""
    desk = desk_of(user)
    desk.raise_request_exception = False
    return desk


def while_they_join(household: Household, into: Household, by: User, act: Callable[[], Any]) -> Any:
    """What the act answers that waited while everybody of the household went into another one."""
    answers = list[Any]()
    with transaction.atomic():
        join(household=household, into=into, by=by)
        waiting = beside(lambda: answers.append(act()))
        thread = waiting.__enter__()
        wait_for_lock(thread)
    waiting.__exit__(None, None, None)
    return answers[0]


def sent_in(desk: Client, shelter: Shelter, **who: str) -> Any:
    """The answer to a check-in."""
    now = f"{timezone.now():%Y-%m-%dT%H:%M}"
    return desk.post(add_url(Stay), {"shelter": str(shelter.pk), "at": now, **who})


def checked_in_meanwhile(own: Organisation, kind: str) -> tuple[Any, int]:
    """The answer to a check-in of somebody, or all, of a household who went to another one meanwhile; how many have beds."""
    household, into, shelter = family(own), family(own), OpenShelterFactory.create(organisation=own)
    who = str({"person": household.people.earliest("pk").pk, "household": household.pk}[kind])
    desk = patient(clerk(own))
    answer = while_they_join(household, into, clerk(own), lambda: sent_in(desk, shelter, **{kind: who}))
    return answer, Stay.objects.filter(shelter=shelter).count()


@pytest.mark.parametrize(("kind", "beds"), [("person", 1), ("household", 2)])
def test_who_goes_to_another_household_meanwhile_gets_a_bed(own: Organisation, kind: str, beds: int) -> None:
    answer, found = checked_in_meanwhile(own, kind)
    assert (answer.status_code, found) == (302, beds)


def test_in_a_join_the_locked_row_is_left_out(own: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: read with its household in one query, PostgreSQL leaves the person out."""
    monkeypatch.setattr(models.QuerySet, "prefetch_related", models.QuerySet.select_related)
    answer, found = checked_in_meanwhile(own, "person")
    assert (answer.status_code, found) == (500, 0)


def test_who_goes_to_another_household_meanwhile_is_merged(own: Organisation) -> None:
    household, into = family(own), family(own)
    gone, kept = household.people.earliest("pk"), PersonFactory.create(household__organisation=own)
    desk = patient(clerk(own))
    told = {"kept": str(kept.pk), "reason": "Twice."}
    answer = while_they_join(household, into, clerk(own), lambda: desk.post(act_url(gone, "merge"), told))
    gone.refresh_from_db()
    assert (answer.status_code, gone.merged_into_id) == (302, kept.pk)


def test_who_goes_to_another_household_meanwhile_takes_a_step(own: Organisation) -> None:
    household, into, by = family(own), family(own), clerk(own)
    person, at = household.people.earliest("pk"), timezone.now()
    told: dict[str, Any] = {
        "kind": MovementKind.ARRIVED,
        "occurred_at": at,
        "destination": region("RU-KRS-KURSK"),
    }
    step = while_they_join(household, into, by, lambda: record(person=person, by=by, **told))
    assert (step.person_id, step.person.household_id) == (person.pk, into.pk)


def test_a_record_erased_meanwhile_is_not_held(own: Organisation) -> None:
    person = PersonFactory.create(household__organisation=own)
    asks, erases, holder = (clerk(own) for _one in range(3))
    erasure = ask(subject=person, ground="asked", by=asks)
    desk, answers = patient(holder), list[Any]()
    told = {"person": str(person.pk), "authority": "court", "case": "A-1"}
    with transaction.atomic():
        approve(erasure=erasure, by=erases)
        waiting = beside(lambda: answers.append(desk.post(add_url(Hold), told)))
        wait_for_lock(waiting.__enter__())
    waiting.__exit__(None, None, None)
    assert "erased meanwhile" in words(answers[0])
    assert not Hold.objects.exists()


def test_who_is_merged_meanwhile_is_not_erased_by_half(own: Organisation) -> None:
    """Else the erasure would be done, and everything would stand under the other record."""
    gone, kept = (PersonFactory.create(household__organisation=own) for _each in range(2))
    asks, erases, merges = (clerk(own) for _one in range(3))
    erasure = ask(subject=gone, ground="asked", by=asks)
    desk, answers = patient(erases), list[Any]()
    with transaction.atomic():
        merge(kept=kept, merged=gone, by=merges)
        waiting = beside(lambda: answers.append(desk.post(act_url(erasure, "approve"), {})))
        wait_for_lock(waiting.__enter__())
    waiting.__exit__(None, None, None)
    assert "Reload the page and try again" in words(answers[0])
    assert not Person.objects.filter(erased_at__isnull=False).exists()
    desk.post(act_url(erasure, "approve"), {})
    assert Person.objects.filter(pk__in=[gone.pk, kept.pk], erased_at__isnull=False).count() == 2


# --- acts that wait for each other -----------------------------------------------------------------------------------------


def in_a_circle(own: Organisation, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The answers to two acts of which each locks what the other one wants next."""
    one, two = (PersonFactory.create(household__organisation=own) for _each in range(2))
    meet = Barrier(2)

    def locks(form: ActForm) -> Any:
        mine = [one, two] if form.record == one else [two, one]
        rows = Person.objects.select_for_update()
        rows.get(pk=mine[0].pk)
        meet.wait(timeout=30)
        return rows.get(pk=mine[1].pk)

    monkeypatch.setattr("displacement.admin.merge.MergeByHandForm.perform", locks)
    answers = list[Any]()

    def work(person: Person, kept: Person, desk: Client) -> None:
        try:
            answers.append(desk.post(act_url(person, "merge"), {"kept": str(kept.pk), "reason": ""}))
        finally:
            connections.close_all()

    threads = [
        Thread(target=work, args=(each, other, patient(clerk(own))))
        for each, other in ((one, two), (two, one))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(answers, key=lambda answer: answer.status_code)


def test_who_waited_in_a_circle_is_told_to_press_again(
    own: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    stays, goes_on = in_a_circle(own, monkeypatch)
    assert (stays.status_code, goes_on.status_code) == (200, 302)
    assert "Press the button again" in words(stays)


def test_to_be_merged_on_and_to_be_parted_is_no_circle(
    own: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is re-pointed is locked beforehand, in the order of everybody: else the two would wait for each other."""
    first, second, third = (PersonFactory.create(household__organisation=own) for _each in range(3))
    by = clerk(own)
    before = merge(kept=second, merged=first, by=by)
    begun, go_on = Event(), Event()

    def slowly(pairs: Any) -> dict[Any, Any]:
        begun.set()
        assert go_on.wait(30)
        return {}

    monkeypatch.setattr("displacement.actions.merging.conflicts_of", slowly)
    answers, desks = dict[str, Any](), [patient(by), patient(by)]

    def merges() -> None:
        told = {"kept": str(third.pk), "reason": ""}
        answers["merge"] = desks[0].post(act_url(second, "merge"), told)

    def parts() -> None:
        answers["unmerge"] = desks[1].post(act_url(before, "unmerge"), {"reason": "Two persons."})

    with beside(merges):
        assert begun.wait(30)
        with beside(parts) as parting:
            wait_for_lock(parting)
            go_on.set()
    assert answers["merge"].status_code == 302
    assert "Reload the page and try again" in words(answers["unmerge"])
