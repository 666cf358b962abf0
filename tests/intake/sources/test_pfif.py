"""PFIF 1.4: people, and what the latest note about each says."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError

from intake.sources import pfif
from intake.sources.limits import LIMITS

NOW = datetime(2024, 8, 20, tzinfo=UTC)
HEAD = '<?xml version="1.0" encoding="UTF-8"?><pfif:pfif xmlns:pfif="http://zesty.ca/pfif/1.4">'
PERSON = """<pfif:person><pfif:person_record_id>example.org/{id}</pfif:person_record_id>
<pfif:source_date>2024-08-10T00:00:00Z</pfif:source_date><pfif:full_name>Анна Литвин</pfif:full_name>
<pfif:given_name>Анна</pfif:given_name><pfif:family_name>Литвин</pfif:family_name><pfif:sex>female</pfif:sex>
<pfif:date_of_birth>1990-05</pfif:date_of_birth>{more}</pfif:person>"""
NOTE = """<pfif:note><pfif:note_record_id>example.org/n{n}</pfif:note_record_id>{about}
<pfif:source_date>{at}</pfif:source_date><pfif:status>{status}</pfif:status></pfif:note>"""


def _person(key: str, more: str = "") -> str:
    return PERSON.format(id=key, more=more)


def _note(at: str, status: str, about: str = "") -> str:
    named = f"<pfif:person_record_id>example.org/{about}</pfif:person_record_id>" if about else ""
    return NOTE.format(n=at, at=at, status=status, about=named)


def _read(*parts: str) -> list[tuple[dict[str, str], str]]:
    source = pfif.read(BytesIO((HEAD + "".join(parts) + "</pfif:pfif>").encode()), LIMITS, now=NOW)
    names = [column.name for column in source.columns]
    return [(dict(zip(names, row.values, strict=True)), row.problem) for row in source.rows]


def test_a_person_is_a_row() -> None:
    ((person, problem),) = _read(_person("1"))
    assert person["reference"] == "example.org/1"
    assert (person["given_name"], person["birth_date"], person["age"]) == ("Анна", "1990-05", "")
    assert problem == ""


def test_a_note_that_came_late_and_is_of_earlier_does_not_decide() -> None:
    late_but_old = _note("2024-08-09T00:00:00Z", "believed_missing", "1")
    newest = _note("2024-08-12T00:00:00Z", "is_note_author", "1")
    ((person, problem),) = _read(_person("1"), newest, late_but_old)
    assert (person["status"], person["status_at"], problem) == ("is_note_author", "2024-08-12T00:00:00Z", "")


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        ("believed_alive", ""),
        ("information_sought", "pfif_sought"),
        ("believed_missing", "pfif_sought"),
        ("believed_dead", "pfif_believed_dead"),
    ],
)
def test_who_is_sought_or_believed_dead_is_not_registered(status: str, problem: str) -> None:
    inside = _note("2024-08-12T00:00:00Z", status)
    assert [found for _person_, found in _read(_person("1", inside), _person("2"))] == [problem, ""]


def test_a_record_past_its_expiry_is_not_taken() -> None:
    expired = "<pfif:expiry_date>2024-08-19T00:00:00Z</pfif:expiry_date>"
    assert [found for _person_, found in _read(_person("1", expired))] == ["pfif_expired"]


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"{}",
        b"<a><b></a>",
        b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b'<?xml version="1.0" encoding="no-such"?><a/>',
    ],
)
def test_what_is_no_pfif_is_refused(hostile: bytes) -> None:
    with pytest.raises(ValidationError) as refusal:
        list(pfif.read(BytesIO(hostile), LIMITS).rows)
    assert [error.code for error in refusal.value.error_dict["file"]] == ["not_pfif"]
