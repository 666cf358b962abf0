"""Laying out invented families for intruders to find: placed at once, written into the register at moments of the next days."""

import logging
import random
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.service import service_user
from accounts.visibility import may, within_reach
from audit.actions.record import record
from audit.noticing import unnoticed
from core.clock import database_now
from core.decoys import marked_id
from core.refusals import refusal
from displacement.actions import households, movements
from displacement.actions.people import NewPerson
from displacement.identity.training.families import BORN_BEFORE, Families, Human
from displacement.models import HoneyRecord, Household, Person
from displacement.models.honey import SOONEST
from displacement.models.movement import Means, MovementKind, PlaceKind
from displacement.models.person import Relationship
from regions.models import Region

logger = logging.getLogger(__name__)
RESOURCE = "displacement.honeyrecord"
#: More at once would stand out among the families of a week.
MOST_AT_ONCE = 50
#: Over how many days they come into the register.
DAYS = 7
#: Families of so many of the organisation's latest registrations lend their regions, language and hour.
_LATEST = 500
#: Years by which a child is younger than the head of the family at least.
_GENERATION = 15
#: Nobody is younger, so that nobody left home before birth.
_YOUNGEST = timedelta(days=30)


@transaction.atomic
def place(*, organisation: Organisation, count: int, registered_as: User, by: User) -> list[HoneyRecord]:
    """Lay out so many families among those of the organisation; they come into the register within a week. Audited.

    They will stand in the name of `registered_as`, who may register there, with regions and languages of families that are
    there already and at the hours of those, and without a telephone: any number may be somebody's. Two queries, and one each.
    Raises PermissionDenied where one of both has not the right, ValidationError where nobody is there to hide among.
    """
    if not _may(by, RESOURCE, organisation):
        raise PermissionDenied(_("Only an administrator of the organisation places honey records."))
    if not _may(registered_as, "displacement.household", organisation):
        raise PermissionDenied(_("Name an account that registers families for this organisation."))
    if not 1 <= count <= MOST_AT_ONCE:
        words = _("Place from 1 to %(most)d families at once, and more in another week.")
        raise refusal(words % {"most": MOST_AT_ONCE}, code="out_of_range", field="count")
    real, now = _others(organisation), database_now()
    if not real:
        raise refusal(_("Register families first: honey records hide among them."), code="nobody")
    placed = []
    for family in _families(count):
        plan = _plan(family, random.choice(real), registered_as, now)
        kept = HoneyRecord(organisation=organisation, plan=plan, placed_at=now, placed_by=by.pk)
        kept.save(force_insert=True)
        placed.append(kept)
    record("place_honey", organisation, by=by, detail={"families": count})
    return placed


def lay_due(now: datetime | None = None) -> int:
    """Write the families whose moment has come, one transaction each; how many. Two queries where none is due.

    It looks like any registration, in the trail too. One that cannot be written, since the account is closed, stays out.
    """
    moment = now or database_now()
    due = {
        record.laid.households[0]: record for record in HoneyRecord.objects.all() if record.due_at <= moment
    }
    written = set(Household.objects.filter(pk__in=due).values_list("pk", flat=True)) if due else set()
    return sum(_lay(record) for pk, record in due.items() if pk not in written)


@transaction.atomic
def let_go(ids: Collection[UUID]) -> int:
    """Let go of the plans of families that never came into this register and of whom somebody was erased; how many. Audited.

    For a database that was restored from before their moment: they would come once more. What is in the register keeps its
    plan, by which figures leave it out. One query, and one for each whom the ids name.
    """
    gone = 0
    for kept in HoneyRecord.objects.select_for_update(of=("self",), no_key=True).order_by("pk"):
        theirs = {*kept.laid.households, *kept.laid.people}
        if theirs.isdisjoint(ids) or Household.objects.filter(pk__in=kept.laid.households).exists():
            continue
        record("let_go_honey", kept, by=service_user())
        kept.delete()
        gone += 1
    return gone


def _may(user: User, resource: str, organisation: Organisation) -> bool:
    bound = within_reach(user, resource, "add", organisation="pk")
    return may(user, resource, "add") and Organisation.objects.filter(bound, pk=organisation.pk).exists()


