"""Saying what pairs are: one by one, many at once, and across organisations."""

from datetime import timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from accounts.models import User
from accounts.policy import Role
from audit.models import AuditEvent
from displacement.actions.bulk_judging import carry_out, decide
from displacement.actions.duplicates import judge, propose
from displacement.actions.merging import merge, unmerge
from displacement.models import BulkDecision, Merge, PairWord, Person, PossibleDuplicate
from tests.factories.accounts import OrganisationFactory, almighty, user_in_role
from tests.factories.displacement import MovementFactory, PersonFactory
from tests.factories.facts import KURSK_MORNING
from tests.factories.shelters import OpenShelterFactory, OpenStayFactory
from tests.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk() -> User:
    """Reaches everybody."""
    user: User = almighty()
    return user


def pair_of(one: Person, other: Person, probability: float = 0.9) -> PossibleDuplicate:
    propose([(one.pk, other.pk, probability)])
    first, second = sorted((one, other), key=lambda person: person.pk)
    return PossibleDuplicate.objects.get(first=first, second=second)


def two() -> PossibleDuplicate:
    return pair_of(PersonFactory.create(), PersonFactory.create())


def test_a_judged_pair_is_never_opened_again(clerk: User) -> None:
    for verdict, state in (("different", "different"), ("same", "same"), ("later", "later")):
        pair = two()
        assert judge(pairs=[pair], verdict=verdict, by=clerk).done == {pair.pk}
        assert propose([(pair.second_id, pair.first_id, 0.99)]) == 0
        pair.refresh_from_db()
        assert pair.state == state
    assert [p.state for p in PossibleDuplicate.objects.waiting()] == ["later"]
    assert AuditEvent.objects.filter(action="judge").count() == 3


def test_what_was_put_off_comes_last(clerk: User) -> None:
    likely, less = two(), two()
    PossibleDuplicate.objects.filter(pk=less.pk).update(probability=0.5)
    judge(pairs=[likely], verdict="later", by=clerk)
    assert list(PossibleDuplicate.objects.waiting().in_turn()) == [less, likely]
    assert judge(pairs=[likely], verdict="same", by=clerk).done == {likely.pk}


def test_the_older_registration_survives_and_a_family_of_pairs_becomes_one(clerk: User) -> None:
    old = PersonFactory.create(occurred_at=KURSK_MORNING - timedelta(days=1))
    others = PersonFactory.create_batch(3)
    pairs = [pair_of(a, b) for a, b in ((others[0], others[1]), (others[1], old), (others[2], others[0]))]
    assert judge(pairs=pairs, verdict="same", by=clerk).done == {p.pk for p in pairs}
    assert set(Person.objects.filter(merged_into=old)) == set(others)
    assert not PossibleDuplicate.objects.waiting().exists()


def test_who_slept_in_two_places_is_left_for_a_person_and_the_others_go_on(clerk: User) -> None:
    fine, stuck = two(), two()
    for person in (stuck.first, stuck.second):
        OpenStayFactory.create(person=person, shelter=OpenShelterFactory.create())
    result = judge(pairs=[fine, stuck], verdict="same", by=clerk)
    assert (result.done, set(result.refused)) == ({fine.pk}, {stuck.pk})
    assert "Void one of the two" in result.refused[stuck.pk]
    stuck.refresh_from_db()
    assert stuck.state == "open"
    again = judge(pairs=[fine], verdict="different", by=clerk)
    assert again.refused == {fine.pk: "Somebody has judged this pair already."}


