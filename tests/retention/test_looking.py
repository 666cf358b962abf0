"""Where much waits a worker looks through it: nobody is erased before all was looked at, whatever dies or comes in between."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership, User
from audit.models import AuditEvent
from displacement.models import Person
from intake.actions import batches
from intake.actions import waiting as what_waits
from intake.models import Batch
from intake.models.batch import BatchState
from intake.waiting import lists, search
from retention.actions import looking
from retention.actions.erasures import approve, ask, look, withdraw
from retention.actions.holds import set_hold
from retention.actions.waiting import answer, unanswered
from retention.models import Answer, Erasure, ErasureState
from retention.tasks import look_through, sweep_erasures
from tests.desk.pages import act_url, desk_of, record_url, words
from tests.factories.displacement import HouseholdFactory, PersonFactory
from tests.intake.lists import COLUMNS, family, organisation_of, people, sent
from tests.refusals import codes
from tests.retention.takers import by, officer
from tests.retention.test_waiting import held, member, payload, text_of, waiting

pytestmark = pytest.mark.django_db
__all__ = ["by", "officer"]


@pytest.fixture(autouse=True)
def much(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever waits is much."""
    monkeypatch.setattr(search, "MOST_ENTRIES", 0)
    monkeypatch.setattr(search, "MOST_BYTES", 0)


@pytest.fixture
def zorya(by: User) -> Person:
    """Registered by name and birth date, with a brother who stays."""
    house = HouseholdFactory.create(organisation=organisation_of(by))
    PersonFactory.create(household=house)
    made: Person = PersonFactory.create(
        household=house, family_name="Zqorvenko", given_name="Olha", birth_date=date(1980, 2, 15)
    )
    return Person.objects.get(pk=made.pk)


def a_list(by: User, **told: object) -> Batch:
    """Of her and of another, which nobody read."""
    hers = family("1", given=["Olha"], **{"Family": "Zqorvenko", "Born": "1980-02-15", **told})
    return sent(people(*family("2"), *hers), by)


def approved(zorya: Person, by: User, officer: User) -> Erasure:
    """Let go by both, and not done yet."""
    erasure = approve(erasure=ask(subject=zorya, ground="asked", by=by), by=officer)
    assert (erasure.state, erasure.approved_at, erasure.people) == (ErasureState.LOOKING, None, [])
    return erasure


def gone_on(erasure: Erasure) -> Erasure:
    """After a worker's turn."""
    look_through(erasure_id=str(erasure.pk))
    return Erasure.objects.get(pk=erasure.pk)


def test_a_worker_looks_and_erases(by: User, officer: User, zorya: Person) -> None:
    unread, (form,) = a_list(by), waiting(by, payload(member()))
    erasure = approved(zorya, by, officer)
    assert "Zqorvenko" in text_of(unread), "the request itself takes nothing out"
    done = gone_on(erasure)
    assert (done.state, done.approved_by, done.looked) == (ErasureState.DONE, officer.pk, {})
    assert done.approved_at is not None
    assert "Zqorvenko" not in text_of(unread)
    assert held(form) == "{}"
    assert AuditEvent.objects.get(action="erase").actor_id == officer.pk
    assert gone_on(erasure).approved_at == done.approved_at


