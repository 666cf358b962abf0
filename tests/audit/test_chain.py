"""Every statement on a table of ours leaves a trace, whatever sends it, and each transaction one seal in each chain."""

from contextlib import suppress

import pytest
from django.db import connection, transaction

from audit.actions.record import record
from audit.models import SERVICE, AuditEvent, RowChange, Seal
from audit.watching import unwatched
from config.watched import watched
from displacement.models import Household, Movement
from tests.audit.trail import run, seal, told
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.displacement import HouseholdFactory, MovementFactory, PersonFactory

pytestmark = pytest.mark.django_db


def newest(table: str, operation: str) -> RowChange:
    """What the last such statement left."""
    return RowChange.objects.filter(table_name=table, operation=operation).latest("id")


def test_every_table_of_ours_is_watched() -> None:
    tables = [each.table for each in watched()]
    assert {"displacement_person", "shelters_stay", "intake_stagedrow", "accounts_user"} < set(tables)
    assert unwatched(tables) == []
    run("ALTER TABLE shelters_stay DISABLE TRIGGER audit_watch_update")
    run("DROP TRIGGER audit_watch_insert ON displacement_person")
    assert unwatched(tables) == ["displacement_person", "shelters_stay"]


def test_a_raw_update_tells_rows_keys_and_columns_and_no_value() -> None:
    person = PersonFactory.create()
    run("UPDATE displacement_person SET family_name = 'Зимняя', sex = sex WHERE id = %s", person.pk)
    change = newest("displacement_person", "update")
    assert (change.rows, change.columns, change.keys) == (1, ["family_name"], [str(person.pk)])
    assert (change.organisation_id, change.role) == (person.organisation_id, connection.settings_dict["USER"])
    assert "Зимняя" not in str(RowChange.objects.filter(pk=change.pk).values())


def test_copy_and_a_raw_delete_are_told() -> None:
    person = PersonFactory.create()
    with connection.cursor() as cursor:
        with cursor.copy(
            "COPY (SELECT * FROM displacement_person WHERE id = %s) TO STDOUT", [person.pk]
        ) as out:
            rows = [bytes(block) for block in out]
        cursor.execute("DELETE FROM displacement_person WHERE id = %s", [person.pk])
        with cursor.copy("COPY displacement_person FROM STDIN") as into:
            for row in rows:
                into.write(row)
    for operation in ("delete", "insert"):
        change = newest("displacement_person", operation)
        assert (change.rows, change.keys, change.organisation_id) == (
            1,
            [str(person.pk)],
            person.organisation_id,
        )


def test_a_bulk_write_leaves_one_row_for_each_organisation() -> None:
    one, other = HouseholdFactory.create(), HouseholdFactory.create()
    households = HouseholdFactory.build_batch(
        25, organisation=one.organisation, registered_in=one.registered_in, origin=one.origin
    )
    before = RowChange.objects.count()
    Household.objects.bulk_create(households)
    Household.objects.update(language="uk")
    first, *both = RowChange.objects.order_by("id")[before:]
    assert (first.operation, first.rows, first.keys) == ("insert", 25, [])
    told_of = {change.organisation_id: (change.rows, change.columns) for change in both}
    assert told_of == {one.organisation_id: (26, ["language"]), other.organisation_id: (1, ["language"])}


def test_a_fact_belongs_to_the_organisation_of_its_person_or_household() -> None:
    step = MovementFactory.create()
    seal()
    PersonFactory.create()
    Movement.objects.filter(pk=step.pk).update(cause="other")
    assert step.person is not None
    owner = step.person.organisation_id
    assert newest("displacement_movement", "update").organisation_id == owner


def test_truncate_is_told() -> None:
    seal()
    run("TRUNCATE displacement_personneed")
    change = newest("displacement_personneed", "truncate")
    assert (change.rows, change.keys) == (None, [])


def test_an_act_and_what_it_changed_are_one_block() -> None:
    household, by = HouseholdFactory.create(), UserFactory.create()
    seal()
    Household.objects.filter(pk=household.pk).update(reference="R-1")
    event = record("change", household, by=by)
    seal()
    event = AuditEvent.objects.get(pk=event.pk)
    change = newest("displacement_household", "update")
    assert (event.block, event.organisation_id) == (change.block, household.organisation_id)
    assert event.block is not None
    sealed = Seal.objects.get(block=event.block)
    assert (sealed.organisation_id, sealed.events) == (household.organisation_id, 2)


def test_an_act_on_what_names_no_organisation_goes_where_its_rows_went() -> None:
    step = MovementFactory.create()
    event = record("look", Movement(pk=step.pk), by=UserFactory.create())
    assert AuditEvent.objects.get(pk=event.pk).organisation_id is not None
    seal()
    user = UserFactory.create()
    run("SELECT set_config('audit.organisation', '', true)")
    event = record("look", user, by=user)
    assert AuditEvent.objects.get(pk=event.pk).organisation_id == SERVICE


def test_what_was_rolled_back_leaves_no_trace_and_no_gap() -> None:
    household, by = HouseholdFactory.create(), UserFactory.create()
    seal()
    before = (AuditEvent.objects.count(), RowChange.objects.count(), Seal.objects.count())
    with suppress(ZeroDivisionError), transaction.atomic():
        Household.objects.update(language="uk")
        record("look", household, by=by)
        seal()
        raise ZeroDivisionError
    assert (AuditEvent.objects.count(), RowChange.objects.count(), Seal.objects.count()) == before
    record("look", household, by=by)
    seal()
    numbers = Seal.objects.filter(organisation_id=household.organisation_id).values_list("number", flat=True)
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    assert told() == ""


def test_several_organisations_are_sealed_in_one_transaction() -> None:
    seal()
    organisations = OrganisationFactory.create_batch(3)
    for organisation in organisations:
        HouseholdFactory.create(organisation=organisation)
    seal()
    wanted = {organisation.pk for organisation in organisations}
    assert set(Seal.objects.filter(number=1).values_list("organisation_id", flat=True)) >= wanted
    assert told() == ""
