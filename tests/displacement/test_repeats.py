"""Two clicks on Register at once: one household, and both clicks find it."""

from threading import Barrier, Thread
from uuid import UUID

import pytest
from django.db import IntegrityError, connections, transaction
from uuid6 import uuid7

from accounts.policy import Role
from displacement.actions import households, repeats
from displacement.actions.people import NewPerson
from displacement.models import Household
from tests.factories.accounts import user_in_role
from tests.factories.regions import region

pytestmark = pytest.mark.django_db(transaction=True)
CLICKS = 6


def _click(pk: UUID) -> list[object]:
    """As many clicks at once under one id; how each ended."""
    clerk, place = user_in_role(Role.REGISTRAR), region("RU-KRS-KURSK")
    own = clerk.memberships.get().organisation
    barrier, ends = Barrier(CLICKS), list[object]()

    def register() -> None:
        barrier.wait(timeout=30)
        try:
            with transaction.atomic():
                found = repeats.registered_before(pk, by=clerk)
                made = found or households.register(
                    id=pk,
                    organisation=own,
                    registered_in=place,
                    by=clerk,
                    people=[NewPerson(given_name="Оля")],
                )
            ends.append(made.pk)
        except IntegrityError as error:
            ends.append(type(error))
        finally:
            connections.close_all()

    threads = [Thread(target=register) for _ in range(CLICKS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return ends


def test_many_clicks_register_once() -> None:
    pk = uuid7()
    assert _click(pk) == [pk] * CLICKS
    assert Household.objects.count() == 1


def test_without_looking_first_a_second_click_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without the wait, clicks meet in the database and all but one are lost in an error."""
    monkeypatch.setattr(repeats, "registered_before", lambda _pk, by: None)
    assert _click(uuid7()).count(IntegrityError) == CLICKS - 1
