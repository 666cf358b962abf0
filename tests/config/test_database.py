"""The database that tests and installations get."""

import pytest
from django.db import connection, connections

from config.checks import knows_cyrillic_letters
from config.embedded.postgres import buffers


@pytest.mark.django_db
def test_cyrillic_words_have_trigrams() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        cursor.execute("SELECT similarity('Суджа', 'Суджанский')")
        assert cursor.fetchone()[0] > 0.3


@pytest.mark.django_db
def test_the_application_is_no_superuser() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, True)


@pytest.mark.django_db
def test_a_database_that_knows_cyrillic_letters_passes_the_check() -> None:
    assert knows_cyrillic_letters(["default"]) == knows_cyrillic_letters(None) == []


@pytest.mark.django_db(transaction=True)
def test_a_database_with_character_type_c_is_told_by_the_check() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE ascii TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C'")
    other = connection.copy()
    other.settings_dict = {**connection.settings_dict, "NAME": "ascii"}
    connections["ascii"] = other
    try:
        [error] = knows_cyrillic_letters(["ascii"])
        assert error.id == "musterpoint.E001"
    finally:
        other.close()
        del connections["ascii"]
        with connection.cursor() as cursor:
            cursor.execute("DROP DATABASE ascii")


@pytest.mark.parametrize(("memory", "kept"), [(0, 128), (1000, 128), (4096, 512), (24_000, 1024)])
def test_an_eighth_of_the_memory_is_for_tables_within_limits(memory: int, kept: int) -> None:
    assert buffers(memory) == kept
