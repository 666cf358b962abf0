"""A partner's system sends its list over the API, mends it by itself, and takes it back."""

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from accounts.policy import Role
from displacement.models import Person
from intake.accepting import write
from intake.models import Batch, Mapping
from intake.staging import stage
from tests.api.conftest import client_of
from tests.factories.accounts import user_in_role
from tests.factories.regions import RunningOperationFactory, kursk_tree
from tests.lists import table

pytestmark = pytest.mark.django_db
BATCHES = "/api/v1/batches/"
LIST = table(
    "hh id,individual id,surname,first name,gender,dob,from",
    "A-1,A-1-1,Kovalchuk,Olena,F,1980-03-14,RU-KRS-SUDZHANSKY",
    "A-1,A-1-2,Kovalchuk,Ivan,M,2017-05-02,RU-KRS-SUDZHANSKY",
    "A-2,A-2-1,Melnyk,Hanna,F,1991-13-07,RU-KRS-SUDZHANSKY",
    "A-3,A-3-1,Bondar,Petro,M,1950-11-17,Atlantis",
    delimiter=";",
)


@pytest.fixture
def partner() -> APIClient:
    """A partner's program with an account of its own."""
    kursk_tree()
    RunningOperationFactory.create()
    return client_of(user_in_role(Role.PARTNER_SYSTEM))


def _send(partner: APIClient, content: bytes, **told: str) -> Any:
    form = {
        "file": SimpleUploadedFile("people.csv", content),
        "kind": "people",
        "region": "RU-KRS-KURSK",
        **told,
    }
    return partner.post(BATCHES, form, format="multipart")


def _named(partner: APIClient, batch: dict[str, Any]) -> dict[str, Any]:
    """Take the guess for each column, and read the rows as a worker does."""
    columns = {each["heading"]: each["field"] for each in batch["columns_named"] if each["field"]}
    url = f"{BATCHES}{batch['id']}/"
    answer = partner.post(f"{url}columns/", {"columns": columns, "save_as": "Partner"})
    assert answer.status_code == 202, answer.content
    stage(Batch.objects.get(pk=batch["id"]).pk)
    told: dict[str, Any] = partner.get(url).json()
    return told


def test_a_partner_sends_looks_accepts_mends_and_takes_back(partner: APIClient) -> None:
    answer = _send(partner, LIST)
    assert answer.status_code == 202, answer.content
    batch = _named(partner, answer.json())
    url = answer.headers["Location"]
    assert (batch["state"], batch["summary"]["fine"], batch["summary"]["refused"]) == ("ready", 2, 2)
    findings = partner.get(f"{url}findings/?severity=error").json()["results"]
    assert [(each["row"], each["column"]) for each in findings] == [(4, "dob"), (5, "from")]
    assert partner.post(f"{url}accept/", {"with_warnings": False}).status_code == 202
    write(Batch.objects.get().pk)
    done = partner.get(url).json()
    assert (done["state"], done["outcome"]["people"]) == ("accepted", 2)
    refused = list(csv.reader(io.StringIO(partner.get(f"{url}refused/").getvalue().decode("utf-8-sig"))))
    assert [row[1] for row in refused[1:]] == ["A-2-1", "A-3-1"]
    assert partner.post(f"{url}undo/", {"reason": "Sent too early."}).json()["state"] == "undone"
    assert not Person.objects.filter(voided_at=None).exists()


def test_the_next_list_needs_no_questions(partner: APIClient) -> None:
    _named(partner, _send(partner, LIST).json())
    second = _send(partner, LIST.replace(b"1991-13-07", b"1991-12-07"), mapping="Partner").json()
    assert second["state"] == "staging"
    again = _send(partner, LIST)
    assert (again.status_code, again.json()["errors"][0]["code"]) == (409, "file_known")


def test_what_is_kept_under_a_name_is_replaced_only_by_its_version(partner: APIClient) -> None:
    _named(partner, _send(partner, LIST).json())
    batch = _send(partner, LIST.replace(b"1991-13-07", b"1991-12-07")).json()
    url, meant = f"{BATCHES}{batch['id']}/columns/", {"surname": "family_name"}
    answer = partner.post(url, {"columns": meant, "save_as": "Partner"})
    told = answer.json()["errors"][0]
    assert (answer.status_code, told["code"], told["pointer"]) == (409, "name_taken", "/save_as")
    assert "version 1" in told["detail"]
    assert partner.post(url, {"columns": meant, "save_as": "Partner", "replacing": 1}).status_code == 202
    assert Mapping.objects.get().columns == meant
