"""Tasks carry ids, return nothing, and the clock rings for those that exist."""

import ast
import inspect
from importlib import import_module
from uuid import uuid4

import pytest
from celery import current_app
from django.conf import settings

from reports import tasks
from reports.models import Delivery
from reports.models.delivery import DeliveryState
from tests.factories.reports import QueuedDeliveryFactory
from tests.mail import Mailbox


def test_the_clock_rings_for_tasks_that_exist() -> None:
    rung = {entry["task"] for entry in settings.CELERY["beat_schedule"].values()}
    assert {"reports.tasks.make_due_editions", "reports.tasks.sweep_deliveries"} <= rung
    for name in rung | {"reports.tasks.deliver"}:
        import_module(name.rpartition(".")[0])
        assert name in current_app.tasks


def test_tasks_are_short() -> None:
    functions = [
        node for node in ast.parse(inspect.getsource(tasks)).body if isinstance(node, ast.FunctionDef)
    ]
    assert len(functions) == 7
    assert all((node.end_lineno or 0) - node.lineno < 10 for node in functions)


@pytest.mark.django_db
def test_a_mail_by_its_id_and_twice_is_one(mailbox: Mailbox) -> None:
    delivery = QueuedDeliveryFactory.create()
    for _ring in range(2):
        tasks.deliver(delivery_ids=[str(delivery.pk)])
    assert len(mailbox.wait(1)) == 1
    assert Delivery.objects.get(pk=delivery.pk).state == DeliveryState.SENT


@pytest.mark.django_db
def test_the_bell_of_a_mail_that_is_gone(mailbox: Mailbox) -> None:
    tasks.deliver(delivery_ids=[str(uuid4())])
    assert mailbox.messages() == []
