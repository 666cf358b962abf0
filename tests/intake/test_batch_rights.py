"""Who does what with a list: it asks what the list would do to the register, for every role, kind and act."""

from collections.abc import Callable
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Client as PartnerClient
from accounts.models import User
from accounts.policy import Role, reach_of
from audit.models import AuditEvent
from displacement.models import Person
from intake import accepting
from intake.accepting import write
from intake.actions import batches
from intake.kinds.registry import KINDS
from intake.models import Batch
from intake.models.batch import BatchState
from intake.rights import may_still
from tests.api.conftest import client_of
from tests.desk.pages import desk_of, record_url, words
from tests.factories.accounts import user_in_role
from tests.factories.clients import partner_client
from tests.factories.regions import region
from tests.intake.lists import accepted, checked, clerk, family, organisation_of, people

pytestmark = pytest.mark.django_db

#: Each act with the state from which it goes, and what it is for the policy.
ACTS: dict[str, tuple[BatchState, str, Callable[[Batch, User], object]]] = {
    "map": (
        BatchState.READY,
        "change",
        lambda batch, by: batches.map_columns(batch=batch, columns={}, by=by),
    ),
    "accept": (
        BatchState.READY,
        "change",
        lambda batch, by: batches.accept(batch=batch, by=by, with_warnings=False),
    ),
    "retry": (BatchState.FAILED, "change", lambda batch, by: batches.retry(batch=batch, by=by)),
    "undo": (
        BatchState.ACCEPTED,
        "void",
        lambda batch, by: batches.undo(batch=batch, by=by, reason="Wrong file."),
    ),
    "discard": (BatchState.READY, "change", lambda batch, by: batches.discard(batch=batch, by=by)),
}


def list_of(kind: str, sender: User, state: BatchState) -> Batch:
    """An empty one."""
    return Batch.objects.create(
        organisation=organisation_of(sender),
        kind=kind,
        name="list.csv",
        registered_in=region("RU-KRS"),
        received_by=sender.pk,
        size=0,
        digest=uuid4().hex,
        state=state,
    )


def may_do(role: Role, kind: str, act: str, *, is_theirs: bool) -> bool:
    """What the policy says, in other words than the code."""
    resource, record = KINDS[kind].permission[0], KINDS[kind].record._meta.label_lower
    if not (reach_of(role, "intake.batch", act) and reach_of(role, resource, "add")):
        return False
    if is_theirs or act != "void":
        return is_theirs or role != Role.PARTNER_SYSTEM
    is_voided_by_any = any(reach_of(each, record, "void") for each in Role)
    return role != Role.PARTNER_SYSTEM and (not is_voided_by_any or bool(reach_of(role, record, "void")))


def is_let(do: Callable[[Batch, User], object], batch: Batch, by: User) -> bool:
    """Whether the act got as far as to look at the list. Nothing of it stays."""
    try:
        with transaction.atomic():
            do(batch, by)
            transaction.set_rollback(True)
    except PermissionDenied:
        return False
    except ValidationError:
        return True
    return True


@pytest.mark.parametrize("is_theirs", [True, False], ids=["own", "of a colleague"])
@pytest.mark.parametrize("role", list(Role))
def test_each_act_on_a_list_asks_what_the_list_does(role: Role, is_theirs: bool) -> None:
    sender = clerk()
    by = user_in_role(role, organisation=organisation_of(sender))
    wrong = []
    for kind, (name, (state, act, do)) in product(KINDS, ACTS.items()):
        batch = list_of(kind, sender, state)
        if is_theirs:
            Batch.objects.filter(pk=batch.pk).update(received_by=by.pk)
        is_done = is_let(do, batch, by)
        if is_done != may_do(role, kind, act, is_theirs=is_theirs):
            wrong.append((kind, name, is_done))
    assert wrong == []


@pytest.mark.parametrize("role", [Role.SHELTER_MANAGER, Role.PARTNER_SYSTEM])
def test_nobody_takes_back_a_list_of_people_who_may_void_no_person(role: Role) -> None:
    by = clerk()
    batch = accepted(people(*family("1")), by)
    asks = client_of(user_in_role(role, organisation=organisation_of(by)))
    answer = asks.post(f"/api/v1/batches/{batch.pk}/undo/", {"reason": "Because I can."})
    assert answer.status_code == (404 if role == Role.SHELTER_MANAGER else 403)
    assert Person.objects.current().count() == 2


