"""What one new record over the API costs: policy, key of the request, audit, match keys, and the answer.

Two processes send one request after the other with a token and behind the wall, each as a client of the same organisation,
whose chain of the trail both have to take in turns. Against them stand two processes that write the same rows by hand, one
commit each, triggers included. Network and server are not in it; what is waited for on the disk is. Processor time is told
besides: on a machine that others use it says more.
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

from accounts.models import ClientToken, Organisation
from benchmarks.actors import partner_token
from benchmarks.database import own_database
from benchmarks.processor import spent
from core.database_roles import CLOSED, LOGIN, begin_with
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
        works: dict[str, Callable[[str, UUID], float]] = {
            "person": _people,
            "household of one person": _households,
            "by hand": _by_hand,
        }
        token, houses = _world()
        seconds, processor = _timed(works, token, houses)
        n, total = f"n={PROCESSES * EACH}", PROCESSES * EACH
        for name in list(works)[:2]:
            ratio = seconds[name] / seconds["by hand"]
            yield f"single create of a {name}, against its rows by hand  {ratio:.2f}x  (no bar)  {n}"
            rate = total / seconds[name]
            yield f"single create of a {name}  {rate:.0f}/s  (at least {LEAST_A_SECOND}/s on two cores)  {n}"
            cost, bound = processor[name] / EACH, PROCESSES * EACH / processor[name]
            yield f"single create of a {name}, processor  {cost * 1000:.1f} ms: {bound:.0f}/s on two  (no bar)  {n}"


def _world() -> tuple[str, list[UUID]]:
    """The token of a partner's system, and a household for each process."""
    organisation = Organisation.objects.create(name="Bench", short_name="B")
    region = Region.objects.create(key="B-1", path="B-1/", level=0, kind="oblast", name_en="Bench")
    token, now = partner_token(organisation), timezone.now()
    houses = [
        Household.objects.create(
            serial=n,
            organisation=organisation,
            registered_in=region,
            occurred_at=now,
            recorded_at=now,
            recorded_by=organisation.pk,
        ).pk
        for n in range(PROCESSES)
    ]
    return token, houses


def _timed(
    works: dict[str, Callable[[str, UUID], float]], token: str, houses: list[UUID]
) -> tuple[dict[str, float], dict[str, float]]:
    """Seconds of each work in both processes at once, and processor seconds in one: medians of the rounds after the first."""
    times: dict[str, list[float]] = {name: [] for name in works}
    costs: dict[str, list[float]] = {name: [] for name in works}
    connection.close()
    name = connection.settings_dict["NAME"]
    with ProcessPoolExecutor(PROCESSES, get_context("fork"), _begin, (name,)) as pool:
        for n in range(ROUNDS + 1):
            for work, act in works.items():
                began = time.perf_counter()
                done = [pool.submit(act, token, house) for house in houses]
                cost = sum(each.result() for each in done) / PROCESSES
                if n:
                    times[work].append(time.perf_counter() - began)
                    costs[work].append(cost)
    return _medians(times), _medians(costs)


def _medians(told: dict[str, list[float]]) -> dict[str, float]:
    return {work: median(seen) for work, seen in told.items()}


def _begin(database: str) -> None:
    """In each process: a connection of its own, and nobody counts the requests of a benchmark."""
    connection.close()
    connection.settings_dict["NAME"] = database
    settings.API_REQUESTS_A_MINUTE = 10**9


def _people(token: str, house: UUID) -> float:
    told = {"given_name": "Олена", "family_name": "Ковальчук", "birth_date": "1980-03-14"}
    return _send("people", token, {"household": str(house), **told})


def _households(token: str, _house: UUID) -> float:
    person = {"given_name": "Олена", "family_name": "Ковальчук", "birth_date": "1980-03-14"}
    told = {"registered_in": "B-1", "people": [person], "phone": "+7 900 000 00 07"}
    return _send("households", token, told)


def _send(kind: str, token: str, body: dict[str, Any]) -> float:
    """One request after the other, each under a key of its own, behind the wall as in the web server. Processor seconds."""
    connection.close()
    begin_with(CLOSED)
    client = APIClient(SERVER_NAME="localhost", HTTP_AUTHORIZATION=f"Bearer {token}")
    began = spent()
    for _ in range(EACH):
        key = {"Idempotency-Key": str(uuid4())}
        answer = client.post(f"/api/v1/{kind}/", body, format="json", headers=key)
        if answer.status_code != HTTPStatus.CREATED:
            raise SystemExit(answer.content.decode())
    return spent() - began


def _by_hand(_token: str, house: UUID) -> float:
    connection.close()
    begin_with(LOGIN)
    organisation = Household.objects.values_list("organisation_id", flat=True).get(pk=house)
    account = ClientToken.objects.values_list("secret__client__account", flat=True).get()
    began = spent()
    for _ in range(EACH):
        told = {
            "id": uuid7(),
            "by": account,
            "household": house,
            "organisation": organisation,
            "name": "Ковальчук",
        }
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_BY_HAND, told)
            cursor.execute(_TRACE, {**told, "id": str(told["id"])})
    assert Person.objects.filter(household=house).exists()
    return spent() - began
