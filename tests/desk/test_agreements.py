"""Sharing agreements on the desk: signed on one side, accepted on the other, ended on either, and nobody else's to see."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation
from accounts.policy import Role
from exchange.models import Agreement
from tests.factories.accounts import OrganisationFactory, user_in_role
from tests.factories.regions import kursk_tree
from tests.factories.sharing import agreement_of

pytestmark = pytest.mark.django_db


def administrator(organisation: Organisation) -> Client:
    """Signed in at the desk."""
    client = Client()
    client.force_login(user_in_role(Role.ORGANISATION_ADMIN, organisation=organisation))
    return client


def act(client: Client, agreement: Agreement, name: str, **sent: str) -> Any:
    """Do it; the answer."""
    return client.post(reverse("admin:exchange_agreement_act", args=[agreement.pk, name]), sent)


def test_one_side_signs_and_the_other_accepts() -> None:
    regions = kursk_tree()
    giving, receiving = OrganisationFactory.create(), OrganisationFactory.create()
    ours, theirs = administrator(giving), administrator(receiving)
    now = timezone.localtime()
    sent = {
        "receiving": str(receiving.pk),
        "purpose": "Finding relatives.",
        "shared": ["given_name", "sex"],
        "regions": [str(regions["RU-KRS"].pk)],
        "valid_from": f"{now:%Y-%m-%dT%H:%M}",
        "valid_until": f"{now + timedelta(days=30):%Y-%m-%dT%H:%M}",
    }
    assert ours.post(reverse("admin:exchange_agreement_add"), sent).status_code == 302
    agreement = Agreement.objects.get()
    assert (agreement.giving, agreement.fields) == (giving, ["given_name", "sex"])
    assert act(ours, agreement, "accept").status_code == 403
    assert not Agreement.objects.in_force().exists()
    assert act(theirs, agreement, "accept").status_code == 302
    assert Agreement.objects.in_force().get() == agreement
    assert act(theirs, agreement, "end", reason="Found.").status_code == 302
    assert not Agreement.objects.in_force().exists()


def test_somebody_else_s_agreement_is_as_absent() -> None:
    agreement = agreement_of(OrganisationFactory.create(), OrganisationFactory.create())
    stranger = administrator(OrganisationFactory.create())
    page = reverse("admin:exchange_agreement_change", args=[agreement.pk])
    assert stranger.get(page).status_code == 404
    assert act(stranger, agreement, "end", reason="x").status_code == 404
    assert (
        agreement.purpose not in stranger.get(reverse("admin:exchange_agreement_changelist")).content.decode()
    )
    for side in (agreement.giving, agreement.receiving):
        assert administrator(side).get(page).status_code == 200
