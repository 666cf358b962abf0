"""Subscriptions, acknowledged flags and expected reports over the API: the same acts and the same two people as on the desk."""

from typing import Any

import pytest

from accounts.policy import POLICY, Role
from displacement.models import ExpectedReport
from reports.models import FlagAcknowledgement, Subscription
from tests.api.conftest import ClientAs
from tests.api.test_input import faults
from tests.api.world import World
from tests.factories.displacement import ExpectedReportFactory
from tests.factories.regions import region
from tests.factories.reports import FLAG, FlagAcknowledgementFactory, SubscriptionFactory

AT = "/api/v1/subscriptions/"
NINA = {"name": "Nina", "address": "nina@readers.example", "regions": ["Курская область", "RU-ORL"]}


def test_two_people_begin_one_and_change_its_regions(world: World, client_as: ClientAs) -> None:
    one, other = client_as(Role.PUBLISHER), client_as(Role.REGIONAL_COORDINATOR)
    made = one.post(AT, {**NINA, "audience": "partners", "language": "uk"})
    assert (made.status_code, made.json()["state"]) == (201, "proposed")
    assert made.json()["regions"] == ["RU-KRS", "RU-ORL"]
    url = made.headers["Location"]
    assert one.post(f"{url}approve/", {}).status_code == 403
    assert other.post(f"{url}approve/", {}).json()["state"] == "unconfirmed"
    asked = other.post(f"{url}regions/", {"regions": ["RU-ORL"]}).json()
    assert (asked["regions"], asked["wanted_regions"]) == (["RU-KRS", "RU-ORL"], ["RU-ORL"])
    waits = one.post(f"{url}readers/", {"audience": "internal"})
    assert (waits.status_code, faults(waits)) == (409, {"": "another_waits"})
    assert other.post(f"{url}approve/", {}).status_code == 403
    done = one.post(f"{url}approve/", {}).json()
    assert (done["regions"], done["wanted_regions"], done["wanted_at"]) == (["RU-ORL"], [], None)
    again = one.post(f"{url}approve/", {})
    assert (again.status_code, faults(again)) == (409, {"": "nothing_proposed"})
    assert one.post(f"{url}end/", {}).json()["state"] == "ended"


def test_addresses_are_for_those_who_decide_about_them(world: World, client_as: ClientAs) -> None:
    url = f"{AT}{world.subscription.pk}/"
    for role in Role:
        may = "view" in getattr(POLICY[role].get("reports.subscription"), "actions", {})
        for path in (AT, url):
            answer = client_as(role).get(path)
            assert answer.status_code == (200 if may else 403), role
            assert (world.subscription.address in answer.content.decode()) == may, role
    elsewhere = client_as(Role.PUBLISHER, region=region("UA-59"))
    assert elsewhere.get(url).status_code == 404
    assert elsewhere.post(f"{url}end/", {}).status_code == 404
    assert elsewhere.get(AT).json()["results"] == []


def test_one_region_is_enough_to_see_and_to_end_it_and_not_to_change_it(
    world: World, client_as: ClientAs
) -> None:
    row = SubscriptionFactory.create(regions=[region("RU-KRS"), region("RU-ORL")])
    near = client_as(Role.REGIONAL_COORDINATOR, region=region("RU-ORL"))
    assert near.get(f"{AT}{row.pk}/").json()["regions"] == ["RU-KRS", "RU-ORL"]
    assert near.post(f"{AT}{row.pk}/formats/", {"formats": "pdf"}).status_code == 403
    assert near.post(AT, NINA).status_code == 403
    assert near.post(f"{AT}{row.pk}/end/", {}).status_code == 200


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"regions": []}, {"/regions": "empty"}),
        ({"regions": ["RU-KRS", "Zxqvky"]}, {"/regions/1": "unknown_region"}),
        ({"regions": "RU-KRS"}, {"/regions": "not_a_list"}),
        ({"address": "nina"}, {"/address": "invalid"}),
        ({"address": "nina@x.example\nBcc: y@x.example"}, {"/address": "invalid"}),
        ({"audience": "everybody"}, {"/audience": "not_listed"}),
        ({"state": "active"}, {"/state": "read_only"}),
        ({"approved_by": "me"}, {"/approved_by": "read_only"}),
    ],
)
def test_what_is_wrong_is_said_at_its_place(
    change: dict[str, Any], expected: dict[str, str], world: World, client_as: ClientAs
) -> None:
    answer = client_as(Role.PUBLISHER).post(AT, {**NINA, **change})
    assert (answer.status_code, faults(answer)) == (400, expected)
    assert not Subscription.objects.filter(name="Nina").exists()


