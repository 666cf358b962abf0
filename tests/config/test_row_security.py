"""The wall in PostgreSQL: on for every table of people, for a role that owns nothing, with a trail that is only added to."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.utils import DatabaseError, ProgrammingError

from accounts.field_classes import telling_of_people
from accounts.policy import POLICY, Reach, Role
from accounts.rows import REGIONS, standing_of
from audit.actions.record import record
from audit.models import AuditEvent
from config import row_security
from config.row_roles import NoRoles, missing_roles, provide_roles, statements
from config.row_security import BESIDES, OUTSIDE, open_tables, walled
from core.database_roles import CLOSED, DESK, EVERYBODY, LOGIN, SERVICE, Standing, stand
from displacement.models import Household, Incident, Movement, Person
from tests.factories.accounts import OrganisationFactory, user_in_role
from tests.factories.displacement import (
    AllegedCasualtyFactory,
    HouseholdFactory,
    MovementFactory,
    PersonFactory,
)
from tests.repository.source import PACKAGES

pytestmark = pytest.mark.django_db


@contextmanager
def standing(held: Standing) -> Iterator[None]:
    """Work so in the block."""
    stand(held)
    try:
        yield
    finally:
        stand(LOGIN)


def _one(sql: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


def test_every_table_of_people_is_walled_or_says_why_not() -> None:
    ours = {kind for kind in telling_of_people() if kind.split(".")[0] in PACKAGES}
    walls = {wall.kind for wall in walled()}
    assert ours - walls == OUTSIDE.keys()
    assert walls - ours == set(BESIDES)
    assert open_tables() == []
    assert {wall.kind for wall in walls_with_regions()} == set(REGIONS)


def walls_with_regions() -> list[row_security.Walled]:
    reached = {
        kind
        for rules in POLICY.values()
        for kind, rule in rules.items()
        if Reach.REGION in rule.actions.values()
    }
    return [wall for wall in walled() if wall.kind in reached]


def test_a_table_without_a_wall_is_named() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE displacement_person DISABLE ROW LEVEL SECURITY")
        cursor.execute("DROP POLICY desk_update ON shelters_stay")
    assert open_tables() == ["displacement_person", "shelters_stay"]
    row_security.raise_walls()
    assert open_tables() == []


def test_a_table_of_people_that_leads_nowhere_stops_migrations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_security, "OUTSIDE", {})
    with pytest.raises(LookupError, match=r"nothing says whose its rows are|leads"):
        walled()


def test_the_role_of_requests_owns_nothing_and_nobody_signs_in_as_it() -> None:
    owned = "SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = %s"
    assert _one(owned, DESK) == 0
    assert _one(owned, SERVICE) > 0
    for role in (DESK, SERVICE):
        bare = "SELECT NOT (rolcanlogin OR rolsuper OR rolbypassrls OR rolcreaterole) FROM pg_roles WHERE rolname = %s"
        assert _one(bare, role)
    assert not _one("SELECT pg_has_role(%s, %s, 'MEMBER')", DESK, SERVICE)


def test_without_a_scope_nothing_is_seen_and_with_one_the_own() -> None:
    mine, theirs = HouseholdFactory.create(), HouseholdFactory.create()
    user = user_in_role(Role.REGISTRAR, organisation=mine.organisation)
    with standing(CLOSED):
        assert not Household.objects.exists()
    with standing(standing_of(user)):
        assert list(Household.objects.all()) == [mine]
        assert Household.objects.filter(pk=theirs.pk).update(phone="") == 0
    with standing(EVERYBODY):
        assert Household.objects.count() == 2


def test_a_row_is_written_into_no_other_organisation() -> None:
    mine, theirs = PersonFactory.create(), PersonFactory.create()
    user = user_in_role(Role.REGISTRAR, organisation=mine.organisation)
    movement = MovementFactory.create(person=mine)
    elsewhere = OrganisationFactory.create()
    with standing(standing_of(user)):
        changes: list[tuple[Any, dict[str, Any]]] = [
            (Person.objects.filter(pk=mine.pk), {"organisation": elsewhere}),
            (Movement.objects.filter(pk=movement.pk), {"person": theirs}),
            (Household.objects.filter(pk=mine.household_id), {"organisation": elsewhere}),
        ]
        for rows, values in changes:
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                rows.update(**values)


def test_a_verifier_sees_every_organisation_in_the_region_and_changes_casualties_alone() -> None:
    casualty = AllegedCasualtyFactory.create()
    there = casualty.incident.region
    user = user_in_role(Role.CASUALTY_VERIFIER, region=there)
    with standing(standing_of(user)):
        assert Incident.objects.filter(pk=casualty.incident_id).exists()
        assert type(casualty).objects.filter(pk=casualty.pk).update(victim_name="") == 1
        assert Incident.objects.filter(pk=casualty.incident_id).update(description="") == 0
    outside = Standing(DESK, (), tuple(told.split("|")[0] + "|NO/" for told in standing_of(user).regions))
    with standing(outside):
        assert not Incident.objects.exists()


def test_names_are_found_by_an_index_behind_the_wall() -> None:
    """The control: LIKE, which PostgreSQL does not trust with rows that are not shown, has none."""
    user = user_in_role(Role.REGISTRAR)
    with standing(standing_of(user)):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        for lookup, is_served in {"begins": True, "startswith": False}.items():
            plan = Person.objects.filter(**{f"family_key__{lookup}": "petr"}).order_by().explain()
            assert ("person_family_prefix" in plan) is is_served


@pytest.mark.parametrize("role", list(Role))
def test_the_wall_is_never_narrower_than_the_policy(role: Role) -> None:
    """What hangs on a record is behind that record's wall, too: no role may reach the part and not the whole."""
    for wall in walled():
        rule = POLICY[role].get(wall.kind)
        if rule is None or wall.kind not in REGIONS or "__" not in wall.ways[0].region:
            continue
        whole = wall.model._meta.get_field(wall.ways[0].region.split("__")[0]).related_model
        assert isinstance(whole, type)
        reach = POLICY[role][apps.get_model(whole._meta.label)._meta.label_lower].actions["view"]
        assert reach is Reach.REGION or Reach.REGION not in rule.actions.values()


