"""A login for web and worker that owns nothing, beside the one that owns the tables: everything works, and less can be done."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client

from accounts.policy import Role
from config.embedded.directory import data_directory
from config.embedded.postgres import SUPERUSER
from config.row_roles import statements
from config.starting import refuse_unsafe_database
from core import database_roles
from core.database_roles import CLOSED, EVERYBODY, Standing, begin_with
from displacement.models import Household
from tests.factories.accounts import user_in_role
from tests.factories.displacement import HouseholdFactory

WEB, PASSWORD = "musterpoint_web", "of-tests"


@pytest.fixture
def _web_login() -> Iterator[None]:
    """What docs/how-to/operate.md tells an administrator to run."""
    with _as_superuser() as administrator:
        administrator.execute(f"CREATE ROLE {WEB} LOGIN NOINHERIT PASSWORD '{PASSWORD}'")
        administrator.execute(statements(connection.settings_dict["USER"], (WEB,)))
    yield
    with _as_superuser() as administrator:
        administrator.execute(f"DROP ROLE {WEB}")


def _as_superuser() -> psycopg.Connection[Any]:
    told = connection.settings_dict
    password = data_directory(os.environ).secret("postgres-superuser-password")
    where = {"host": told["HOST"], "port": told["PORT"], "dbname": told["NAME"]}
    return psycopg.connect(user=SUPERUSER, password=password, autocommit=True, **where)


@contextmanager
def _signed_in(monkeypatch: pytest.MonkeyPatch, standing: Standing) -> Iterator[None]:
    """Django's connection as the other login, as a process that stands so opens it."""
    monkeypatch.setattr(database_roles, "_base", CLOSED)
    begin_with(standing)
    monkeypatch.setitem(connection.settings_dict, "USER", WEB)
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", PASSWORD)
    connection.close()
    try:
        yield
    finally:
        connection.close()
        monkeypatch.undo()


@pytest.mark.usefixtures("_web_login")
@pytest.mark.django_db(transaction=True)
def test_web_and_worker_with_a_login_that_owns_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    mine, theirs = HouseholdFactory.create(), HouseholdFactory.create()
    user = user_in_role(Role.REGISTRAR, organisation=mine.organisation)
    client = Client()
    client.force_login(user)
    with _signed_in(monkeypatch, CLOSED):
        refuse_unsafe_database()
        answer = client.get("/api/v1/households/")
        assert [row["id"] for row in answer.json()["results"]] == [str(mine.pk)]
        assert client.get(f"/api/v1/households/{theirs.pk}/").status_code == 404
        assert Household.objects.count() == 0
    with _signed_in(monkeypatch, EVERYBODY):
        assert Household.objects.count() == 2


@pytest.mark.usefixtures("_web_login")
@pytest.mark.django_db(transaction=True)
def test_it_can_do_nothing_without_a_role_and_change_no_table_of_the_trail_with_one() -> None:
    told = connection.settings_dict
    where = {"host": told["HOST"], "port": told["PORT"], "dbname": told["NAME"]}
    with psycopg.connect(user=WEB, password=PASSWORD, autocommit=True, **where) as web:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            web.execute("SELECT FROM displacement_person")
        for role in (CLOSED.role, EVERYBODY.role):
            web.execute(f"SET ROLE {role}")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                web.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER USER")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                web.execute("DROP FUNCTION audit_seal_block(uuid)")
