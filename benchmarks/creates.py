"""What one new record over the API costs: policy, key of the request, audit, match keys, and the answer.

Two processes send one request after the other, each as a partner system of the same organisation, whose chain of the trail both
have to take in turns. Against them stand two processes that write the same rows by hand, one commit each, triggers included.
Network and server are not in it; what is waited for on the disk is.
"""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from http import HTTPStatus
from multiprocessing import get_context
from statistics import median
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from rest_framework.test import APIClient
from uuid6 import uuid7

from accounts.models import Membership, Organisation, User
from accounts.policy import Role
from benchmarks.database import own_database
from displacement.models import Household, Person
from regions.models import Region

EACH = int(os.environ.get("CREATES", "300"))
ROUNDS, PROCESSES, LEAST_A_SECOND = 3, 2, 150
_FACT = "id, occurred_at, recorded_at, recorded_by, void_reason"
_BY_HAND = f"""
INSERT INTO displacement_person ({_FACT}, serial, household_id, organisation_id, relationship, given_name, patronymic,
    family_name, sex, birth_precision, reference, version, family_key, given_key, match_keys)
SELECT %(id)s, now(), now(), %(by)s, '', nextval('displacement_registration_serial'), h.id, h.organisation_id, 'unknown',
    %(name)s, '', %(name)s, 'female', '', '', 1, '', '', '{{}}'
FROM displacement_household h WHERE h.id = %(household)s
"""
_TRACE = """
INSERT INTO audit_auditevent (id, at, organisation_id, actor_id, action, object_type, object_id, reason, detail)
VALUES (%(id)s, now(), %(organisation)s, %(by)s, 'register', 'displacement.person', %(id)s, '', '{}')
"""


def lines() -> Iterator[str]:
    """`name  ratio  (bar)  n`, medians of rounds that take turns, in a database of its own."""
    with own_database():
        works: dict[str, Callable[[UUID, UUID], None]] = {
            "person": _people,
            "household of one person": _households,
            "by hand": _by_hand,
        }
        user, houses = _world()
        seconds = _timed(works, user, houses)
        n, total = f"n={PROCESSES * EACH}", PROCESSES * EACH
        for name in list(works)[:2]:
            ratio = seconds[name] / seconds["by hand"]
            yield f"single create of a {name}, against its rows by hand  {ratio:.2f}x  (no bar)  {n}"
            rate = total / seconds[name]
            yield f"single create of a {name}  {rate:.0f}/s  (at least {LEAST_A_SECOND}/s on two cores)  {n}"


def _world() -> tuple[UUID, list[UUID]]:
    """A partner system, and a household for each process."""
    organisation = Organisation.objects.create(name="Bench", short_name="B")
    region = Region.objects.create(key="B-1", path="B-1/", level=0, kind="oblast", name_en="Bench")
    user = User.objects.create(username="bench")
    Membership.objects.create(user=user, organisation=organisation, role=Role.PARTNER_SYSTEM)
    now = timezone.now()
    houses = [
        Household.objects.create(
            serial=n,
            organisation=organisation,
            registered_in=region,
            occurred_at=now,
            recorded_at=now,
            recorded_by=user.pk,
        ).pk
        for n in range(PROCESSES)
    ]
    return user.pk, houses


def _timed(
    works: dict[str, Callable[[UUID, UUID], None]], user: UUID, houses: list[UUID]
) -> dict[str, float]:
    """Seconds of each work in both processes at once: the median of the rounds after the first."""
    times: dict[str, list[float]] = {name: [] for name in works}
    connection.close()
    name = connection.settings_dict["NAME"]
    with ProcessPoolExecutor(PROCESSES, get_context("fork"), _begin, (name,)) as pool:
        for n in range(ROUNDS + 1):
            for work, act in works.items():
                began = time.perf_counter()
                done = [pool.submit(act, user, house) for house in houses]
                for each in done:
                    each.result()
                if n:
                    times[work].append(time.perf_counter() - began)
    return {work: median(seen) for work, seen in times.items()}


def _begin(database: str) -> None:
    """In each process: a connection of its own, and nobody counts the requests of a benchmark."""
    connection.close()
    connection.settings_dict["NAME"] = database
    settings.API_REQUESTS_A_MINUTE = 10**9


def _people(user: UUID, house: UUID) -> None:
    told = {"given_name": "Олена", "family_name": "Ковальчук", "birth_date": "1980-03-14"}
    _send("people", user, {"household": str(house), **told})


def _households(user: UUID, _house: UUID) -> None:
    person = {"given_name": "Олена", "family_name": "Ковальчук", "birth_date": "1980-03-14"}
    _send("households", user, {"registered_in": "B-1", "people": [person], "phone": "+7 900 000 00 07"})


def _send(kind: str, user: UUID, body: dict[str, Any]) -> None:
    """One request after the other, each under a key of its own. The user is read anew, as each request does."""
    client = APIClient(SERVER_NAME="localhost")
    for _ in range(EACH):
        client.force_authenticate(User.objects.get(pk=user))
        key = {"Idempotency-Key": str(uuid4())}
        answer = client.post(f"/api/v1/{kind}/", body, format="json", headers=key)
        if answer.status_code != HTTPStatus.CREATED:
            raise SystemExit(answer.content.decode())


def _by_hand(user: UUID, house: UUID) -> None:
    organisation = Household.objects.values_list("organisation_id", flat=True).get(pk=house)
    for _ in range(EACH):
        told = {
            "id": uuid7(),
            "by": user,
            "household": house,
            "organisation": organisation,
            "name": "Ковальчук",
        }
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_BY_HAND, told)
            cursor.execute(_TRACE, {**told, "id": str(told["id"])})
    assert Person.objects.filter(household=house).exists()
