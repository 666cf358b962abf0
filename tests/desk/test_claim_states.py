"""Claims that nobody should quote any more say so in the list, on both pages and over the API."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.policy import Role
from displacement.actions import claims
from displacement.models import Claim
from tests.api.conftest import client_of
from tests.desk.pages import desk_of, list_url, record_url, words
from tests.factories.accounts import UserFactory, user_in_role
from tests.factories.displacement import ClaimFactory

pytestmark = pytest.mark.django_db


def _link(later: Claim, earlier: Claim, relation: str) -> None:
    claims.link(claim=later, target=earlier, relation=relation, reason="Newer.", by=UserFactory.create())


def test_the_list_and_both_pages_say_so_with_links_and_no_query_for_each_row() -> None:
    earlier, later = ClaimFactory.create(), ClaimFactory.create()
    _link(later, earlier, "corrects")
    desk = desk_of(user_in_role(Role.PUBLISHER))
    page = desk.get(list_url(Claim))
    assert f"no: corrected by {later.source}" in words(page)
    assert f'href="{record_url(later)}"'.encode() in page.content
    shown = desk.get(record_url(earlier))
    assert f"no: corrected by {later.source}" in words(shown)
    assert record_url(later).encode() in shown.content
    assert record_url(earlier).encode() in desk.get(record_url(later)).content
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as seen:
            desk.get(list_url(Claim))
        counts.append(len(seen))
        _link(ClaimFactory.create(), ClaimFactory.create(), "supersedes")
    assert counts[0] == counts[1]


def test_either_half_can_be_asked_for_on_the_desk_and_over_the_api() -> None:
    earlier, later = ClaimFactory.create(value=700_111), ClaimFactory.create(value=700_222)
    _link(later, earlier, "supersedes")
    desk, client = desk_of(user_in_role(Role.PUBLISHER)), client_of(user_in_role(Role.PUBLISHER))
    for asked, claim, other in (("true", later, earlier), ("false", earlier, later)):
        page = words(desk.get(list_url(Claim), {"standing": asked}))
        assert (f"{claim.value:,}" in page, f"{other.value:,}" in page) == (True, False)
        [row] = client.get("/api/v1/claims/", {"standing": asked}).json()["results"]
        assert row["id"] == str(claim.pk)
    row = client.get(f"/api/v1/claims/{earlier.pk}/").json()
    assert (row["state"], row["ended_by"]) == ("superseded", str(later.pk))
    assert client.get("/api/v1/claims/", {"standing": "perhaps"}).status_code == 400
