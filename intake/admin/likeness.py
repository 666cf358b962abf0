"""Who of the register the person in a row may be, beside the row: only as much as the reader may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse

from displacement.identity.identity import Identity
from displacement.identity.lookup import Likely, likely_duplicates
from displacement.identity.words import born_in_words, in_words
from displacement.models import Person
from intake.identities import identity_of
from intake.kinds.kind import Kind
from intake.models import StagedRow
from intake.models.staging import Severity


class Match(NamedTuple):
    """A registered person of the own organisation: one line, their page, and what speaks for it."""

    label: str
    url: str
    why: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """Those who are shown, and whether another organisation registered a likely match, of whom nothing is."""

    own: list[Match]
    is_elsewhere: bool


def likeness_of(
    kind: Kind, rows: Sequence[StagedRow], request: HttpRequest, people: Any
) -> dict[int, Likeness]:
    """For each row that names somebody, whom they are likely to be; `people` is the desk's list of people.

    One query for each row and one for all who are shown. Rows that are refused, or are registered already, are passed over.
    """
    found: dict[int, list[Likely]] = {}
    for row in rows:
        identity = identity_of(kind, row.value)
        if identity is not None and row.severity != Severity.ERROR:
            found[row.number] = likely_duplicates(identity, excluding=[row.record_id], limit=3)
    ids = [match.person_id for matches in found.values() for match in matches]
    shown = people.get_queryset(request).select_related("household__origin").in_bulk(ids)
    return {
        number: Likeness(
            [_described(match, shown[match.person_id]) for match in matches if match.person_id in shown],
            any(match.person_id not in shown for match in matches),
        )
        for number, matches in found.items()
        if matches
    }


def in_one_line(identity: Identity) -> str:
    """Names and birth as the page's heading of a row says them."""
    names = " ".join(
        name for name in (identity.family_name, identity.given_name, identity.patronymic) if name
    )
    return " · ".join(
        part for part in (names, born_in_words(identity.birth_date, identity.birth_precision)) if part
    )


def _described(match: Likely, person: Person) -> Match:
    parts = [
        person.full_name,
        born_in_words(person.birth_date, person.birth_precision),
        str(person.household.origin or ""),
        person.number,
    ]
    url = reverse("admin:displacement_person_change", args=[person.pk])
    return Match(" · ".join(part for part in parts if part), url, ", ".join(in_words(match.levels)))
