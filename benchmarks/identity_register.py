"""An invented register in the database, and people to ask it about of whom the answer is known."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from uuid import UUID

from django.db import connection

from accounts.models import Organisation
from accounts.service import service_user
from displacement.identity.frequencies import forget
from displacement.identity.identity import Identity
from displacement.identity.training.register import Record, records
from intake.keys import Keys
from intake.register import Register
from intake.rows import NewHousehold, NewPerson
from regions.models import Region
from regions.reference import load_regions

SEED = 11
#: Kept out of the register: one second registration in so many, one whole family, one twin and one other of a family.
DUPLICATES, STRANGERS, TWINS, RELATIVES = 45, 400, 12, 300
_AT = datetime(2024, 8, 9, 12, tzinfo=UTC)


@dataclass
class Questions:
    """Whom to ask about. Of `duplicates` the register holds a record of the same human being; of the others it does not.

    `strangers` are of families that it does not know; `twins`, each with who of the register is the other, and `relatives`
    of families that it does.
    """

    duplicates: list[tuple[Identity, int]] = field(default_factory=list)
    strangers: list[Identity] = field(default_factory=list)
    twins: list[tuple[Identity, int]] = field(default_factory=list)
    relatives: list[Identity] = field(default_factory=list)
    #: Which human being a record of the register is of.
    humans: dict[UUID, int] = field(default_factory=dict)


def load(people: int) -> Questions:
    """Write so many registrations by the intake's own way, and answer with those who were kept out."""
    load_regions()
    questions = Questions()
    organisations = [
        Organisation.objects.create(name=f"Bench {n}", short_name=f"B{n}", kind="ngo").pk for n in (1, 2)
    ]
    places = list(Region.objects.order_by("key").values_list("pk", flat=True))
    by = service_user()
    stream = _households(
        _kept(records(people, seed=SEED), questions, places), questions, organisations, by.pk
    )
    Register(by=by, source="benchmark").write(stream)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) displacement_person, displacement_household")
    forget()
    return questions


def _kept(stream: Iterator[Record], questions: Questions, places: list[int]) -> Iterator[Record]:
    """The records that go into the register, with places as the register knows them."""
    again = 0
    for record in stream:
        place = str(places[int(record.identity.place) % len(places)]) if record.identity.place else ""
        identity = record.identity._replace(place=place)
        again += record.is_again
        if record.family % STRANGERS == 0:
            among = questions.strangers
        elif record.kin == "twin" and record.kin_of is not None and record.human % TWINS == 0:
            if not record.is_again:
                questions.twins.append((identity, record.kin_of))
            continue
        elif record.human % RELATIVES == 0:
            among = questions.relatives
        elif record.is_again and again % DUPLICATES == 0:
            questions.duplicates.append((identity, record.human))
            continue
        else:
            yield record._replace(identity=identity)
            continue
        if not record.is_again:
            among.append(identity)


def _households(
    stream: Iterator[Record], questions: Questions, organisations: list[UUID], by: UUID
) -> Iterator[NewHousehold]:
    """Neighbouring records of one telephone and place are one household, as they were registered."""
    keys, region = Keys(random.Random(SEED)), Region.objects.get(key="RU-KRS-KURSK").pk

    def together(record: Record) -> tuple[bool, str, str]:
        return record.is_again, record.identity.phone, record.identity.place

    for (is_again, phone, place), members in groupby(stream, together):
        people = []
        for record in members:
            pk = keys.at(_AT)
            questions.humans[pk] = record.human
            people.append(_person(record.identity, pk))
        yield NewHousehold(
            organisation_id=organisations[is_again],
            registered_in_id=region,
            origin_id=int(place) if place else None,
            occurred_at=_AT,
            recorded_at=_AT,
            by=by,
            phone=phone,
            people=people,
        )


def _person(identity: Identity, pk: UUID) -> NewPerson:
    return NewPerson(
        *(identity.given_name, identity.patronymic, identity.family_name),
        sex=identity.sex or "not_collected",
        birth_date=identity.birth_date,
        birth_precision=identity.birth_precision,
        relationship="unknown",
        id=pk,
    )
