"""A claim is taken back: two of three recipients got the edition that quotes it, and two get the erratum."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.policy import Role
from accounts.service import service_user
from displacement.actions.claims import link
from displacement.models import Claim
from displacement.models.claim import ClaimRelation
from reports.actions.editions import make_edition, publish
from reports.actions.errata import find_errata, propose, publish_erratum
from reports.delivery.doorbell import ring_sweep
from reports.models import Delivery, Edition, Erratum
from reports.models.delivery import DeliveryState
from tests.factories.accounts import user_in_role
from tests.factories.displacement import ClaimFactory
from tests.factories.regions import RunningOperationFactory, region
from tests.factories.reports import SubscriptionFactory
from tests.mail import Mailbox
from tests.workers import wait_until, working

pytestmark = pytest.mark.django_db(transaction=True)

SAID = datetime(2024, 8, 12, 9, tzinfo=UTC)


def _claim(value: int, hours: int, received_at: datetime, **more: object) -> Claim:
    said = SAID + timedelta(hours=hours)
    return ClaimFactory.create(
        region=region("RU-KRS"), indicator="evacuated", value=value, as_of=said, published_at=said,
        received_at=received_at, recorded_at=received_at, **more,
    )  # fmt: skip


def _publish_both() -> list[Edition]:
    operation = RunningOperationFactory.create(
        is_automatic=True, regions=[region("RU-KRS"), region("RU-ORL")]
    )
    drafts = [
        make_edition(operation=operation, region=place, local_day=date(2024, 8, 12), by=service_user())
        for place in operation.regions.order_by("key")
    ]
    return [publish(edition=draft, by=service_user()) for draft in drafts]


def _sent() -> bool:
    return not Delivery.objects.exclude(state=DeliveryState.SENT).exists()


def test_two_of_three_get_the_erratum_with_old_and_new_value(mailbox: Mailbox) -> None:
    wrong = _claim(121_000, 0, SAID)
    kursk = {row.address for row in SubscriptionFactory.create_batch(2)}
    SubscriptionFactory.create(regions=[region("RU-ORL")])
    author, approver = user_in_role(Role.PUBLISHER), user_in_role(Role.PUBLISHER)
    with working():
        [edition, _oryol] = _publish_both()
        ring_sweep()
        wait_until(_sent, seconds=60)
        assert find_errata() == 0, "nothing was taken back yet"
        now = datetime.now(UTC)
        later = _claim(12_100, 2, now, source=wrong.source)
        link(
            claim=later, target=wrong, relation=ClaimRelation.RETRACTS, reason="A slip of the pen.", by=author
        )
        assert (find_errata(), find_errata()) == (1, 0)
        erratum = Erratum.objects.get()
        assert erratum.edition == edition
        propose(erratum=erratum, reason="The governor took his number back.", by=author)
        with pytest.raises(PermissionDenied):
            publish_erratum(erratum=erratum, by=author)
        mailbox.clear()
        publish_erratum(erratum=erratum, by=approver)
        publish_erratum(erratum=erratum, by=approver)
        ring_sweep()
        wait_until(_sent, seconds=60)
        mails = mailbox.wait(2)
    assert {mail["X-Envelope-To"] for mail in mails} == kursk
    assert len({mail["Message-ID"] for mail in mails}) == len(mails) == 2
    for mail in mails:
        assert "Erratum: Situation report No. 7: Kursk Oblast, 12 August 2024" in mail["Subject"]
        body = mail.get_body(("plain",))
        assert body is not None
        for words in ("121,000", "12,100", "The governor took his number back.", "Its source took it back."):
            assert words in body.get_content()
    edition.refresh_from_db()
    assert edition.status == "corrected"
    assert find_errata() == 0, "what was told is not found again"
