"""One world for a whole module: each request is taken back, so that nothing has to be made twice."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker, Settings

from tests.authorisation.grounds import Grounds
from tests.authorisation.sweep import Report

PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"


@pytest.fixture(scope="module")
def grounds(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Grounds]:
    """The four places and a user in every role."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Grounds()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _static_files_by_their_plain_names(settings: Settings) -> None:
    """As on the desk's own tests."""
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": PLAIN}}


@pytest.fixture
def report(request: pytest.FixtureRequest) -> Iterator[Report]:
    """Its cases are counted and told at the end of the run."""
    made = Report()
    yield made
    request.node.user_properties.append(("authorisation cases", made.cases))
    request.node.user_properties.append(("authorisation unexpected", len(made.unexpected)))
