"""What stands for telephones and documents in exact searches, made anew under the key of now while people work.

Values are opened and compared, since an index does not say under which key it was made: a run that was stopped, or a second
one, writes only what still stands under the key of before. People get new keys with their household or document.
"""

from collections.abc import Iterator
from uuid import UUID

from django.db import models, transaction

from accounts.models import User
from audit.actions.record import record
from core.decoys import is_lost_without_former_key, listed
from displacement.identity.documents import number_index
from displacement.identity.phones import phone_index
from displacement.models import Household, IdentityDocument, Person
from displacement.models.document import find_by_documents
from intake.kinds.registry import KINDS
from intake.models import Batch, StagedRow
from intake.models.batch import BatchState
from intake.slots import mark_of, opened

#: Rows of one transaction, a second or two.
CHUNK = 500
#: Lists that will be written with what stands in their rows.
_OPEN = (BatchState.STAGING, BatchState.READY, BatchState.ACCEPTING, BatchState.FAILED)


def renew_telephones(by: User) -> Iterator[int]:
    """Telephones of households, and with them the keys of their people; how many, chunk by chunk."""
    rows = Household.objects.exclude(phone="").order_by("pk")
    for keys in _chunks(rows, "pk"):
        with transaction.atomic():
            locked = list(rows.select_for_update(no_key=True).filter(pk__in=keys))
            differing = [each for each in locked if phone_index(each.phone) != each.phone_index]
            for household in differing:
                household.phone_index = phone_index(household.phone)
            _write(differing, ["phone_index"], by)
            people = Person.objects.select_for_update(of=("self",), no_key=True).filter(
                household__in=differing
            )
            changed = list(people.select_related("household").order_by("pk"))
            for person in changed:
                person.renew_keys()
            Person.objects.bulk_update(changed, ["match_keys"])
        yield len(differing)


def renew_documents(by: User) -> Iterator[int]:
    """Numbers of documents, and with them the keys of whoever showed them; people are locked first, as everywhere."""
    for people in _chunks(Person.objects.filter(documents__isnull=False).order_by("pk").distinct(), "pk"):
        with transaction.atomic():
            list(
                Person.objects.select_for_update(no_key=True)
                .filter(pk__in=people)
                .order_by("pk")
                .values("pk")
            )
            rows = IdentityDocument.objects.select_for_update(no_key=True).filter(person__in=people)
            differing = [
                each for each in rows.order_by("pk") if number_index(each.number) != each.number_index
            ]
            for document in differing:
                document.number_index = number_index(document.number)
            _write(differing, ["number_index"], by)
            find_by_documents({document.person_id for document in differing})
        yield len(differing)


def left() -> tuple[int, int]:
    """How many telephones and documents still stand under another key. It opens each of them."""
    phones = Household.objects.exclude(phone="").only("pk", "phone", "phone_index")
    papers = IdentityDocument.objects.only("pk", "number", "number_index")
    return (
        sum(phone_index(each.phone) != each.phone_index for each in phones.iterator()),
        sum(number_index(each.number) != each.number_index for each in papers.iterator()),
    )


def decoys_lost() -> int:
    """How many households and people are marked as honey records under the former key, and stand in no list of them.

    Whoever opened one would raise no alarm once that key is gone. It reads every id, a few microseconds each.
    """
    listed.cache_clear()
    return sum(
        is_lost_without_former_key(pk)
        for model in (Household, Person)
        for pk in model._base_manager.order_by().values_list("pk", flat=True).iterator()
    )


def open_lists() -> list[UUID]:
    """Lists that were read under another key and are not in the register yet: they would bring it back."""
    return [
        batch.pk for batch in Batch.objects.filter(state__in=_OPEN).order_by("pk") if _is_of_before(batch)
    ]


def _is_of_before(batch: Batch) -> bool:
    kind = KINDS[batch.kind]
    marked = [(kind.slots[field.name], field.mark) for field in kind.fields if field.mark]
    rows = StagedRow.objects.filter(batch=batch).values_list("value", flat=True)
    return bool(marked) and any(
        value[slot] and mark(opened(value[slot], batch.pk)) != mark_of(value[slot])
        for value in rows.iterator()
        for slot, mark in marked
        if slot < len(value)
    )


def _chunks(rows: models.QuerySet[models.Model], key: str) -> Iterator[list[UUID]]:
    """Keys in their order; what is written meanwhile is written under the key of now."""
    last: UUID | None = None
    while True:
        after = rows.filter(**{f"{key}__gt": last}) if last else rows
        keys: list[UUID] = list(after.values_list(key, flat=True)[:CHUNK])
        if not keys:
            return
        yield keys
        last = keys[-1]


def _write(rows: list[models.Model], columns: list[str], by: User) -> None:
    if rows:
        type(rows[0])._base_manager.bulk_update(rows, columns)
        record("index_renewed", by, by=by, detail={rows[0]._meta.label_lower: len(rows)})
