"""One load of the scenario for all tests that only look at it."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from accounts.service import service_user
from intake.register import Written
from intake.scenarios.kursk_2024.load import load

PEOPLE = 2_000


@pytest.fixture(scope="module")
def scenario(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Written]:
    """Kursk 2024 with 2,000 people, taken back at the end of the module. Its tests need the mark `django_db` all the same."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load(people=PEOPLE, seed=1, by=service_user())
        transaction.set_rollback(True)