def _others(organisation: Organisation) -> list[Household]:
    """The latest families. One query."""
    there = Household.objects.current().filter(organisation=organisation).exclude(origin=None)
    return list(there.order_by("-pk")[:_LATEST])


def _families(count: int) -> Iterator[list[Human]]:
    stream = Families(random.Random()).stream()
    for _n in range(count):
        yield next(stream)


def _plan(family: list[Human], like: Household, registered_as: User, now: datetime) -> dict[str, Any]:
    """All that will be written, and when: on one of the next days, about the hour at which the other family came."""
    hour = like.recorded_at.astimezone(UTC)
    day = (now + timedelta(days=random.randint(1, DAYS))).date()
    at = datetime.combine(day, hour.timetz()) + timedelta(seconds=random.uniform(-1_800, 1_800))
    at = max(at, now + SOONEST)
    arrived = at - timedelta(minutes=random.randint(20, 400))
    left = arrived - timedelta(minutes=random.randint(90, 2_000))
    return {
        "id": str(marked_id(at - timedelta(seconds=random.uniform(60, 400)))),
        "at": at.isoformat(),
        "as": str(registered_as.pk),
        "registered_in": like.registered_in_id,
        "origin": like.origin_id,
        "language": like.language,
        "left": left.isoformat(),
        "arrived": arrived.isoformat(),
        "means": random.choice(Means.values),
        "people": [_told(human, family[0], at, n) for n, human in enumerate(family, start=1)],
    }


def _told(human: Human, head: Human, at: datetime, n: int) -> dict[str, Any]:
    """The person as they say it; ages are those of that day. Ids are drawn one after another, some milliseconds apart."""
    born = human.born + (at.date() - BORN_BEFORE)
    steps = [at + timedelta(milliseconds=20 * kind + n) for kind in (5, 10)]
    return {
        "id": str(marked_id(at + timedelta(milliseconds=n))),
        "family_name": human.surname.of(human.sex),
        "given_name": human.given.written(human.language),
        "patronymic": human.father.patronymic(human.language, human.sex),
        "sex": human.sex,
        "birth_date": min(born, at.date() - _YOUNGEST).isoformat(),
        "relationship": _relationship(human, head),
        "steps": [str(marked_id(step)) for step in steps],
    }


def _relationship(human: Human, head: Human) -> str:
    if human is head:
        return Relationship.HEAD.value
    years = (human.born - head.born).days / 365.25
    if years > _GENERATION:
        return Relationship.CHILD.value
    return (Relationship.PARENT if years < -_GENERATION else Relationship.PARTNER).value


def _lay(kept: HoneyRecord) -> bool:
    plan = kept.plan
    by = User.objects.filter(pk=plan["as"], is_active=True).first()
    if by is None or not _may(by, "displacement.household", kept.organisation):
        return False
    try:
        with transaction.atomic(), unnoticed():
            _write(kept, plan, by)
    except ValidationError:
        logger.warning("Honey record %s was not written.", kept.pk)
        return False
    return True


def _write(kept: HoneyRecord, plan: dict[str, Any], by: User) -> None:
    """Register and record the steps as the desk does."""
    place = Region.objects.get(pk=plan["registered_in"])
    people = [
        NewPerson(
            **{name: value for name, value in told.items() if name not in ("id", "birth_date", "steps")},
            id=UUID(told["id"]),
            birth_date=date.fromisoformat(told["birth_date"]),
        )
        for told in plan["people"]
    ]
    households.register(
        id=UUID(plan["id"]),
        now=kept.due_at,
        organisation=kept.organisation,
        registered_in=place,
        origin=Region.objects.get(pk=plan["origin"]),
        language=plan["language"],
        by=by,
        people=people,
        consents={"service": True},
    )
    arrived = {"destination": place, "place": PlaceKind.RELATIVES}
    steps: tuple[tuple[str, str, dict[str, Any]], ...] = (
        (MovementKind.LEFT, plan["left"], {}),
        (MovementKind.ARRIVED, plan["arrived"], arrived),
    )
    for told in plan["people"]:
        person = Person.objects.get(pk=told["id"])
        for pk, (kind, at, more) in zip(told["steps"], steps, strict=True):
            movements.record(
                id=UUID(pk),
                now=kept.due_at,
                by=by,
                kind=kind,
                occurred_at=datetime.fromisoformat(at),
                person=person,
                means=plan["means"],
                **more,
            )
