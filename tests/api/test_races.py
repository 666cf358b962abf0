"""Two requests at once, in real threads with connections of their own: one record, one change, and nobody waits for ever."""

from collections.abc import Callable
from threading import Barrier, Event, Thread
from typing import Any

import pytest
from django.db import connections
from rest_framework.test import APIClient

from accounts.actions import idempotency
from accounts.models import IdempotencyKey, User
from accounts.policy import Role
from core.api import etags
from displacement.actions import households
from displacement.models import Household
from tests.api.conftest import client_of
from tests.factories.accounts import user_in_role
from tests.factories.displacement import HouseholdFactory
from tests.factories.regions import kursk_tree

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6
FAMILY = {"registered_in": "RU-KRS-KURSK", "people": [{"given_name": "Олена"}]}


def at_once(work: Callable[[APIClient], Any], user: User, many: int = AT_ONCE) -> list[Any]:
    """The answers of as many threads that begin in the same moment."""
    barrier, answers = Barrier(many), list[Any]()

    def ask() -> None:
        client = client_of(user)
        barrier.wait(timeout=30)
        try:
            answers.append(work(client))
        finally:
            connections.close_all()

    threads = [Thread(target=ask) for _ in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


@pytest.fixture
def registrar(transactional_db: None) -> User:
    """Somebody who registers families."""
    kursk_tree()
    return user_in_role(Role.REGISTRAR)


def register(client: APIClient) -> Any:
    """The same family under the same key."""
    return client.post("/api/v1/households/", FAMILY, headers={"Idempotency-Key": "once"})


def test_many_at_once_make_one_record(registrar: User) -> None:
    statuses = sorted(answer.status_code for answer in at_once(register, registrar))
    assert set(statuses) <= {201, 409}
    assert 201 in statuses
    assert Household.objects.count() == IdempotencyKey.objects.count() == 1
    assert register(client_of(registrar)).headers["Idempotent-Replayed"] == "true"


def test_without_the_guard_each_makes_one(registrar: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(idempotency, "_known", lambda _claim: None)
    monkeypatch.setattr(idempotency, "_keep", lambda _claim, _made: True)
    assert {answer.status_code for answer in at_once(register, registrar)} == {201}
    assert Household.objects.count() == AT_ONCE


def test_who_looked_before_the_first_had_ended_finds_its_row(
    registrar: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first ends between the other's look and its lock: what the other then made is taken back, and it looks again."""
    looks, look = [], idempotency._known

    def overtaken(claim: idempotency.Claim) -> Any:
        looks.append(claim)
        return None if len(looks) == 2 else look(claim)

    monkeypatch.setattr(idempotency, "_known", overtaken)
    first, second = register(client_of(registrar)), register(client_of(registrar))
    assert first.content == second.content
    assert (Household.objects.count(), len(looks)) == (1, 3)


def test_while_the_first_is_at_work_the_second_is_told_so(
    registrar: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on, do = Event(), Event(), households.register

    def slowly(**told: Any) -> Household:
        begun.set()
        assert go_on.wait(30)
        return do(**told)

    monkeypatch.setattr(households, "register", slowly)
    answers = list[Any]()

    def first() -> None:
        answers.append(register(client_of(registrar)))
        connections.close_all()

    thread = Thread(target=first)
    thread.start()
    assert begun.wait(30)
    second = register(client_of(registrar))
    go_on.set()
    thread.join(timeout=60)
    assert (second.status_code, second.json()["code"]) == (409, "idempotency_key_in_flight")
    assert second.headers["Retry-After"] == "1"
    assert register(client_of(registrar)).content == answers[0].content


def test_an_answer_that_was_lost_after_commit_is_told_again(
    registrar: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection breaks when all is saved: the caller saw nothing, and learns with the same key what is so."""
    client = client_of(registrar)
    with monkeypatch.context() as broken:
        broken.setattr("core.api.rendering.OrjsonRenderer.render", _lose)
        with pytest.raises(BrokenPipeError):
            register(client)
    assert Household.objects.count() == 1
    again = register(client)
    assert (again.status_code, again.json()["id"]) == (201, str(Household.objects.get().pk))
    assert Household.objects.count() == 1


def _lose(*_args: Any, **_options: Any) -> bytes:
    raise BrokenPipeError


def _correct(client: APIClient, household: Household, tag: str) -> Any:
    body = {"version": household.version, "people_declared": 4}
    return client.patch(f"/api/v1/households/{household.pk}/", body, headers={"If-Match": tag})


def test_of_those_who_saw_the_same_one_changes_it(registrar: User) -> None:
    household = HouseholdFactory.create(organisation=registrar.memberships.get().organisation)
    tag = client_of(registrar).get(f"/api/v1/households/{household.pk}/").headers["ETag"]
    statuses = [each.status_code for each in at_once(lambda c: _correct(c, household, tag), registrar)]
    assert sorted(statuses) == [200, *[412] * (AT_ONCE - 1)]


def test_without_looking_at_the_tag_the_others_come_as_far_as_the_version(
    registrar: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: nobody is told 412."""
    monkeypatch.setattr("accounts.api.writing.require_fitting", lambda _tags, _shown: None)
    household = HouseholdFactory.create(organisation=registrar.memberships.get().organisation)
    answers = at_once(lambda c: _correct(c, household, etags.ANY), registrar)
    assert sorted(each.status_code for each in answers) == [200, *[409] * (AT_ONCE - 1)]