def test_questions_about_the_merged_go_on_about_the_survivor_and_come_back(clerk: User) -> None:
    kept, merged, friend, stranger = PersonFactory.create_batch(4)
    asked = pair_of(merged, friend, 0.8)
    judge(pairs=[pair_of(merged, stranger)], verdict="different", by=clerk)
    done = merge(kept=kept, merged=merged, by=clerk)
    waiting = PossibleDuplicate.objects.waiting()
    assert [{p.first_id, p.second_id} for p in waiting] == [{kept.pk, friend.pk}]
    assert propose([(kept.pk, stranger.pk, 0.9), (kept.pk, friend.pk, 0.9)]) == 0
    unmerge(merge=done, by=clerk, reason="two")
    assert list(PossibleDuplicate.objects.waiting()) == [asked]
    assert propose([(kept.pk, merged.pk, 1.0)]) == 0


def test_across_organisations_each_has_its_word_and_nothing_is_merged() -> None:
    one, other = PersonFactory.create(), PersonFactory.create()
    pair = pair_of(one, other)
    clerks = [user_in_role(Role.REGISTRAR, organisation=p.organisation) for p in (one, other)]
    for clerk in clerks:
        assert judge(pairs=[pair], verdict="same", by=clerk).said == {pair.pk}
    assert PairWord.objects.filter(verdict="same").count() == 2
    pair.refresh_from_db()
    assert (pair.state, Merge.objects.count()) == ("open", 0)
    judge(pairs=[pair], verdict="different", by=clerks[0])
    pair.refresh_from_db()
    assert pair.state == "different"


def test_out_of_reach_is_as_if_it_were_not_there() -> None:
    pair = two()
    stranger = user_in_role(Role.REGISTRAR)
    words = {"There is no such pair, or it is not open to you."}
    assert set(judge(pairs=[pair], verdict="same", by=stranger).refused.values()) == words
    with pytest.raises(PermissionDenied):
        judge(pairs=[pair], verdict="same", by=user_in_role(Role.SHELTER_MANAGER))
    refused("unknown_verdict", "verdict", judge, pairs=[pair], verdict="perhaps", by=stranger)


def test_half_a_file_is_decided_at_once_and_resumed_where_it_stopped(clerk: User) -> None:
    run, people = uuid4(), PersonFactory.create_batch(12)
    for person in people:
        MovementFactory.create(person=person)
    propose(
        (
            (a.pk, b.pk, 0.995 - n / 1000)
            for n, (a, b) in enumerate(zip(people[::2], people[1::2], strict=True))
        ),
        run=run,
    )
    decision = decide(verdict="same", least_probability=0.991, run=run, by=clerk, reason="one list twice")
    assert (decision.pairs_total, Merge.objects.count()) == (5, 0)
    finished = carry_out(decision.pk, chunk=2)
    assert (finished.pairs_done, finished.pairs_refused, Merge.objects.count()) == (5, 0, 5)
    assert carry_out(decision.pk).finished_at == finished.finished_at
    refused(
        "nothing", "least_probability", decide, verdict="same", least_probability=0.991, by=clerk, reason="x"
    )
    refused("reason_needed", "reason", decide, verdict="same", least_probability=0.5, by=clerk)
    assert not BulkDecision.objects.visible_to(user_in_role(Role.REGISTRAR)).exists()
    lost = decide(verdict="different", least_probability=0.1, by=clerk, reason="x")
    clerk.memberships.all().delete()
    assert carry_out(lost.pk).pairs_done == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_does_and_the_other_is_told(clerk: User) -> None:
    own = OrganisationFactory.create()
    people: list[Person] = [PersonFactory.create(household__organisation=own) for _ in range(2)]
    pair, start = pair_of(people[0], people[1]), Barrier(2)
    told: list[str] = []

    def act(kept: Person, merged: Person) -> None:
        start.wait()
        if kept is people[0]:
            told.extend(judge(pairs=[pair], verdict="same", by=clerk).refused.values())
        else:
            try:
                merge(kept=kept, merged=merged, by=clerk)
            except Exception as refusal:
                told.append(str(refusal))
        connection.close()

    threads = [Thread(target=act, args=order) for order in (people, people[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (Merge.objects.count(), len(told)) == (1, 1)
    assert (
        "judged this pair already" in told[0] or "registered twice" in told[0] or "merged already" in told[0]
    )
