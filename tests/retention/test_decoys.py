"""Honey records and retention: they wait like their neighbours, are erased like anybody, and never end in nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import Organisation, User
from accounts.policy import Role
from audit.models import AuditEvent
from core.decoys import is_marked
from displacement.actions.honey import lay_due, place
from displacement.models import HoneyRecord, Household, Movement, Person
from displacement.models.honey import LATELY
from exchange import feed
from reports.figures.count import count
from retention import ledger
from retention.actions.applying import apply, waiting
from retention.actions.reapplying import apply_ledger
from retention.models import Erasure, ErasureState
from retention.rules import WAITING
from retention.schedule import schedule
from roster.models import Alarm, AlarmRule
from tests.desk.pages import act_url, desk_of, list_url, record_url, words
from tests.exchange.test_feed import Reader
from tests.factories.accounts import user_in_role
from tests.factories.displacement import ArrivedMovementFactory, MovementFactory, PersonFactory
from tests.factories.facts import KURSK_MORNING
from tests.factories.honey import a_week_on, house_of, laid_out
from tests.factories.regions import region
from tests.retention.conftest import erased

pytestmark = pytest.mark.django_db
Commits = Callable[..., Any]


@pytest.fixture
def real(own: Organisation) -> Household:
    """A family that left and arrived, like those of decoys."""
    LATELY.forget()
    person = PersonFactory.create(household__organisation=own, organisation=own)
    MovementFactory.create(person=person)
    ArrivedMovementFactory.create(person=person, occurred_at=KURSK_MORNING + timedelta(hours=1))
    house: Household = person.household
    return house


@pytest.fixture
def decoy(own: Organisation, real: Household) -> Household:
    """Beside it, for a week."""
    return house_of(laid_out(own, 1)[0])


def _waits_at(house: Household, moment: datetime) -> bool:
    kept = schedule()["displacement.household"].kept_for
    return WAITING["displacement.household"](moment - kept).filter(pk=house.pk).exists()


def test_they_wait_for_a_person_at_the_moment_at_which_their_neighbours_do(
    real: Household, decoy: Household
) -> None:
    """Neither kept longer nor gone before: the same five years after the last fact, and nothing by itself."""
    kept = schedule()["displacement.household"].kept_for
    facts = [
        decoy.recorded_at,
        *Movement.objects.filter(person__household=decoy).values_list("recorded_at", flat=True),
    ]
    last = max(facts)
    assert last <= a_week_on()
    Household.objects.filter(pk=real.pk).update(recorded_at=last)
    Movement.objects.filter(person__household=real).update(recorded_at=last)
    for house in (real, decoy):
        assert not _waits_at(house, last + kept)
        assert _waits_at(house, last + kept + timedelta(seconds=1))
    list(apply())
    assert HoneyRecord.objects.count() == 1
    assert Household.objects.unerased().filter(pk=decoy.pk).exists()
    assert "displacement.honeyrecord" not in {outcome.entry.kind for outcome in waiting()}


def _shape(house: Household) -> dict[str, Any]:
    """What is left of a family that was erased, without what differs between any two."""
    people = list(Person.objects.filter(household=house).order_by("pk").values())
    told = Household.objects.filter(pk=house.pk).values().get()
    kept = (
        "phone",
        "reference",
        "erased_by",
        "language",
        "given_name",
        "family_name",
        "patronymic",
        "match_keys",
    )
    return {name: [row.get(name) for row in (told, *people[:1])] for name in kept}


def _erased_at_the_desk(house: Household, clerk: User, officer: User, capture: Commits) -> tuple[Any, ...]:
    """What the two who did it saw, and what is left."""
    asks, does = desk_of(clerk), desk_of(officer)
    with capture(execute=True):
        asked = asks.post(act_url(house, "erase"), {"ground": "needless"})
    connection.run_on_commit.clear()  # as a commit does
    erasure = Erasure.objects.get(subject=house.pk)
    with capture(execute=True):
        done = does.post(act_url(erasure, "approve"))
    connection.run_on_commit.clear()
    later = desk_of(User.objects.get(pk=officer.pk))
    erasure.refresh_from_db()
    return (
        asked.status_code,
        done.status_code,
        later.get(record_url(house)).status_code,
        house.number in words(later.get(list_url(Household))),
        erasure.state,
        erasure.households == [house.pk],
        _shape(house),
    )


def test_an_erasure_is_like_any_other_to_the_outside_and_auditors_hear_of_it(
    real: Household,
    decoy: Household,
    own: Organisation,
    clerk: User,
    officer: User,
    django_capture_on_commit_callbacks: Commits,
) -> None:
    auditor = user_in_role(Role.AUDITOR, organisation=own)
    of_real = _erased_at_the_desk(real, clerk, officer, django_capture_on_commit_callbacks)
    assert not Alarm.objects.exists()
    assert _erased_at_the_desk(decoy, clerk, officer, django_capture_on_commit_callbacks) == of_real
    assert of_real[:5] == (302, 302, 404, False, ErasureState.DONE)
    assert {entry.households for entry in ledger.read().entries} == {(real.pk,), (decoy.pk,)}
    alarms = Alarm.objects.filter(rule=AlarmRule.HONEY)
    assert {alarm.about for alarm in alarms} == {clerk, officer}
    assert all(alarm.notices.filter(user=auditor).exists() for alarm in alarms)
    assert "erased" in words(desk_of(auditor).get(record_url(HoneyRecord.objects.get())))
    assert is_marked(decoy.pk)


def test_what_is_left_of_one_is_in_no_figure_and_is_not_laid_out_again(
    real: Household, decoy: Household, clerk: User, officer: User
) -> None:
    """The control: a honey record that was let go with its family would leave a tombstone that counts as a person."""
    place, moment = region("RU-KRS"), a_week_on() + timedelta(days=1)

    def registered() -> int:
        counted = count(place, as_of=moment, known_at=moment)
        return int(sum(counted.people.by_sex_and_age().values()))

    before = registered()
    erased(decoy, clerk, officer)
    assert lay_due(moment) == 0
    assert registered() == before
    HoneyRecord.objects.all().delete()
    assert registered() > before


def test_after_a_restore_it_is_erased_again_and_not_laid_out(
    own: Organisation, real: Household, decoy: Household, clerk: User, officer: User
) -> None:
    kept = HoneyRecord.objects.get()
    erased(decoy, clerk, officer)
    ledger.write_down()
    assert apply_ledger().done == 0
    Household.objects.filter(pk=decoy.pk).update(erased_at=None, erased_by=None)
    people = Person.objects.filter(household=decoy)
    people.update(erased_at=None, erased_by=None, given_name="Invented")
    assert apply_ledger().done == 1
    assert not Household.objects.unerased().filter(pk=decoy.pk).exists()
    assert HoneyRecord.objects.get() == kept  # by which figures leave out what is left of it
    assert lay_due(kept.due_at + timedelta(days=1)) == 0


@pytest.mark.parametrize("whole", [True, False], ids=["the family", "one of them"])
def test_a_restore_from_before_it_was_laid_out_does_not_lay_out_who_was_erased(
    own: Organisation, real: Household, clerk: User, officer: User, whole: bool
) -> None:
    """Of the family that nobody erased the plan stays, and it comes into the register: the control."""
    admin = user_in_role(Role.ORGANISATION_ADMIN, organisation=own)
    erased_one, other = place(organisation=own, count=2, registered_as=clerk, by=admin)
    before = transaction.savepoint()
    assert lay_due(a_week_on()) == 2
    house = house_of(erased_one)
    erased(house if whole else Person.objects.filter(household=house)[0], clerk, officer)
    ledger.write_down()
    transaction.savepoint_rollback(before)
    LATELY.forget()
    apply_ledger()
    assert lay_due(a_week_on()) == 1
    assert house_of(other)
    assert not Household.objects.filter(pk=erased_one.laid.households[0]).exists()
    apply_ledger()
    assert HoneyRecord.objects.get().pk == other.pk
    assert AuditEvent.objects.filter(action="let_go_honey", object_id=str(erased_one.pk)).count() == 1


def test_partners_systems_hear_of_no_erasure_of_a_decoy(
    real: Household,
    decoy: Household,
    own: Organisation,
    clerk: User,
    officer: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    another = house_of(laid_out(own, 1)[0])
    reader = Reader(own, region("RU-KRS"))
    for house in (real, decoy):
        erased(house, clerk, officer)
    told = {record for _kind, record, change in reader.read() if change == "erased"}
    assert str(real.pk) in told
    assert not {str(pk) for pk in HoneyRecord.objects.laid().all} & told
    monkeypatch.setattr(feed, "is_marked", lambda _record: False)
    late = Reader(own, region("RU-KRS"))
    erased(another, clerk, officer)
    assert any(change == "erased" for _kind, _record, change in late.read()), "or nothing was looked for"
