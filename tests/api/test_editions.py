"""Editions over the API: drafts, publishing, taking back, and their files."""

from datetime import date
from hashlib import sha256

import pytest

from accounts.policy import Role
from reports.models import Edition, EditionFile
from reports.models.edition import Audience
from reports.rendering.registry import FORMATS
from tests.api.conftest import ClientAs, client_of
from tests.api.test_input import faults
from tests.api.world import World
from tests.factories.accounts import user_in_role
from tests.factories.regions import region
from tests.factories.reports import EditionFileFactory, PublishedEditionFactory, PublishedErratumFactory

EDITIONS = "/api/v1/editions/"
ERRATA = "/api/v1/errata/"
OUTSIDE = {Role.REPORT_RECIPIENT, Role.PARTNER_SYSTEM}


def test_drafts_are_for_those_who_make_them(world: World, client_as: ClientAs) -> None:
    url = f"{EDITIONS}{world.draft.pk}/"
    assert client_as(Role.PUBLISHER).get(url).status_code == 200
    assert client_as(Role.REGISTRAR).get(url).status_code == 404
    listed = client_as(Role.REGISTRAR).get(EDITIONS).json()["results"]
    assert [row["local_day"] for row in listed] == ["2024-08-12"]


def test_an_edition_is_made_published_by_another_and_read_as_files(world: World, client_as: ClientAs) -> None:
    author, publisher = client_as(Role.PUBLISHER), client_as(Role.PUBLISHER)
    body = {"operation": "kursk-2024", "region": "Kursk Oblast", "local_day": "2024-08-11"}
    made = author.post(EDITIONS, body)
    assert made.status_code == 201, made.content
    url = made.headers["Location"]
    assert made.json()["status"] == "draft"
    refused = publisher.post(f"{url}publish/", {})
    assert (refused.status_code, faults(refused)) == (409, {"": "wrong_state"})
    lines = ["121 people left.", "Two shelters are full.", "Three districts are silent."]
    edited = author.post(f"{url}highlights/", {"lines": lines}).json()
    assert edited["highlights"] == lines != edited["drafted_highlights"]
    assert author.post(f"{url}submit/", {}).json()["status"] == "in_review"
    assert publisher.post(f"{url}send-back/", {"reason": "Too short."}).json()["status"] == "draft"
    assert author.post(f"{url}submit/", {}).json()["send_back_reason"] == "Too short."
    assert author.post(f"{url}approve/", {}).status_code == 403
    assert publisher.post(f"{url}approve/", {}).json()["status"] == "approved"
    assert author.post(f"{url}highlights/", {"lines": lines}).status_code == 409
    published = publisher.post(f"{url}publish/", {}).json()
    assert published["status"] == "published"
    assert {file["format"] for file in published["files"]} == FORMATS.keys()
    for file in published["files"]:
        answer = client_as(Role.AUDITOR).get(file["url"], headers={"Accept": "application/pdf"})
        assert answer.headers["Content-Type"] == file["media_type"]
        assert sha256(answer.content).hexdigest() == file["sha256"]
        assert answer.headers["ETag"] == f'"{file["sha256"]}"'
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")


def test_the_mail_and_unknown_formats_are_no_files(world: World, client_as: ClientAs) -> None:
    EditionFile.objects.create(
        edition=world.edition, format="mail", media_type="message/rfc822", content=b"x"
    )
    client = client_as(Role.PUBLISHER)
    for name in ("mail", "exe", "..%2F..%2Fetc", "text%00"):
        assert client.get(f"{EDITIONS}{world.edition.pk}/files/{name}/").status_code == 404
    shown = client.get(f"{EDITIONS}{world.edition.pk}/").json()
    assert [file["format"] for file in shown["files"]] == ["text"]


def test_the_refusals_say_what_to_do(world: World, client_as: ClientAs) -> None:
    client = client_as(Role.PUBLISHER)
    body = {"operation": "kursk-2024", "region": "RU-KRS", "local_day": "2024-08-01"}
    for change, expected in (
        ({}, {"/local_day": "outside_operation"}),
        ({"local_day": "2190-01-01"}, {"/local_day": "day_not_over"}),
        ({"region": "UA-59"}, {"/region": "region_not_reported"}),
        ({"operation": "Zxqvky"}, {"/operation": "unknown_operation"}),
        ({"local_day": "2024-08-11", "known_at": "2024-08-11T00:00:00Z"}, {"/known_at": "known_before_end"}),
    ):
        answer = client.post(EDITIONS, {**body, **change})
        assert answer.status_code == 400
        assert faults(answer) == expected
    assert Edition.objects.count() == 4


def test_an_edition_is_taken_back_once(world: World, client_as: ClientAs) -> None:
    client = client_as(Role.PUBLISHER)
    url = f"{EDITIONS}{world.edition.pk}/withdraw/"
    assert faults(client.post(url, {})) == {"/reason": "required"}
    assert client.post(url, {"reason": "A district was missing."}).json()["status"] == "withdrawn"
    again = client.post(url, {"reason": "A district was missing."})
    assert (again.status_code, faults(again)) == (409, {"": "withdrawn"})


def test_a_draft_has_no_files_yet(world: World, client_as: ClientAs) -> None:
    client = client_as(Role.PUBLISHER)
    assert client.get(f"{EDITIONS}{world.draft.pk}/").json()["files"] == []
    assert client.get(f"{EDITIONS}{world.draft.pk}/files/pdf/").status_code == 404