@pytest.mark.parametrize("role", [CLOSED, EVERYBODY], ids=["requests", "the service"])
@pytest.mark.parametrize("table", ["audit_auditevent", "audit_reading", "audit_rowchange", "audit_seal"])
def test_the_trail_is_added_to_and_never_changed(role: Standing, table: str) -> None:
    with transaction.atomic():
        record("look", HouseholdFactory.create(), by=user_in_role(Role.AUDITOR))
    for statement in (
        f"UPDATE {table} SET id = id",
        f"DELETE FROM {table}",
        f"TRUNCATE {table}",
        f"ALTER TABLE {table} DISABLE TRIGGER USER",
        "SELECT audit_seal_block(uuidv7())",
    ):
        refused = pytest.raises(DatabaseError, match=r"permission denied|must be owner")
        with standing(role), refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize("role", [CLOSED, EVERYBODY], ids=["requests", "the service"])
def test_an_act_of_either_role_is_sealed(role: Standing) -> None:
    somebody = user_in_role(Role.AUDITOR)
    with standing(role):
        with transaction.atomic():
            event = record("look", somebody, by=somebody)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        block = AuditEvent.objects.get(pk=event.pk).block
        assert _one("SELECT count(*) FROM audit_seal WHERE block = %s", block) >= 1


def test_a_table_made_for_a_session_is_not_taken_for_the_trail() -> None:
    mine = HouseholdFactory.create()
    user = user_in_role(Role.REGISTRAR, organisation=mine.organisation)
    before = _one("SELECT count(*) FROM public.audit_rowchange")
    with standing(standing_of(user)), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE audit_rowchange (LIKE public.audit_rowchange) ON COMMIT DROP")
        cursor.execute("UPDATE displacement_household SET phone = '' WHERE id = %s", [mine.pk])
        cursor.execute("SELECT count(*) FROM pg_temp.audit_rowchange")
        assert cursor.fetchone()[0] == 0
    assert _one("SELECT count(*) FROM public.audit_rowchange") == before + 1


def test_where_roles_are_missing_a_sentence_says_what_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    assert missing_roles() == []
    monkeypatch.setattr("config.row_roles.SERVICE", f"nobody_{uuid4().hex}")
    with pytest.raises(NoRoles, match=r"manage\.py database_roles"):
        provide_roles()
    assert '"o""dd"' in statements('o"dd', ("web",))
