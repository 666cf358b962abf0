"""What was changed between the look and the click: approvals are of what was shown, and a stale form undoes nothing unseen."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.options import ModelAdmin
from django.db import IntegrityError
from django.test import Client

from accounts.models import Membership, Organisation, User
from accounts.policy import Role
from reports.actions import errata, reviewing, subscriptions
from reports.models import Edition, Erratum, Subscription
from reports.models.edition import EditionStatus
from reports.models.erratum import ErratumState
from tests.desk.pages import act_url, add_url, desk_of, record_url, words
from tests.factories.accounts import OrganisationFactory, user_in_role
from tests.factories.regions import RunningOperationFactory, kursk_tree, region
from tests.factories.reports import InReviewEditionFactory, ProposedErratumFactory, SubscriptionFactory

pytestmark = pytest.mark.django_db
LINES = ["121 people left.", "Two shelters are full.", "Three districts are silent."]


@pytest.fixture(autouse=True)
def _regions() -> None:
    kursk_tree()


def shown(page: Any) -> dict[str, str]:
    """What the approval's page sends back of what it showed."""
    return {"seen": page.context_data["form"].initial["seen"]}


def refused_then_done(record: Any, act: str, change: Callable[[], object], told: str) -> tuple[str, str]:
    """What the approver reads who looked before the change, and the page on which they look anew, which has `told` on it."""
    desk, url = desk_of(user_in_role(Role.PUBLISHER)), act_url(record, act)
    before = shown(desk.get(url))
    change()
    refused = words(desk.post(url, before))
    again = desk.get(url)
    assert told in words(again)
    done = desk.post(url, shown(again))
    assert done.status_code == 302
    return refused, words(again)


CHANGED = "Somebody changed this since you opened this page"


def test_an_edition_is_approved_as_it_was_read() -> None:
    edition = InReviewEditionFactory.create()
    writer = user_in_role(Role.PUBLISHER)
    refused, _page = refused_then_done(
        edition,
        "approve",
        lambda: reviewing.edit_highlights(edition=edition, lines=LINES, by=writer),
        "Two shelters are full.",
    )
    assert CHANGED in refused
    assert Edition.objects.get().status == EditionStatus.APPROVED


def test_an_erratum_is_published_as_it_was_read() -> None:
    erratum = ProposedErratumFactory.create()
    writer = user_in_role(Role.PUBLISHER)
    refused, _page = refused_then_done(
        erratum,
        "publish",
        lambda: errata.propose(erratum=erratum, reason="A district was counted twice.", by=writer),
        "A district was counted twice.",
    )
    assert CHANGED in refused
    assert Erratum.objects.get().state == ErratumState.PUBLISHED


def test_a_subscription_gets_the_regions_that_the_approver_saw() -> None:
    row = SubscriptionFactory.create(regions=[region("RU-KRS")])
    asker = user_in_role(Role.PUBLISHER)

    def ask(*keys: str) -> None:
        subscriptions.change_regions(subscription=row, regions=[region(key) for key in keys], by=asker)

    ask("RU-KRS", "RU-KRS-KURSK")
    refused, _page = refused_then_done(
        row, "approve", lambda: ask("RU-KRS", "RU-KRS-SUDZHANSKY"), region("RU-KRS-SUDZHANSKY").name
    )
    assert CHANGED in refused
    assert {each.key for each in Subscription.objects.get().regions} == {"RU-KRS", "RU-KRS-SUDZHANSKY"}


# --- plain entries ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def own() -> Organisation:
    """Where the administrators work."""
    RunningOperationFactory.create()
    made: Organisation = OrganisationFactory.create()
    return made


def administrator(own: Organisation) -> Client:
    """Their browser."""
    return desk_of(user_in_role(Role.ORGANISATION_ADMIN, organisation=own))


