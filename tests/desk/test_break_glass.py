"""Emergency access at the desk: taken, shown on every page, and ended."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import BreakGlass
from accounts.policy import Role
from displacement.models import Person
from tests.desk.pages import act_url, add_url, desk_of, list_url, words
from tests.factories.accounts import UserFactory, user_in_role
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
