"""Whom a row is about: a person or a household of the register, by registration number or by the partner's reference."""

from django.utils.translation import gettext_lazy as _

from core.registration import parse_number
from intake.kinds.asking import Asking, in_reach
from intake.kinds.kind import Field, Row
from intake.values import read_reference, read_registration_number

NUMBER = Field(
    "number",
    _("registration number"),
    read_registration_number,
    words=(
        *(
            "registration number",
            "number",
            "reg no",
            "registration no",
            "card",
            "card number",
            "musterpoint number",
        ),
        *("регистрационный номер", "номер регистрации", "номер карточки", "номер", "рег номер"),
        *("реєстраційний номер", "номер реєстрації", "номер картки"),
    ),
    tags=("#beneficiary+id+code", "#affected+id+code", "#meta+id"),
)
PERSON_REFERENCE = Field(
    "person_reference",
    _("partner's reference of the person"),
    read_reference,
    words=(
        *(
            "person reference",
            "person id",
            "individual id",
            "individual number",
            "member id",
            "beneficiary id",
        ),
        *("id", "id человека", "код человека", "ид человека", "номер человека", "id особи", "код особи"),
    ),
    tags=("#beneficiary+id+individual", "#affected+id+individual"),
)
HOUSEHOLD_REFERENCE = Field(
    "household_reference",
    _("partner's reference of the household"),
    read_reference,
    words=(
        *(
            "household reference",
            "household id",
            "family id",
            "family number",
            "case number",
            "hh id",
            "household",
        ),
        *("номер семьи", "код семьи", "id семьи", "семья", "домохозяйство"),
        *("номер родини", "код родини", "id родини", "родина", "домогосподарство"),
    ),
    tags=("#beneficiary+id+hh", "#affected+id+hh", "#affected+hh+id"),
)
#: Slots that `prepare` and `resolve` fill.
DERIVED = ("serial", "person", "household")
SENTENCES = {
    "who_needed": _("Say who it is: by registration number, or by the reference under which you sent them."),
    "unknown_person": _(
        "Nobody with this number or reference is in your part of the register. Check it, or register them first."
    ),
    "who_differs": _("The number and the reference belong to different records. Correct one of them."),
    "household_is_named": _(
        "The people of this household are named. Write one row for each of them, with their own numbers."
    ),
    "person_needed": _("This is the number of a household. Give the number of each person."),
}


def prepare(row: Row, slots: dict[str, int]) -> None:
    """The serial behind the number; refused where nothing says who it is."""
    value = row.value
    number = value[slots["number"]]
    if number:
        value[slots["serial"]] = str(parse_number(number))
    elif not any(value[slots[name]] for name in ("person_reference", "household_reference") if name in slots):
        row.refuse("number", "who_needed")


def resolve(asking: Asking) -> None:
    """Find the person, or the household, of each row; a merged person is whom they were merged into. Some six statements.

    Whose record is another organisation's, void, or out of the sender's reach is as unknown as who is not there.
    """
    serial = asking.slot("serial")
    mine = "p.organisation_id = %(organisation)s AND p.voided_at IS NULL"
    here = f"AND EXISTS (SELECT FROM displacement_household h WHERE h.id = p.household_id AND {in_reach('h.registered_in_id')})"
    person, found = "coalesce(p.merged_into_id, p.id)::text", f"{mine} {here}"
    asking.fill(
        "person",
        person,
        "displacement_person p",
        f"{serial} <> '' AND p.serial = {serial}::bigint AND {found}",
    )
    asking.fill(
        "person",
        person,
        "displacement_person p",
        f"{serial} = '' AND p.reference = nullif({asking.slot('person_reference')}, '') AND {found}",
    )
    if "household_reference" in asking.kind.slots:
        _resolve_households(asking, serial, mine)
    asking.refuse(
        "unknown_person", _told(asking), f"{asking.slot('person')} = '' AND {asking.slot('household')} = ''"
    )
    _refuse_differing(asking)


def _resolve_households(asking: Asking, serial: str, mine: str) -> None:
    source, found = "displacement_household p", f"{mine} AND {in_reach('p.registered_in_id')}"
    by_number = f"{serial} <> '' AND p.serial = {serial}::bigint"
    unsaid = f"{serial} = '' AND {asking.slot('person_reference')} = ''"
    by_reference = f"{unsaid} AND p.reference = nullif({asking.slot('household_reference')}, '')"
    for way in (by_number, by_reference):
        asking.fill("household", "p.id::text", source, f"{way} AND {asking.slot('person')} = '' AND {found}")
    asking.refuse(
        "household_is_named",
        _told(asking),
        f"{asking.slot('household')} <> '' AND NOT EXISTS (SELECT FROM displacement_householdgroup counted"
        f" WHERE counted.household_id = {asking.slot('household')}::uuid AND counted.voided_at IS NULL)",
    )


def _refuse_differing(asking: Asking) -> None:
    """A number and a reference in one row name one person, or the columns are mixed up."""
    reference = asking.slot("person_reference")
    asking.refuse(
        "who_differs",
        "person_reference",
        f"{asking.slot('serial')} <> '' AND {reference} <> '' AND {asking.slot('person')} <> ''"
        f" AND NOT EXISTS (SELECT FROM displacement_person p WHERE p.reference = {reference}"
        f" AND p.voided_at IS NULL AND coalesce(p.merged_into_id, p.id) = {asking.slot('person')}::uuid)"
        f" AND EXISTS (SELECT FROM displacement_person p WHERE p.reference = {reference}"
        " AND p.voided_at IS NULL AND p.organisation_id = %(organisation)s)",
    )


def lock(asking: Asking) -> None:
    """Lock who the rows are about, households first, so that nobody changes them until these rows are written."""
    for name, table in (("household", "displacement_household"), ("person", "displacement_person")):
        if name in asking.kind.slots:
            asking.rows(
                f"SELECT id FROM {table} WHERE id IN (SELECT nullif({asking.slot(name)}, '')::uuid FROM intake_stagedrow s"
                f" WHERE {asking.rows_asked}) ORDER BY id FOR NO KEY UPDATE"
            )


def renew(asking: Asking) -> None:
    """Look again, under the lock: people may have been merged or voided since the check."""
    asking.fill(
        "person",
        "p.merged_into_id::text",
        "displacement_person p",
        f"p.id = nullif({asking.slot('person')}, '')::uuid AND p.merged_into_id IS NOT NULL",
    )
    for name in ("person", "household"):
        asking.refuse(
            "unknown_person",
            _told(asking),
            f"{asking.slot(name)} <> '' AND NOT EXISTS (SELECT FROM displacement_{name} p"
            f" WHERE p.id = {asking.slot(name)}::uuid AND p.voided_at IS NULL)",
        )


def _told(asking: Asking) -> str:
    """The column that said who it is."""
    return next((name for name in ("number", "person_reference") if asking.heading(name)), "number")
