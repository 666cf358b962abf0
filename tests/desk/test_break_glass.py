"""Emergency access at the desk: taken, shown on every page, and ended."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions.break_glass import break_glass, mend_glass
from accounts.actions.glass_reports import RUNS_OUT, write_due
from accounts.models import BreakGlass
from accounts.policy import Role
from core.clock import database_now
from displacement.models import Person
from tests.desk.pages import act_url, add_url, desk_of, list_url, record_url, words
from tests.factories.accounts import MembershipFactory, UserFactory, user_in_role
from tests.factories.displacement import PersonFactory

pytestmark = pytest.mark.django_db


def test_the_desk_takes_it_shows_it_on_every_page_and_ends_it() -> None:
    person, desk = PersonFactory.create(), desk_of(UserFactory.create(is_superuser=True))
    user_in_role(Role.AUDITOR, organisation=person.organisation)
    sent = {
        "role": "registrar",
        "organisation": person.organisation.pk,
        "hours": 4,
        "reason": "A convoy is hit.",
    }
    assert desk.get(add_url(BreakGlass)).status_code == 200
    assert desk.post(add_url(BreakGlass), sent).status_code == 302
    glass = BreakGlass.objects.get()
    for address in (reverse("admin:index"), list_url(Person), list_url(BreakGlass)):
        assert f"Emergency access: registrar for {person.organisation}" in words(desk.get(address))
    assert desk.post(act_url(glass, "end")).status_code == 302
    assert "Emergency access: registrar" not in words(desk.get(reverse("admin:index")))
    assert desk.get(list_url(Person)).status_code == 403


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.AUDITOR])
def test_others_have_no_page_to_take_it(role: Role) -> None:
    client: Client = desk_of(user_in_role(role))
    assert client.get(add_url(BreakGlass)).status_code == 403


def test_the_page_has_the_report_links_for_who_may_open_and_the_start_page_says_what_waits() -> None:
    person = PersonFactory.create()
    ours = person.organisation
    auditor = user_in_role(Role.AUDITOR, organisation=ours)
    admin = user_in_role(Role.ORGANISATION_ADMIN, organisation=ours)
    both = user_in_role(Role.ORGANISATION_ADMIN, organisation=ours)
    MembershipFactory.create(user=both, role=Role.REGISTRAR, organisation=ours)
    glass = break_glass(role=Role.REGISTRAR, organisation=ours, region=None, reason="A convoy.", by=admin)
    assert desk_of(admin).get(record_url(person)).status_code == 200
    assert "some minutes after the end" in words(desk_of(auditor).get(record_url(glass)))
    waits = "1 report of emergency access is not signed off"
    assert waits not in words(desk_of(auditor).get(reverse("admin:index")))
    mend_glass(glass=glass, by=admin)
    assert write_due(database_now() + RUNS_OUT) == 1

    for user, sees in ((auditor, True), (both, True), (admin, False)):
        page = desk_of(user).get(record_url(glass))
        assert "Opened People – 1 1" in words(page)
        assert person.family_name not in words(page)
        assert (str(person.pk) in page.content.decode()) is sees
        assert (waits in words(desk_of(user).get(reverse("admin:index")))) is sees
        assert (act_url(glass, "review") in page.content.decode()) is sees
    assert record_url(person) in desk_of(both).get(record_url(glass)).content.decode()
    assert record_url(person) not in desk_of(auditor).get(record_url(glass)).content.decode()

    refused = desk_of(admin).post(act_url(glass, "review"), {"finding": "I was right."})
    assert refused.status_code == 403
    listed = f"{list_url(BreakGlass)}?report=open"
    assert "not signed off" in words(desk_of(auditor).get(listed))
    answer = desk_of(auditor).post(act_url(glass, "review"), {"finding": "Needed."}, follow=True)
    assert f"by {auditor.username}: Needed." in words(answer)
    assert waits not in words(desk_of(both).get(reverse("admin:index")))
    assert "A convoy." not in words(desk_of(auditor).get(listed))


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.PUBLISHER])
def test_who_signs_nothing_off_is_asked_nothing(role: Role) -> None:
    """No query, and no box."""
    person = PersonFactory.create()
    user_in_role(Role.AUDITOR, organisation=person.organisation)
    root = UserFactory.create(is_superuser=True)
    glass = break_glass(
        role=Role.REGISTRAR, organisation=person.organisation, region=None, reason="A convoy.", by=root
    )
    write_due(glass.ends_at + RUNS_OUT)
    other = user_in_role(role, organisation=person.organisation)
    assert "not signed off" not in words(desk_of(other).get(reverse("admin:index")))
    stranger = user_in_role(Role.ORGANISATION_ADMIN)
    assert "not signed off" not in words(desk_of(stranger).get(reverse("admin:index")))
    assert desk_of(stranger).get(record_url(glass)).status_code == 404