def form_of(user: User, **changes: str | None) -> dict[str, str]:
    """What the user's page sends as it stands, with these changes; None leaves a field out."""
    held = list(user.memberships.order_by("pk"))
    sent = {"username": user.username, "is_active": "on", "language": "en"}
    sent |= {f"memberships-{name}": str(len(held)) for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    for place, each in enumerate(held):
        row = {"id": each.pk, "user": user.pk, "organisation": each.organisation_id, "role": each.role}
        sent |= {f"memberships-{place}-{name}": str(value) for name, value in row.items()}
    return {name: value for name, value in (sent | changes).items() if value is not None}


def seen_on(desk: Client, user: User) -> str:
    """What the user's page says that it showed."""
    page: Any = desk.get(record_url(user))
    assert f'name="_seen" value="{page.context_data["seen"]}"' in page.content.decode()
    return str(page.context_data["seen"])


def overtaken(own: Organisation, *, is_told: bool) -> tuple[User, str]:
    """A colleague after one took their role and closed the account while another mended a name on a page opened before."""
    colleague = user_in_role(Role.PROTECTION_OFFICER, organisation=own)
    one, two = administrator(own), administrator(own)
    late = form_of(colleague, last_name="Koval", **({"_seen": seen_on(two, colleague)} if is_told else {}))
    less = {"memberships-0-role": "registrar", "is_active": None, "_seen": seen_on(one, colleague)}
    assert one.post(record_url(colleague), form_of(colleague, **less)).status_code == 302
    answer = two.post(record_url(colleague), late, follow=True)
    return User.objects.get(pk=colleague.pk), words(answer)


def test_a_stale_page_gives_no_role_back_and_opens_no_account(own: Organisation) -> None:
    colleague, page = overtaken(own, is_told=True)
    assert "Somebody saved this entry since you opened it" in page
    assert (colleague.is_active, colleague.last_name) == (False, "")
    assert colleague.memberships.get().role == Role.REGISTRAR


def test_a_page_that_does_not_say_what_it_showed_does(own: Organisation) -> None:
    """The control: so it was."""
    colleague, _page = overtaken(own, is_told=False)
    assert (colleague.is_active, colleague.last_name) == (True, "Koval")
    assert colleague.memberships.get().role == Role.PROTECTION_OFFICER


def test_a_page_that_nobody_overtook_is_saved(own: Organisation) -> None:
    colleague, desk = user_in_role(Role.REGISTRAR, organisation=own), administrator(own)
    for name in ("Koval", "Bondar"):
        colleague.refresh_from_db()
        told = form_of(colleague, last_name=name, _seen=seen_on(desk, colleague))
        assert desk.post(record_url(colleague), told).status_code == 302
    assert User.objects.get(pk=colleague.pk).last_name == "Bondar"


def test_of_two_of_one_name_the_second_reads_it_at_the_field(
    own: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first is saved between the second's look and its row."""
    told = {"username": "somebody", "usable_password": "false", "language": "en"}
    told |= {f"memberships-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    save, late = ModelAdmin.save_model, [True]

    def overtaken_once(desk: Any, *args: Any) -> None:
        if late.pop() if late else False:
            raise IntegrityError
        save(desk, *args)

    desk = administrator(own)
    assert desk.post(add_url(User), told).status_code == 302
    User.objects.filter(username="somebody").update(username="other")
    monkeypatch.setattr(ModelAdmin, "save_model", overtaken_once)
    assert desk.post(add_url(User), told).status_code == 302
    page = desk.post(add_url(User), told)
    assert "already exists" in words(page)


def test_a_role_that_somebody_has_already_is_refused_with_a_sentence(own: Organisation) -> None:
    colleague, desk = user_in_role(Role.REGISTRAR, organisation=own), administrator(own)
    told = form_of(colleague) | {"memberships-TOTAL_FORMS": "2", "memberships-1-user": str(colleague.pk)}
    told |= {"memberships-1-organisation": str(own.pk), "memberships-1-role": "registrar"}
    page = desk.post(record_url(colleague), told, follow=True)
    assert "This person has this role there already" in words(page)
    assert Membership.objects.filter(user=colleague).count() == 1


def test_the_table_of_roles_draws_no_thousand_rows(own: Organisation) -> None:
    colleague, desk = user_in_role(Role.REGISTRAR, organisation=own), administrator(own)
    page = desk.post(record_url(colleague), form_of(colleague) | {"memberships-TOTAL_FORMS": "100000"})
    assert page.status_code == 200
    assert page.content.count(b'-organisation"') < 200
