"""Naming people who were counted: a list under the household number of a counted household says who they are."""

from collections.abc import Mapping
from datetime import date
from itertools import groupby
from uuid import UUID

from django.db.models import Exists, OuterRef

from displacement.actions.documents import NewDocument
from displacement.actions.households import name_people
from displacement.actions.people import NewPerson
from displacement.models import Household, Person
from displacement.models.codes import Sex
from displacement.models.person import Relationship
from intake.kinds.kind import Chunk
from intake.kinds.people_reading import kind_in
from intake.models import StagedRow
from intake.row_ids import RowIds
from intake.slots import opened

_REASON = "The people were named by a list."


def name_counted(chunk: Chunk, slots: Mapping[str, int]) -> int:
    """Write down who stands for the counts that the chunk's rows name, by the rule that counts nobody twice; how many.

    One query where there are none, else some ten for each household. The rows are marked with the persons that they became, so
    that nothing else is written for them.
    """
    span = chunk.span
    named = Person.objects.current().filter(household=OuterRef("pk"))
    waiting = StagedRow.objects.filter(
        batch=chunk.batch,
        lead__gt=span.after,
        lead__lte=span.last,
        severity__lte=chunk.worst,
        is_left_out=False,
        known_as=None,
    )
    # Rows of one household number lead each other, so that what this batch made itself is counted by no earlier chunk of it.
    # Asking for others alone finds none at once; else every chunk may read all households.
    others = waiting.exclude(parent_id__range=RowIds.bounds(chunk.batch)).values("parent_id")
    counted = Household.objects.current().filter(pk__in=others).exclude(Exists(named))
    homes = counted.in_bulk()
    if not homes:
        return 0
    done = 0
    rows = waiting.filter(parent_id__in=homes).order_by("parent_id", "number")
    for parent, group in groupby(rows, key=lambda row: row.parent_id):
        done += _name(homes[parent], list(group), chunk, slots)
    return done


def _name(household: Household, rows: list[StagedRow], chunk: Chunk, slots: Mapping[str, int]) -> int:
    people = [_person(row.value, slots, chunk.batch.pk) for row in rows]
    made = name_people(household=household, people=people, by=chunk.by, reason=_REASON)
    for row, person in zip(rows, made, strict=True):
        row.record_id = row.known_as = person.pk
        StagedRow.objects.filter(batch=chunk.batch, number=row.number).update(
            record_id=person.pk, known_as=person.pk
        )
    return len(made)


def _person(value: list[str], slots: Mapping[str, int], batch: UUID) -> NewPerson:
    born = value[slots["born"]]
    return NewPerson(
        given_name=value[slots["given_name"]],
        patronymic=value[slots["patronymic"]],
        family_name=value[slots["family_name"]],
        sex=value[slots["sex"]] or Sex.NOT_COLLECTED,
        birth_date=date.fromisoformat(born) if born else None,
        birth_precision=value[slots["precision"]],
        relationship=value[slots["relationship"]] or Relationship.UNKNOWN,
        needs=tuple(value[slots["needs"]].split()),
        reference=value[slots["reference"]],
        documents=_documents(value, slots, batch),
    )


def _documents(value: list[str], slots: Mapping[str, int], batch: UUID) -> tuple[NewDocument, ...]:
    number = slots["document_number"]
    if number >= len(value) or not value[number]:
        return ()
    kind, country = kind_in(value, slots)
    return (NewDocument(kind=kind, country=country, number=opened(value[number], batch)),)
