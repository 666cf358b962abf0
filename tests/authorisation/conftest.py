"""One world for a whole module: each request is taken back, so that nothing has to be made twice."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.template import Template
from django.test.utils import _TestState
from pytest_django import DjangoDbBlocker

from tests.authorisation.grounds import Grounds
from tests.authorisation.sweep import Report


@pytest.fixture(scope="module")
def grounds(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Grounds]:
    """The four places and a user in every role."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Grounds()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _templates_leave_no_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody asks here with what each template was filled; keeping it costs more than the page."""
    state: Any = _TestState
    monkeypatch.setattr(Template, "_render", state.saved_data.template_render)


@pytest.fixture
def report(request: pytest.FixtureRequest) -> Iterator[Report]:
    """Its cases are counted and told at the end of the run."""
    made = Report()
    yield made
    request.node.user_properties.append(("authorisation cases", made.cases))
    request.node.user_properties.append(("authorisation unexpected", len(made.unexpected)))
