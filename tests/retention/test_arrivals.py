"""While somebody is erased no list and no form comes in; before and after, any number come in beside each other."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, transaction

from accounts.models import User
from intake.actions import submissions, waiting
from intake.models import Batch, KoboForm
from tests.factories.intake import KoboFormFactory
from tests.intake.lists import clerk, family, organisation_of, people, sent
from tests.retention.test_waiting import member, payload

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def elsewhere(by: User, *, is_erasing: bool) -> Iterator[None]:
    """Another connection that erases somebody, or takes in a list, and has not committed yet."""
    begun, over = threading.Event(), threading.Event()

    def works() -> None:
        try:
            with transaction.atomic():
                if is_erasing:
                    waiting.lock([organisation_of(by).pk])
                else:
                    sent(people(*family("9")), by)
                begun.set()
                over.wait(30)
        finally:
            begun.set()
            connection.close()

    thread = threading.Thread(target=works)
    thread.start()
    assert begun.wait(30)
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextmanager
def impatient() -> Iterator[None]:
    """Waits for locks a moment only."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '300ms'")
        yield


def form_of(by: User) -> KoboForm:
    """Of the organisation."""
    made: KoboForm = KoboFormFactory.create(organisation=organisation_of(by))
    return made


def test_nothing_comes_in_while_somebody_is_erased() -> None:
    by, stranger = clerk(), clerk()
    form = form_of(by)
    with elsewhere(by, is_erasing=True):
        with pytest.raises(OperationalError), impatient():
            sent(people(*family("1")), by)
        with pytest.raises(OperationalError), impatient():
            submissions.take_all(form=form, payloads=[payload(member())], by=by)
        with impatient():
            sent(people(*family("2")), stranger)  # another organisation's
    assert not Batch.objects.filter(organisation=organisation_of(by)).exists()
    sent(people(*family("1")), by)


def test_nobody_is_erased_before_what_is_coming_in_is_there() -> None:
    by = clerk()
    form = form_of(by)
    with elsewhere(by, is_erasing=False):
        with pytest.raises(OperationalError), impatient():
            waiting.lock([organisation_of(by).pk])
        with impatient():
            assert submissions.take_all(form=form, payloads=[payload(member())], by=by) == 1
    with impatient():
        waiting.lock([organisation_of(by).pk])
    assert Batch.objects.filter(organisation=organisation_of(by)).count() == 1
