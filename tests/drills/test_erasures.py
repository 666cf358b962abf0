"""A backup from before an erasure is restored: whoever was erased is erased again before anybody signs in."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections

from accounts.models import User
from config.dumps import dump, restore
from displacement.models import Person
from retention.ledger import write_down
from tests.repository.source import ROOT
from tests.retention.conftest import canaries_in, erased, house, ledger, mother

__all__ = ["house", "ledger", "mother"]  # fixtures
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def empty() -> Iterator[dict[str, dict[str, Any]]]:
    """Two databases beside the run's own, with nothing in them."""
    made = {
        name: {**settings.DATABASES["default"], "NAME": f"restored_{name}"} for name in ("plain", "whole")
    }
    with connection.cursor() as cursor:
        for each in made.values():
            cursor.execute(f"CREATE DATABASE {each['NAME']} TEMPLATE template0")
    yield made
    with connection.cursor() as cursor:
        for each in made.values():
            cursor.execute(f"DROP DATABASE {each['NAME']} WITH (FORCE)")


def url_of(database: dict[str, Any]) -> str:
    """As programs are told."""
    return "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)


def held_in(database: dict[str, Any]) -> str:
    """All rows of all its tables, as text."""
    with psycopg.connect(url_of(database)) as there:
        tables = there.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        asked = [
            f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {name} t" for (name,) in tables.fetchall()
        ]
        return "\n".join(there.execute(question).fetchone()[0] for question in asked)  # type: ignore[index]  # one row each


def manage(database: dict[str, Any], *arguments: str) -> str:
    """What a command says, with that database."""
    environment = os.environ | {
        "DATABASE_URL": url_of(database),
        "ERASURES_FILE": str(settings.ERASURES_FILE),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_restore_brings_no_name_back(
    mother: Person, clerk: User, officer: User, tmp_path: Path, empty: dict[str, dict[str, Any]]
) -> None:
    file = tmp_path / "before.dump"
    dump(file, settings.DATABASES["default"])
    erased(mother, clerk, officer)
    write_down()
    connections.close_all()
    restore(file, empty["plain"])
    assert canaries_in(held_in(empty["plain"])), "the control: by itself a restore brings the name back"
    said = manage(empty["whole"], "restore", str(file))
    assert "1 erasures in the ledger; 1 carried out again, 4 records erased." in said
    assert canaries_in(held_in(empty["whole"])) == set()
    assert "0 carried out again" in manage(empty["whole"], "apply_erasures")
    manage(empty["whole"], "verify_audit")