def test_whoever_adds_no_people_sees_no_list_of_them() -> None:
    """It shows answers and notes that no record shows them."""
    by = clerk()
    batch = list_of("people", by, BatchState.READY)
    stays = list_of("stays", by, BatchState.READY)
    manager = user_in_role(Role.SHELTER_MANAGER, organisation=organisation_of(by))
    assert set(Batch.objects.visible_to(by)) == {batch, stays}
    assert set(Batch.objects.visible_to(manager)) == {stays}


@pytest.fixture
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accepting, "SET_WISE_CHUNK", 2)


def written_until(batch: Batch, lose: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> Batch:
    """The batch after its first chunk, when whoever let it in loses what let them."""
    one_chunk = accepting._write_chunk

    def then(*told: Any) -> bool:
        is_more = one_chunk(*told)
        lose()
        return is_more

    with monkeypatch.context() as patch:
        patch.setattr(accepting, "_write_chunk", then)
        write(batch.pk)
    return Batch.objects.get(pk=batch.pk)


#: How somebody loses the right in the middle of the writing.
LOSSES: dict[str, Callable[[User], object]] = {
    "their role": lambda by: by.memberships.all().delete(),
    "another role": lambda by: by.memberships.update(role=Role.PUBLISHER),
    "another region": lambda by: by.memberships.update(region=region("UA-59")),
    "the account": lambda by: User.objects.filter(pk=by.pk).update(is_active=False),
    "nothing": lambda by: None,
}


@pytest.mark.usefixtures("_small_chunks")
@pytest.mark.parametrize("lost", LOSSES)
def test_a_worker_stops_where_whoever_accepted_a_list_may_not_any_more(
    lost: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = clerk()
    batch = checked(people(*family("1"), *family("2"), *family("3")), by)
    batches.accept(batch=batch, by=by, with_warnings=False)
    done = written_until(batch, lambda: LOSSES[lost](by), monkeypatch)
    if lost == "nothing":
        assert (done.state, Person.objects.count()) == (BatchState.ACCEPTED, 6)
        return
    assert (done.state, done.failure) == (BatchState.FAILED, "no_right_any_more")
    assert (done.progress, Person.objects.count()) == (2, 2)
    assert AuditEvent.objects.filter(action="stop_writing", object_id=str(batch.pk)).count() == 1


@pytest.mark.usefixtures("_small_chunks", "plain_static_files")
@pytest.mark.parametrize("act", ["retry", "undo"])
def test_a_colleague_goes_on_or_takes_back_what_was_written_so_far(
    act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = clerk()
    colleague = clerk(organisation_of(by))
    batch = checked(people(*family("1"), *family("2"), *family("3")), by)
    batches.accept(batch=batch, by=by, with_warnings=False)
    written_until(batch, by.memberships.all().delete, monkeypatch)
    desk = desk_of(colleague)
    page = words(desk.get(record_url(batch)))
    assert "may not do so any more" in page
    assert "Only a part of this list is in the register" in page
    assert all(each in page for each in ("Try again", "Undo"))
    assert "Discard" not in page
    assert "Say what the columns mean" not in page
    url = reverse("admin:intake_batch_act", args=[batch.pk, act])
    desk.post(url, {"reason": "The colleague has left."})
    write(batch.pk)
    done = Batch.objects.get(pk=batch.pk)
    if act == "undo":
        assert (done.state, Person.objects.current().count()) == (BatchState.UNDONE, 0)
        return
    assert (done.state, Person.objects.count()) == (BatchState.ACCEPTED, 6)
    assert (done.accepted_by, done.written_for) == (by.pk, colleague.pk)
    batches.undo(batch=done, by=colleague, reason="All of it, whoever let it in.")
    assert Person.objects.current().count() == 0


def test_a_client_that_ended_lets_nothing_more_in() -> None:
    """Its account is as it was, and has its role."""
    client, _secret = partner_client()
    batch = list_of("people", client.account, BatchState.READY)
    assert may_still(batch)
    PartnerClient.objects.filter(pk=client.pk).update(
        ended_at=timezone.now(), ended_by=uuid4(), end_reason="Over."
    )
    assert not may_still(batch)
