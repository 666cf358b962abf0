"""Recording a claim: what may be left blank, how a number may be written, and what stays for the next one."""

from datetime import UTC, datetime

import pytest

from accounts.policy import Role
from displacement.models import Claim
from tests.desk.pages import add_url, desk_of, list_url, words
from tests.factories.accounts import user_in_role
from tests.factories.displacement import SourceFactory
from tests.factories.regions import RunningOperationFactory, region

pytestmark = pytest.mark.django_db


@pytest.fixture
def said() -> dict[str, object]:
    """The first six fields of the page, which everything else follows from."""
    RunningOperationFactory.create()
    return {
        "source": SourceFactory.create(name="Acting governor").pk,
        "indicator": "sites_open",
        "value": "121 000",
        "qualifier": "about",
        "region": region("RU-KRS").pk,
        "as_of": "2024-08-12T12:00",
        "credibility": "6",
    }


def test_what_is_left_blank_follows_from_what_was_said(said: dict[str, object]) -> None:
    page = desk_of(user_in_role(Role.PUBLISHER)).post(add_url(Claim), said, follow=True)
    claim = Claim.objects.get()
    assert (claim.kind, claim.unit, claim.value) == ("stock", "sites", 121_000)
    assert claim.as_of == claim.published_at == datetime(2024, 8, 12, 9, tzinfo=UTC)
    assert "Recorded: shelters open: about 121,000, 2024-08-12 12:00, Acting governor" in words(page)


def test_what_was_said_otherwise_is_kept(said: dict[str, object]) -> None:
    told = {**said, "kind": "flow", "unit": "places", "published_at": "2024-08-20T10:00"}
    desk_of(user_in_role(Role.PUBLISHER)).post(add_url(Claim), told)
    claim = Claim.objects.get()
    assert (claim.kind, claim.unit) == ("flow", "places")
    assert claim.published_at == datetime(2024, 8, 20, 7, tzinfo=UTC)


def test_where_only_the_day_was_said_it_speaks_of_local_midnight(said: dict[str, object]) -> None:
    page = desk_of(user_in_role(Role.PUBLISHER)).post(
        add_url(Claim), {**said, "is_as_of_day": "on"}, follow=True
    )
    assert Claim.objects.get().as_of == datetime(2024, 8, 11, 21, tzinfo=UTC)
    assert "about 121,000, 2024-08-12, Acting governor" in words(page), "the day of the page's clock"


@pytest.mark.parametrize("text", ["121000", "121\u00a0000", "121\u202f000", " 121 000 "])
def test_blanks_between_thousands_are_read(said: dict[str, object], text: str) -> None:
    desk_of(user_in_role(Role.PUBLISHER)).post(add_url(Claim), {**said, "value": text})
    assert Claim.objects.get().value == 121_000


@pytest.mark.parametrize("text", ["about 121", "121,000", "12.5", "12–15", "-5"])
def test_what_is_not_read_is_said_and_stays(said: dict[str, object], text: str) -> None:
    page = desk_of(user_in_role(Role.PUBLISHER)).post(add_url(Claim), {**said, "value": text})
    assert page.context["form"].errors.keys() == {"value"}
    assert f'value="{text}"' in page.content.decode()
    assert not Claim.objects.exists()


def test_a_claim_without_its_subject_is_refused(said: dict[str, object]) -> None:
    """Nothing is chosen for somebody who passed over the field."""
    page = desk_of(user_in_role(Role.PUBLISHER)).post(add_url(Claim), {**said, "indicator": ""})
    assert "indicator" in page.context["form"].errors
    assert not Claim.objects.exists()


def test_how_exactly_is_asked_and_never_taken_for_granted(said: dict[str, object]) -> None:
    page = desk_of(user_in_role(Role.PUBLISHER)).post(add_url(Claim), {**said, "qualifier": ""})
    assert "qualifier" in page.context["form"].errors
    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ({"qualifier": "exact"}, "exactly 121,000"),
        ({"qualifier": "at_least"}, "at least 121,000"),
        ({"qualifier": "up_to"}, "up to 121,000"),
        ({"qualifier": "unknown"}, "121,000 (not said how exactly)"),
        ({"qualifier": "range", "value": "", "value_min": "2", "value_max": "5 000"}, "between 2 and 5,000"),
    ],
)
def test_the_list_says_in_words_how_exactly(
    said: dict[str, object], told: dict[str, object], shown: str
) -> None:
    desk = desk_of(user_in_role(Role.PUBLISHER))
    desk.post(add_url(Claim), {**said, **told})
    assert f"shelters open Kursk Oblast {shown} " in words(desk.get(list_url(Claim)))


def test_the_next_one_begins_with_source_region_and_times(said: dict[str, object]) -> None:
    desk = desk_of(user_in_role(Role.PUBLISHER))
    form = desk.post(add_url(Claim), {**said, "_addanother": "1"}, follow=True).context["form"]
    kept = {name: form[name].value() for name in ("source", "region", "as_of", "value", "indicator")}
    assert kept == {
        "source": str(said["source"]),
        "region": str(said["region"]),
        "as_of": "2024-08-12T12:00",
        "value": None,
        "indicator": None,
    }


def test_a_source_may_be_added_on_the_way_but_no_region(said: dict[str, object]) -> None:
    publisher = desk_of(user_in_role(Role.PUBLISHER))
    assert "add_id_source" in publisher.get(add_url(Claim)).content.decode()
    assert "add_id_region" not in publisher.get(add_url(Claim)).content.decode()
