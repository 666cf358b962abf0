"""Lists as partners send them, and a batch taken all the way by hand: what workers do is called in turn."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from accounts.models import Organisation, User
from accounts.policy import Role
from intake.accepting import write
from intake.actions import batches
from intake.models import Batch
from intake.staging import stage
from regions.models import Region
from tests.factories.accounts import user_in_role
from tests.factories.regions import region

#: Field of the kind for each heading of the lists made here.
COLUMNS: Mapping[str, str] = {
    "HH": "household",
    "ID": "reference",
    "Family": "family_name",
    "Given": "given_name",
    "Patronymic": "patronymic",
    "Sex": "sex",
    "Born": "birth_date",
    "Age": "age",
    "Role": "relationship",
    "Phone": "phone",
    "From": "origin",
    "Left": "left_on",
    "Arrived": "arrived_on",
    "Where": "destination",
    "Needs": "needs",
    "Consent": "consent_service",
    "People": "people",
    "Band": "age_band",
    "Women": "female_18-59",
    "Boys": "male_5-11",
    "Passport": "document_number",
    "Paper": "document_kind",
    "Issued by": "document_country",
}


def people(*rows: Mapping[str, object]) -> bytes:
    """A CSV file of these rows under the headings of COLUMNS; what a row does not tell is blank."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def family(
    number: str, *, given: Sequence[str] = ("Ivan", "Olha"), **told: object
) -> list[dict[str, object]]:
    """A household of people from Sudzhansky district who arrived in Kursk, each born in another month."""
    common = {
        "HH": number,
        "Family": f"Petrenko{_letters(number)}",
        "From": "RU-KRS-SUDZHANSKY",
        "Left": "2024-08-06",
    }
    return [
        {
            **common,
            "Given": name,
            "Born": f"1980-{place + 1:02}-15",
            "Sex": "m",
            "Arrived": "2024-08-07",
            "Where": "RU-KRS-KURSK",
            **told,
        }
        for place, name in enumerate(given)
    ]


def _letters(number: str) -> str:
    """Another family name for each number: names have no digits, and doubled letters sound like one."""
    return "".join(
        "badefogukalemonupare"[2 * int(digit) : 2 * int(digit) + 2] for digit in number if digit.isdigit()
    )


def clerk(organisation: Organisation | None = None) -> User:
    """A registrar everywhere."""
    region("RU-KRS-SUDZHANSKY")
    return user_in_role(Role.REGISTRAR, organisation=organisation)


def organisation_of(user: User) -> Organisation:
    """The one organisation of the user."""
    return Organisation.objects.get(memberships__user=user)


def registered_in() -> Region:
    """Kursk."""
    return region("RU-KRS-KURSK")


def sent(file: bytes, by: User, **told: Any) -> Batch:
    """A batch that was received and not read yet."""
    return batches.receive(
        **{
            "organisation": organisation_of(by),
            "kind": "people",
            "file": io.BytesIO(file),
            "name": "list.csv",
            "by": by,
            "registered_in": registered_in(),
            **told,
        }
    )


def checked(file: bytes, by: User, **told: Any) -> Batch:
    """A batch that was read and checked."""
    batch = sent(file, by, **told)
    batches.map_columns(batch=batch, columns=COLUMNS, by=by)
    stage(batch.pk)
    return Batch.objects.get(pk=batch.pk)


def accepted(file: bytes, by: User, *, with_warnings: bool = False, leaving_out: Sequence[int] = ()) -> Batch:
    """A batch that was written into the register."""
    batch = checked(file, by)
    batches.accept(batch=batch, by=by, with_warnings=with_warnings, leaving_out=leaving_out)
    write(batch.pk)
    return Batch.objects.get(pk=batch.pk)


def found(batch: Batch) -> set[tuple[int, str]]:
    """Row and code of each finding."""
    return set(batch.findings.values_list("row", "code"))