def test_a_region_that_the_address_takes_and_hours_that_are_none(world: World, client_as: ClientAs) -> None:
    client, url = client_as(Role.PUBLISHER), f"{AT}{world.subscription.pk}/"
    taken = client.post(AT, {**NINA, "address": world.subscription.address.upper()})
    assert faults(taken) == {"/regions": "taken"}
    night = {"quiet_from": "22:00", "quiet_until": "07:00"}
    assert faults(client.post(f"{url}quiet-hours/", {**night, "zone": "Kyiv"})).keys() == {"/zone"}
    assert client.post(f"{url}quiet-hours/", {**night, "quiet_until": None}).status_code == 400
    told = client.post(f"{url}quiet-hours/", {**night, "zone": "Europe/Kyiv"}).json()
    assert (told["quiet_from"], told["quiet_until"], told["zone"]) == ("22:00:00", "07:00:00", "Europe/Kyiv")


def test_lists_are_narrowed_by_region_and_state(world: World, client_as: ClientAs) -> None:
    both = SubscriptionFactory.create(regions=[region("RU-KRS"), region("RU-KRS-SUDZHANSKY")])
    SubscriptionFactory.create(regions=[region("UA-59")], is_active=False)
    client = client_as(Role.PUBLISHER)

    def found(query: str) -> list[str]:
        return [row["id"] for row in client.get(f"{AT}?{query}").json()["results"]]

    assert found("region=RU") == [str(both.pk), str(world.subscription.pk)]
    assert found("region=RU-KRS-SUDZHANSKY") == [str(both.pk)]
    assert len(found("state=ended")) == 1
    assert client.get(f"{AT}?address=x").status_code == 400


def test_a_flag_is_answered_for_on_its_edition(world: World, client_as: ClientAs) -> None:
    client, url = client_as(Role.PUBLISHER), f"/api/v1/editions/{world.flagged.pk}/"
    [flag] = client.get(url).json()["flags"]
    assert (flag["flag"], flag["reason"]) == (FLAG, "")
    unknown = client.post(f"{url}acknowledge/", {"flag": "zxqvky", "reason": "It is right."})
    assert (unknown.status_code, faults(unknown)) == (400, {"/flag": "no_such_flag"})
    assert faults(client.post(f"{url}acknowledge/", {"flag": FLAG, "reason": " "})) == {"/reason": "blank"}
    body = {"flag": FLAG, "reason": "Both numbers are right."}
    for role, status in ((Role.AUDITOR, 403), (Role.REGIONAL_COORDINATOR, 403)):
        assert client_as(role).post(f"{url}acknowledge/", body).status_code == status
    done = client.post(f"{url}acknowledge/", body)
    assert (done.status_code, done.json()["flags"][0]["reason"]) == (201, "Both numbers are right.")
    made = FlagAcknowledgement.objects.latest("recorded_at")
    listed = client_as(Role.REGIONAL_COORDINATOR).get("/api/v1/flag-acknowledgements/?voided=false").json()
    assert str(made.pk) in {row["id"] for row in listed["results"]}
    client.post(f"/api/v1/flag-acknowledgements/{made.pk}/void/", {"reason": "It was wrong."})
    assert client.get(url).json()["flags"][0]["reason"] == ""


def test_what_lies_in_another_region_is_not_there(world: World, client_as: ClientAs) -> None:
    client = client_as(Role.PUBLISHER, region=region("RU-ORL"))
    for path, row in (
        ("flag-acknowledgements", FlagAcknowledgementFactory.create()),
        ("expected-reports", ExpectedReportFactory.create()),
    ):
        assert client.get(f"/api/v1/{path}/{row.pk}/").status_code == 404
        assert client.post(f"/api/v1/{path}/{row.pk}/void/", {"reason": "No."}).status_code == 404
        assert client.get(f"/api/v1/{path}/").json()["results"] == []


def test_a_report_is_expected_once_and_no_longer(world: World, client_as: ClientAs) -> None:
    client, at = client_as(Role.PUBLISHER), "/api/v1/expected-reports/"
    body = {"source": world.source.name, "region": "RU-KRS", "indicator": "killed", "every_days": 7}
    for change, expected in (
        ({"every_days": 0}, {"/every_days": "min_value"}),
        ({"source": "Zxqvky"}, {"/source": "unknown_source"}),
        ({"occurred_at": "2190-01-01T00:00:00Z"}, {"/occurred_at": "in_future"}),
    ):
        answer = client.post(at, {**body, **change})
        assert (answer.status_code, faults(answer)) == (400, expected)
    made = client.post(at, body)
    assert (made.status_code, made.json()["every_days"]) == (201, 7)
    assert "expected already" in client.post(at, body).json()["errors"][0]["detail"]
    elsewhere = client_as(Role.PUBLISHER, region=region("UA-59")).post(at, body)
    assert faults(elsewhere) == {"/region": "out_of_reach"}
    client.post(f"{made.headers['Location']}void/", {"reason": "They count no longer."})
    assert client.post(at, body).status_code == 201
    assert ExpectedReport.objects.current().filter(indicator="killed").count() == 1
