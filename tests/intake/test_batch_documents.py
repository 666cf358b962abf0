"""Documents in lists: sealed as soon as they are read, in the register under their person, and a sign of who is known."""

import pytest

from displacement.identity.lookup import likely_duplicates
from displacement.models import Household, IdentityDocument, Person
from intake.actions import batches
from intake.models import StagedRow
from tests.intake.lists import accepted, checked, clerk, family, people

pytestmark = pytest.mark.django_db
NUMBER = "МР 834917"
SHOWN = {"Passport": NUMBER, "Paper": "паспорт", "Issued by": "Україна"}


def test_a_document_goes_from_the_cell_to_its_person_and_is_never_in_clear() -> None:
    by = clerk()
    batch = checked(people(*family("1", given=("Ivan",), **SHOWN), *family("2", given=("Olha",))), by)
    rows = {row.number: row for row in StagedRow.objects.filter(batch=batch)}
    assert all(NUMBER not in " ".join(row.value) for row in rows.values())
    assert len(rows[3].value) < len(rows[2].value), "rows without a document are cut off as ever"
    accepted(people(*family("3", given=("Ivan",), **SHOWN), *family("4", given=("Olha",))), by)
    paper = IdentityDocument.objects.get()
    assert (paper.kind, paper.country, paper.number) == ("passport", "UA", NUMBER)
    person = paper.person
    assert (person.given_name, person.document_keys) == ("Ivan", [paper.key])
    assert paper.key in person.match_keys
    assert Person.objects.exclude(pk=person.pk).get().document_keys is None
    assert (paper.recorded_at, paper.recorded_by) == (person.recorded_at, person.recorded_by)
    asked = person.identity()._replace(birth_date=None, birth_precision="", given_name="Иван")
    assert [each.levels["document"] for each in likely_duplicates(asked)] == ["same"]


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"Passport": "12"}, "document_number"),
        ({"Passport": "1.23E+11"}, "digits_lost"),
        ({**SHOWN, "Paper": "seal"}, "document_kind_word"),
        ({**SHOWN, "Issued by": "Atlantis"}, "country_word"),
    ],
)
def test_what_cannot_be_read_is_said(told: dict[str, str], code: str) -> None:
    batch = checked(people(*family("1", given=("Ivan",), **told)), clerk())
    assert code in set(batch.findings.values_list("code", flat=True))


def test_a_list_that_is_taken_back_takes_its_documents_along() -> None:
    by = clerk()
    batch = accepted(people(*family("1", given=("Ivan",), **SHOWN)), by)
    batches.undo(batch=batch, by=by, reason="The wrong file.")
    assert IdentityDocument.objects.get().voided_at
    assert not Household.objects.current().exists()
