"""A reason can be taken out of the trail by an act that says so; everything else about an act cannot be changed unseen."""

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from audit.actions.forgetting import forget_reasons
from audit.models import AuditEvent
from core.database_roles import CLOSED, LOGIN, stand
from tests.audit.trail import past_the_triggers, run, seal, three_seals, told
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def act() -> AuditEvent:
    """One whose reason is sealed."""
    three_seals()
    return AuditEvent.objects.get(action="look", reason="second")


def test_a_reason_goes_and_the_trail_still_verifies(act: AuditEvent) -> None:
    assert forget_reasons([act], by=UserFactory.create()) == 1
    seal()
    act.refresh_from_db()
    assert (act.reason, act.reason_salt) == ("—", None)
    assert AuditEvent.objects.get(action="forget_reason").object_id == str(act.pk)
    assert told() == ""
    assert forget_reasons([act], by=UserFactory.create()) == 0


@pytest.mark.parametrize(
    "edit",
    [
        "reason = 'third'",
        "reason = '—', reason_salt = NULL, action = 'x'",
        "reason = ''",
        "reason_salt = NULL",
    ],
)
def test_nothing_else_is_changed(act: AuditEvent, edit: str) -> None:
    with pytest.raises(IntegrityError, match="never changed or removed"), transaction.atomic():
        run(f"UPDATE audit_auditevent SET {edit} WHERE id = %s", act.pk)


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        ("reason = 'third'", "are not what was sealed"),
        ("reason = '—', reason_salt = NULL", "was taken out, and no act says"),
        ("actor_id = uuidv7()", "are not what was sealed"),
        ("reason = encode(reason_digest, 'hex'), reason_digest = NULL", "are not what was sealed"),
    ],
)
def test_an_edit_past_the_triggers_is_found(act: AuditEvent, edit: str, sentence: str) -> None:
    with past_the_triggers():
        run(f"UPDATE audit_auditevent SET {edit} WHERE id = %s", act.pk)
    assert sentence in told()


def test_a_forgotten_reason_hides_no_other_edit(act: AuditEvent) -> None:
    forget_reasons([act], by=UserFactory.create())
    seal()
    with past_the_triggers():
        run("UPDATE audit_auditevent SET action = 'x' WHERE id = %s", act.pk)
    assert "are not what was sealed" in told()


def test_a_request_s_own_role_takes_nothing_out(act: AuditEvent) -> None:
    stand(CLOSED)
    try:
        with pytest.raises(ProgrammingError, match="by the service alone"), transaction.atomic():
            connection.cursor().execute("SELECT audit_forget_reasons(ARRAY[%s]::uuid[])", [act.pk])
    finally:
        stand(LOGIN)
