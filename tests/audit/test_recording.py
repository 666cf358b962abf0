"""Every act leaves one trace in its own transaction, or does not happen."""

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, connection, transaction

from audit.actions.record import record
from audit.models import AuditEvent
from displacement.actions import households
from displacement.actions.households import NewPerson
from displacement.models import Household, Person
from shelters.actions import stays
from shelters.models import Stay
from tests.audit.trail import seal
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.displacement import HouseholdFactory, PersonFactory
from tests.factories.regions import region
from tests.factories.shelters import OpenShelterFactory


@pytest.fixture
def _audit_fails() -> Iterator[None]:
    """From now on the database itself takes no audit row: nothing in the program is replaced."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE audit_auditevent ADD CONSTRAINT no_more CHECK (false) NOT VALID")
    yield
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditevent DROP CONSTRAINT no_more")


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_recorded() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        record("look", HouseholdFactory.create(), by=UserFactory.create())
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db
def test_a_trace_says_who_did_what_to_which() -> None:
    by, household = UserFactory.create(), HouseholdFactory.create()
    event = record("look", household, by=by, reason="asked", detail={"rows": 1})
    assert (event.object_type, event.object_id) == ("displacement.household", str(household.pk))
    assert (event.actor_id, event.reason, event.detail) == (by.pk, "asked", {"rows": 1})


@pytest.mark.django_db
@pytest.mark.usefixtures("_audit_fails")
def test_a_registration_without_its_trace_does_not_happen() -> None:
    with pytest.raises(IntegrityError, match="no_more"):
        households.register(
            organisation=OrganisationFactory.create(),
            registered_in=region("RU-KRS"),
            by=UserFactory.create(),
            people=[NewPerson(given_name="Олена")],
        )
    assert not Household.objects.exists()
    assert not Person.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("_audit_fails")
def test_a_check_in_without_its_trace_does_not_happen() -> None:
    with pytest.raises(IntegrityError, match="no_more"):
        stays.check_in(
            person=PersonFactory.create(), shelter=OpenShelterFactory.create(), by=UserFactory.create()
        )
    assert not Stay.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["audit_auditevent", "audit_rowchange", "audit_reading", "audit_seal"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = uuidv7()", "DELETE FROM {}", "TRUNCATE {}"])
def test_postgresql_refuses_to_change_the_past(statement: str, table: str) -> None:
    record("look", HouseholdFactory.create(), by=UserFactory.create())
    seal()
    with pytest.raises(IntegrityError, match="never changed or removed"), transaction.atomic():
        connection.cursor().execute(statement.format(table))
    assert AuditEvent.objects.get().action == "look"


@pytest.mark.django_db(transaction=True)
def test_tests_that_commit_leave_the_triggers_on_and_the_table_empty() -> None:
    """The flush after a committing test switches them off for its own transaction only."""
    assert not AuditEvent.objects.exists()
    with pytest.raises(IntegrityError, match="never changed or removed"):
        AuditEvent.objects.all().delete()
