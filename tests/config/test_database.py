"""The database that tests and installations get."""

import pytest
from django.db import connection


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
