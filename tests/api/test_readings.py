"""Each answer that tells of people leaves a trace, in the transaction that read it."""

from collections.abc import Callable, Iterator

import pytest
from django.db import transaction

from accounts.field_classes import telling_of_people
from accounts.policy import Role
from audit.models import Reading
from tests.api.conftest import ClientAs, client_of
from tests.api.route import Route
from tests.api.routes import READS
from tests.api.world import World
from tests.audit.trail import no_more_readings
from tests.factories.accounts import almighty
from tests.factories.displacement import PersonFactory

TELLING = [route for route in READS if route.resource in telling_of_people() and not route.is_for_sender]
#: Told in two trails (tests/exchange/test_sharing.py).
SHARED = [route for route in READS if route.path.startswith("shared-people/")]
OPEN = [route for route in READS if route not in (*TELLING, *SHARED) and not route.is_for_sender]


@pytest.fixture
def _trace_fails(world: World) -> Iterator[None]:
    """From now on the database itself takes no reading."""
    with no_more_readings():
        yield


@pytest.mark.parametrize("route", TELLING, ids=str)
def test_an_answer_that_tells_of_people_leaves_one_trace(route: Route, world: World) -> None:
    client = client_of(almighty())
    answer = client.get(route.url(world))
    assert answer.status_code == 200
    reading = Reading.objects.get()
    assert reading.object_type == route.resource
    record = str(getattr(world, route.record).pk) if route.record else ""
    shown = [record] if record else [row["id"] for row in answer.json()["results"]]
    assert (reading.object_id, reading.ids, reading.shown) == (record, shown, len(shown))


@pytest.mark.parametrize(
    "spelled",
    [
        str.upper,
        lambda key: key.replace("-", ""),
        "{{{}}}".format,
        "urn:uuid:{}".format,
        "---------{}".format,
    ],
    ids=["capitals", "no dashes", "braces", "urn", "more dashes"],
)
def test_however_the_address_spells_an_id_the_trail_tells_whose_record_was_read(
    spelled: Callable[[str], str], world: World
) -> None:
    """Whoever asks later who read somebody's record asks by its id."""
    client, key = client_of(almighty()), str(world.person.pk)
    assert client.get(f"/api/v1/people/{spelled(key)}/").status_code == 200
    reading = Reading.objects.get()
    assert (reading.object_id, reading.ids) == (key, [key])


@pytest.mark.parametrize("route", OPEN, ids=str)
def test_an_answer_that_tells_of_nobody_leaves_none(route: Route, world: World) -> None:
    assert client_of(almighty()).get(route.url(world)).status_code == 200
    assert not Reading.objects.exists()


def test_it_belongs_to_the_organisation_of_whoever_read(world: World, client_as: ClientAs) -> None:
    client_as(Role.REGISTRAR).get(f"/api/v1/people/{world.person.pk}/")
    assert Reading.objects.get().organisation_id == world.organisation.pk


def test_what_is_not_found_is_noted_as_shown_to_nobody(world: World, client_as: ClientAs) -> None:
    foreign = PersonFactory.create()
    assert client_as(Role.REGISTRAR).get(f"/api/v1/people/{foreign.pk}/").status_code == 404
    reading = Reading.objects.get()
    assert (reading.page, reading.object_id, reading.shown, reading.ids) == (
        "refused",
        str(foreign.pk),
        0,
        [],
    )


@pytest.mark.usefixtures("_trace_fails")
def test_without_its_trace_nothing_is_told(world: World) -> None:
    client = client_of(almighty())
    client.raise_request_exception = False
    for url in ("/api/v1/people/", f"/api/v1/people/{world.person.pk}/"):
        with transaction.atomic():  # what fails takes back no more than itself
            answer = client.get(url)
            transaction.set_rollback(True)
        assert answer.status_code >= 400
        assert str(world.person.pk) not in answer.content.decode().replace(url, "")