def test_two_editions_figure_by_figure(world: World, client_as: ClientAs) -> None:
    client = client_as(Role.REGIONAL_COORDINATOR)
    other = PublishedEditionFactory.create(local_day=date(2024, 8, 11))
    answer = client.get(f"{EDITIONS}{world.edition.pk}/compare/?with={other.pk}").json()
    assert (answer["old"], answer["new"]) == (str(other.pk), str(world.edition.pk))
    [displaced] = [row for row in answer["figures"] if row["new"]["indicator"] == "displaced"]
    assert displaced["difference"] == 0
    assert displaced["old"]["value"] == displaced["new"]["value"]
    alone = client.get(f"{EDITIONS}{world.edition.pk}/compare/").json()
    assert (alone["old"], alone["figures"]) == (None, [])
    assert client.get(f"{EDITIONS}{world.edition.pk}/compare/?with={world.draft.pk}").status_code == 404


def test_found_by_readers_and_language(world: World, client_as: ClientAs) -> None:
    client = client_as(Role.PUBLISHER)
    assert client.get(f"{EDITIONS}?language=uk").json()["results"] == []
    assert len(client.get(f"{EDITIONS}?audience=internal&language=en").json()["results"]) == 4


@pytest.mark.parametrize("role", list(Role))
def test_each_role_reads_the_audiences_that_are_for_it_and_of_others_nothing(
    role: Role, world: World, client_as: ClientAs
) -> None:
    """What is for others is as absent: in lists, details, files, comparisons and errata alike."""
    client = client_as(role)
    day = date(2024, 8, 7)
    for audience in Audience.values:
        edition = PublishedEditionFactory.create(local_day=day, audience=audience)
        EditionFileFactory.create(edition=edition, format="text", content=b"121")
        erratum = PublishedErratumFactory.create(edition=edition)
        is_theirs = audience != Audience.INTERNAL or role not in OUTSIDE
        for url in (
            f"{EDITIONS}{edition.pk}/",
            f"{EDITIONS}{edition.pk}/files/text/",
            f"{EDITIONS}{edition.pk}/compare/",
            f"{ERRATA}{erratum.pk}/",
        ):
            assert client.get(url).status_code == (200 if is_theirs else 404), (audience, url)
        for path in (EDITIONS, ERRATA):
            listed = client.get(f"{path}?audience={audience}").json()["results"]
            assert bool(listed) == is_theirs, (audience, path)


def test_the_public_role_of_nobody_and_an_absent_edition_answer_alike(
    world: World, client_as: ClientAs
) -> None:
    client = client_as(Role.REPORT_RECIPIENT)
    answers = []
    for key in (world.edition.pk, "01917e2b-0000-7000-8000-000000000000"):
        told = client.get(f"{EDITIONS}{key}/")
        body = told.json()
        answers.append(told.content.decode().replace(body["request_id"], "").replace(body["instance"], ""))
    assert answers[0] == answers[1]
    for url in (
        f"{EDITIONS}{world.edition.pk}/compare/?with={world.edition.pk}",
        "/api/v1/figures/?region=RU-KRS",
    ):
        assert client.get(url).status_code in (403, 404)


def test_an_edition_of_another_region_is_as_absent(world: World, client_as: ClientAs) -> None:
    elsewhere = client_of(user_in_role(Role.PUBLISHER, region=region("UA-59")))
    assert elsewhere.get(EDITIONS).json()["results"] == []
    for record in (world.edition, world.draft):
        assert elsewhere.get(f"{EDITIONS}{record.pk}/").status_code == 404
    assert elsewhere.get(f"{ERRATA}{world.erratum.pk}/").status_code == 404


def test_an_erratum_is_proposed_and_approved_by_another(world: World, client_as: ClientAs) -> None:
    author, another = client_as(Role.PUBLISHER), client_as(Role.PUBLISHER)
    url = f"{ERRATA}{world.needed_erratum.pk}/"
    assert client_as(Role.REGISTRAR).get(url).status_code == 404, (
        "nobody has decided yet that readers are told"
    )
    [correction] = author.get(url).json()["corrections"]
    assert (correction["new"], correction["why"]) == (None, "Its source took it back.")
    assert faults(author.post(f"{url}propose/", {})) == {"/reason": "required"}
    proposed = author.post(f"{url}propose/", {"reason": "The governor took his number back."}).json()
    assert proposed["state"] == "proposed"
    assert author.post(f"{url}publish/", {}).status_code == 403
    assert another.post(f"{url}publish/", {}).json()["state"] == "published"
    assert client_as(Role.REGISTRAR).get(url).json()["reason"] == "The governor took his number back."
    assert client_as(Role.REGISTRAR).get(f"{EDITIONS}{world.edition.pk}/").json()["status"] == "corrected"


def test_an_erratum_that_nobody_needs_is_dismissed(world: World, client_as: ClientAs) -> None:
    client = client_as(Role.PUBLISHER)
    url = f"{ERRATA}{world.needed_erratum.pk}/"
    assert client.post(f"{url}dismiss/", {"reason": "It was a test."}).json()["state"] == "dismissed"
    again = client.post(f"{url}dismiss/", {"reason": "It was a test."})
    assert (again.status_code, faults(again)) == (409, {"": "wrong_state"})
    assert client.get(f"{ERRATA}?state=dismissed").json()["results"][0]["dismiss_reason"] == "It was a test."