def test_where_little_waits_it_is_done_in_the_request(
    by: User, officer: User, zorya: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    unread = a_list(by)
    monkeypatch.setattr(search, "MOST_BYTES", unread.size)
    erasure = ask(subject=zorya, ground="asked", by=by)
    assert approve(erasure=erasure, by=officer).state == ErasureState.DONE


def test_many_forms_are_much_too(by: User, zorya: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST_ENTRIES", 1)
    waiting(by, payload(member()))
    assert not search.is_much([zorya.organisation_id])
    waiting(by, payload(member()), payload(member(), number=2))
    assert search.is_much([zorya.organisation_id])


def test_who_looks_like_them_is_handed_back_answered_and_erased(
    by: User, officer: User, zorya: Person
) -> None:
    unread, (like,) = a_list(by, Born="", Phone=""), waiting(by, payload(member(born="")))
    back = gone_on(approved(zorya, by, officer))
    assert (back.state, back.approved_by) == (ErasureState.ASKED, None)
    assert "Zqorvenko" not in str(back.looked), "ids and marks, nothing of what is in the rows"
    found = unanswered(erasure=back)
    assert {each.holder for each in found} == {unread.pk, like.pk}
    assert all("Zqorvenko" in " ".join(each.shown) for each in found)
    answer(erasure=back, answers={each.key: Answer.SAME for each in found}, by=officer)
    done = gone_on(approve(erasure=Erasure.objects.get(pk=back.pk), by=officer))
    assert done.state == ErasureState.DONE
    assert "Zqorvenko" not in text_of(unread)
    assert held(like) == "{}"


def test_only_looking_erases_nobody(by: User, officer: User, zorya: Person) -> None:
    unread = a_list(by)
    erasure = look(erasure=ask(subject=zorya, ground="asked", by=by), by=officer)
    back = gone_on(erasure)
    assert (back.state, back.looked["open"]) == (ErasureState.ASKED, [])
    assert "Zqorvenko" in text_of(unread)
    assert not Person.objects.get(pk=zorya.pk).is_erased


class Killed(BaseException):
    """As a worker that is gone in the middle."""


def test_a_worker_that_dies_leaves_nothing_half_done_and_another_takes_it_up(
    by: User, officer: User, zorya: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    unread = a_list(by)
    erasure = approved(zorya, by, officer)
    whole = lists.take_out

    def dies(*arguments: Any, **more: Any) -> int:
        whole(*arguments, **more)
        raise Killed

    monkeypatch.setattr(lists, "take_out", dies)
    with pytest.raises(Killed), transaction.atomic():
        looking.go_on(erasure.pk)
    monkeypatch.undo()
    assert "Zqorvenko" in text_of(unread)
    past = timezone.now() - timedelta(seconds=1)
    Erasure.objects.filter(pk=erasure.pk).update(attempts=1, leased_until=timezone.now() + looking.LEASE)
    assert gone_on(erasure).state == ErasureState.LOOKING, "its lease is not over"
    assert looking.due() == []
    Erasure.objects.filter(pk=erasure.pk).update(leased_until=past)
    assert looking.due() == [erasure.pk]
    assert gone_on(erasure).state == ErasureState.DONE


def test_a_worker_that_was_overtaken_changes_nothing(
    by: User, officer: User, zorya: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    unread = a_list(by)
    erasure = approved(zorya, by, officer)
    between(monkeypatch, lambda: Erasure.objects.filter(pk=erasure.pk).update(attempts=7))
    assert gone_on(erasure).state == ErasureState.LOOKING
    assert "Zqorvenko" in text_of(unread)


def test_an_erasure_over_which_workers_die_goes_back_to_a_person(
    by: User, officer: User, zorya: Person
) -> None:
    a_list(by)
    erasure = approved(zorya, by, officer)
    Erasure.objects.filter(pk=erasure.pk).update(attempts=looking.MOST_TRIES)
    back = gone_on(erasure)
    assert (back.state, back.looked["problem"]) == (ErasureState.ASKED, "stopped")
    assert "A worker stopped several times" in words(desk_of(officer).get(record_url(back)))


def between(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> list[str]:
    """Do it after the passes and before the locks; answers which names of lists were looked through after it."""
    locks, looks, late = what_waits.lock, lists.look, list[str]()

    def lock(organisations: Any) -> None:
        late.append("")
        locks(organisations)

    def looked(batch: Batch, *arguments: Any, **more: Any) -> Any:
        if late:
            late.append(str(batch.pk))
        return looks(batch, *arguments, **more)

    end = looking._end

    def ends(*arguments: Any) -> None:
        act()
        end(*arguments)

    monkeypatch.setattr(what_waits, "lock", lock)
    monkeypatch.setattr(lists, "look", looked)
    monkeypatch.setattr(looking, "_end", ends)
    return late


def test_what_comes_between_looking_and_erasing_is_looked_through_and_nothing_else_again(
    by: User, officer: User, zorya: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = a_list(by)
    erasure = approved(zorya, by, officer)
    came: list[Any] = []

    def arrives() -> None:
        came.append(a_list(by, From="Kursk"))
        came.extend(waiting(by, payload(member())))

    late = between(monkeypatch, arrives)
    assert gone_on(erasure).state == ErasureState.DONE
    second, form = came
    assert "Zqorvenko" not in text_of(first)
    assert "Zqorvenko" not in text_of(second)
    assert held(form) == "{}"
    assert late == ["", str(second.pk)]


def test_a_list_that_went_on_since_is_looked_through_again(
    by: User, officer: User, zorya: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one that was read since: only then it is known whom its rows were found to be."""
    unread = a_list(by)
    erasure = approved(zorya, by, officer)
    moved = {"state": BatchState.READY, "state_since": timezone.now()}
    late = between(monkeypatch, lambda: Batch.objects.filter(pk=unread.pk).update(**moved))
    gone_on(erasure)
    assert late == ["", str(unread.pk)]


def test_a_list_that_is_being_read_is_waited_for(by: User, officer: User, zorya: Person) -> None:
    batch = a_list(by)
    batches.map_columns(batch=batch, columns=COLUMNS, by=by)
    erasure = approved(zorya, by, officer)
    waits = gone_on(erasure)
    assert (waits.state, waits.attempts) == (ErasureState.LOOKING, 0)
    assert looking.due() == []
    Batch.objects.filter(pk=batch.pk).update(state=BatchState.NEEDS_MAPPING)
    Erasure.objects.filter(pk=erasure.pk).update(leased_until=None)
    assert gone_on(erasure).state == ErasureState.DONE
    assert "Zqorvenko" not in text_of(batch)


def test_a_name_that_changed_since_is_looked_for_anew(
    by: User, officer: User, zorya: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_list(by)
    erasure = approved(zorya, by, officer)
    with monkeypatch.context() as patch:
        changed = {"family_name": "Zqarvenko", "family_key": "zqarvenko"}
        between(patch, lambda: Person.objects.filter(pk=zorya.pk).update(**changed))
        assert gone_on(erasure).state == ErasureState.LOOKING
    Erasure.objects.filter(pk=erasure.pk).update(leased_until=None)
    assert gone_on(erasure).state != ErasureState.LOOKING


def test_a_hold_or_a_right_that_ended_stops_the_worker(
    by: User, officer: User, zorya: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_list(by)
    erasure = approved(zorya, by, officer)
    with monkeypatch.context() as patch:
        between(patch, lambda: set_hold(subject=zorya, authority="court", case="1", by=officer))
        back = gone_on(erasure)
    assert (back.state, back.looked["problem"]) == (ErasureState.ASKED, "in_the_way")
    told = "Something stood in the way"
    assert told in words(desk_of(officer).get(record_url(back)))
    page = words(desk_of(by).get(record_url(back)))
    assert told not in page
    assert "legal hold" not in page
    other: Any = PersonFactory.create(household=HouseholdFactory.create(organisation=zorya.organisation))
    second = approved(other, by, officer)
    Membership.objects.filter(user=officer).delete()
    assert gone_on(second).state == ErasureState.ASKED


def test_it_can_be_withdrawn_meanwhile(by: User, officer: User, zorya: Person) -> None:
    unread = a_list(by)
    erasure = approved(zorya, by, officer)
    withdraw(erasure=erasure, reason="The wrong person.", by=by)
    assert gone_on(erasure).state == ErasureState.WITHDRAWN
    assert "Zqorvenko" in text_of(unread)


def test_it_is_asked_for_and_approved_once(by: User, officer: User, zorya: Person) -> None:
    a_list(by)
    erasure = approved(zorya, by, officer)
    with pytest.raises(ValidationError) as refusal:
        ask(subject=zorya, ground="asked", by=by)
    assert codes(refusal.value) == {"subject": ["asked"]}
    with pytest.raises(ValidationError) as refusal:
        approve(erasure=erasure, by=officer)
    assert codes(refusal.value) == {"__all__": ["state"]}


def test_the_sweep_rings_with_ids_only(
    by: User, officer: User, zorya: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_list(by)
    erasure = approved(zorya, by, officer)
    rung: list[Any] = []

    def ring(task: str, **told: str) -> bool:
        rung.append((task, told))
        return True

    monkeypatch.setattr("retention.tasks.ring", ring)
    sweep_erasures()
    assert rung == [("retention.tasks.look_through", {"erasure_id": str(erasure.pk)})]


def test_on_the_desk_it_is_told_what_is_done_and_what_came_of_it(
    by: User, officer: User, zorya: Person
) -> None:
    waiting(by, payload(member(born="")))
    erasure = ask(subject=zorya, ground="asked", by=by)
    browser, page = desk_of(officer), record_url(erasure)
    assert "nobody is erased yet" in words(browser.get(act_url(erasure, "look")))
    assert browser.post(act_url(erasure, "look")).status_code == 302
    assert "A worker looks through the forms and lists that wait." in words(browser.get(page))
    gone_on(erasure)
    assert "1 row or form may be theirs" in words(browser.get(page))
    assert "Zqorvenko" in words(browser.get(act_url(erasure, "look")))
    assert browser.post(act_url(erasure, "look"), {"row_0": "other"}).status_code == 302
    assert "nothing is left to be answered" in words(browser.get(page))
    assert browser.post(act_url(erasure, "approve")).status_code == 302
    assert "Nobody is erased before all was looked through" in words(browser.get(page))
    assert gone_on(erasure).state == ErasureState.DONE
