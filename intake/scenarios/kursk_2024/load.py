"""Loading the scenario: whole, or not at all."""

import random
from collections.abc import Iterable
from datetime import time

from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from accounts.policy import Role
from audit.actions.record import record
from core.actors import Actor
from displacement.models import Movement, Person
from displacement.reference import load_specific_needs
from intake.keys import Keys
from intake.register import Register, Written
from intake.scenarios.kursk_2024.cast import create_teams
from intake.scenarios.kursk_2024.claims import create_area_statuses, create_claims, create_expected_reports
from intake.scenarios.kursk_2024.days import ENDS_ON, STARTS_ON, ZONE
from intake.scenarios.kursk_2024.headcounts import headcounts
from intake.scenarios.kursk_2024.households import Households
from intake.scenarios.kursk_2024.incidents import create_incidents
from intake.scenarios.kursk_2024.lodging import Lodging
from intake.scenarios.kursk_2024.sites import Sites, full_state
from intake.scenarios.progress import AlreadyLoaded, OnProgress
from regions.models import Operation, Region
from regions.models.operation import AUDIENCES
from regions.reference import load_regions
from shelters.models import Headcount, ShelterState, Stay

KEY = "kursk-2024"


def load(*, people: int, seed: int, by: Actor, on_progress: OnProgress | None = None) -> Written:
    """Write the scenario with exactly so many people; the same seed gives the same rows.

    All in one transaction, so that a load that was cut off leaves nothing; then PostgreSQL is told to look at the tables
    anew. Raises AlreadyLoaded.
    """
    if Operation.objects.filter(key=KEY).exists():
        raise AlreadyLoaded(
            _(
                "The scenario %(key)s is in this database already; nothing was changed. "
                "To load it anew, start with an empty database."
            )
            % {"key": KEY}
        )
    with transaction.atomic():
        written = _write(people, seed, by, on_progress)
    _analyse([Person, Movement, Stay, Headcount])
    return written


def _write(people: int, seed: int, by: Actor, on_progress: OnProgress | None) -> Written:
    load_regions()
    load_specific_needs()
    regions = dict(Region.objects.values_list("key", "id"))
    operation = _create_operation()
    record("load_scenario", operation, by=by, detail={"people": people, "seed": seed})
    keys = Keys(random.Random(f"{seed} keys"))
    teams = create_teams(keys)
    publisher = teams[0].staff[Role.PUBLISHER]
    create_claims(keys, regions, publisher)
    create_expected_reports(Keys(random.Random(f"{seed} expected")), regions, publisher)
    create_area_statuses(keys, regions, publisher)
    create_incidents(keys, regions, teams)
    rng = random.Random(f"{seed} people")
    sites = Sites(rng, keys, regions, teams).create(people)
    register = Register(
        by=by,
        source=f"scenario {KEY}",
        keys=keys,
        on_chunk=lambda written: on_progress(written.people, people) if on_progress else None,
    )
    written = register.write(Households(rng, regions, teams, Lodging(rng, sites)).stream(people))
    full = (full_state(site, keys) for site in sites)
    ShelterState.objects.bulk_create(state for state in full if state is not None)
    Headcount.objects.bulk_create(headcounts(rng, keys, sites))
    return written


def _create_operation() -> Operation:
    """Reports are on Kursk oblast alone, for every audience, published without review: it is a demonstration."""
    operation = Operation.objects.create(
        key=KEY,
        name="Kursk oblast, August 2024",
        starts_on=STARTS_ON,
        ends_on=ENDS_ON,
        zone=ZONE.key,
        report_due=time(6, 0),
        is_automatic=True,
        report_audiences=[audience for audience, _label in AUDIENCES],
        baseline_note="Real claims, invented people: no person, shelter or incident here is real.",
    )
    operation.regions.set([Region.objects.get(key="RU-KRS")])
    return operation


def _analyse(tables: Iterable[type[models.Model]]) -> None:
    """Statistics at once: until the database gathers them by itself, its plans take these tables for empty."""
    with connection.cursor() as cursor:
        for model in tables:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
