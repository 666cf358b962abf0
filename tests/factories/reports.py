"""Editions, subscriptions and mails in the states that tests start from."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import factory
from factory.django import DjangoModelFactory

from accounts.policy import Role
from accounts.service import service_user
from regions.models import Region
from reports.actions.reviewing import approve, submit
from reports.editions.corrections import Correction
from reports.editions.report import FlagRow
from reports.models import (
    Delivery,
    Edition,
    EditionFile,
    Erratum,
    FlagAcknowledgement,
    Subscription,
    SubscriptionRegion,
)
from reports.models.delivery import DeliveryState
from reports.models.edition import EditionStatus
from reports.models.erratum import ErratumState
from reports.rendering.encode import to_plain
from tests.factories.accounts import user_in_role
from tests.factories.regions import RunningOperationFactory, region
from tests.reports.rendering.sample import kursk

DUE = datetime(2024, 8, 13, 3, tzinfo=UTC)  # 06:00 in Moscow
MAIL = (
    b"From: Musterpoint <reports@musterpoint.example>\r\nSubject: Report\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: text/plain; charset=us-ascii\r\n\r\nabout 121,000\r\n.\r\n"
)


class SubscriptionFactory(DjangoModelFactory[Subscription]):
    """An invented coordinator who takes the reports of Kursk oblast."""

    class Meta:
        model = Subscription
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Coordinator {n}")
    address = factory.Sequence(lambda n: f"coordinator{n}@coordination.example")
    recorded_by = factory.LazyFunction(uuid4)
    approved_at = confirmed_at = DUE
    approved_by = confirmed_by = factory.LazyFunction(uuid4)

    @factory.post_generation
    def regions(self: Any, create: bool, extracted: list[Region] | None, **_kwargs: object) -> None:
        """Those that are given, or Kursk oblast."""
        for each in (extracted or [region("RU-KRS")]) if create else []:
            SubscriptionRegion.objects.create(subscription=self, region=each)


class ProposedSubscriptionFactory(SubscriptionFactory):
    """The same, which nobody has approved yet."""

    approved_at = approved_by = confirmed_at = confirmed_by = None


class UnconfirmedSubscriptionFactory(SubscriptionFactory):
    """The same, approved, whose address has not confirmed."""

    confirmed_at = confirmed_by = None


class DraftEditionFactory(DjangoModelFactory[Edition]):
    """The edition of Kursk oblast for 12 August 2024, made on time by the service and not yet published."""

    class Meta:
        model = Edition

    operation = factory.SubFactory(RunningOperationFactory)
    region = factory.LazyFunction(lambda: region("RU-KRS"))
    local_day = date(2024, 8, 12)
    number = factory.LazyAttribute(lambda edition: (edition.local_day - edition.operation.starts_on).days + 1)
    as_of = factory.LazyAttribute(lambda edition: edition.operation.day_ends_at(edition.local_day))
    known_at = factory.LazyAttribute(lambda edition: edition.operation.due_at(edition.local_day))
    made_at = factory.SelfAttribute("known_at")
    made_by = factory.LazyFunction(lambda: service_user().pk)
    content = factory.LazyFunction(lambda: to_plain(kursk()))
    drafted_highlights = factory.LazyFunction(lambda: list(kursk().highlights))


class InReviewEditionFactory(DraftEditionFactory):
    """The same, sent to review."""

    status = EditionStatus.IN_REVIEW
    submitted_at = factory.SelfAttribute("made_at")
    submitted_by = factory.LazyFunction(uuid4)


class ApprovedEditionFactory(InReviewEditionFactory):
    """The same, approved by somebody else than its author."""

    status = EditionStatus.APPROVED
    approved_at = factory.SelfAttribute("made_at")
    approved_by = factory.LazyFunction(uuid4)


class PublishedEditionFactory(DraftEditionFactory):
    """The same, published at once, without files."""

    status = EditionStatus.PUBLISHED
    published_at = factory.SelfAttribute("made_at")
    published_by = factory.SelfAttribute("made_by")


class WithdrawnEditionFactory(PublishedEditionFactory):
    """The same, taken back."""

    status = EditionStatus.WITHDRAWN
    withdrawn_at = factory.SelfAttribute("published_at")
    withdrawn_by = factory.SelfAttribute("published_by")
    withdraw_reason = "A district was missing."


def reviewed(edition: Edition) -> Edition:
    """The draft after it was sent to review and approved by a publisher of its own."""
    approver = user_in_role(Role.PUBLISHER)
    return approve(edition=submit(edition=edition, by=approver), by=approver)


class EditionFileFactory(DjangoModelFactory[EditionFile]):
    """The kept mail of a published edition."""

    class Meta:
        model = EditionFile
        django_get_or_create = ("edition", "format")

    edition = factory.SubFactory(PublishedEditionFactory)
    format = "mail"
    media_type = "message/rfc822"
    file_name = "situation-report.eml"
    sha256 = "0" * 64
    content = MAIL


class ErratumFactory(DjangoModelFactory[Erratum]):
    """What the clock found: a claim that the edition of Kursk oblast quotes was taken back."""

    class Meta:
        model = Erratum

    edition = factory.SubFactory(PublishedEditionFactory)
    figures = factory.LazyFunction(
        lambda: [to_plain(Correction("Kursk Oblast", kursk().claims[0], None, "Its source took it back."))]
    )


class ProposedErratumFactory(ErratumFactory):
    """The same with words of a publisher, for another one to approve."""

    state = ErratumState.PROPOSED
    reason = "The governor took his number back."
    proposed_at = DUE
    proposed_by = factory.LazyFunction(uuid4)


class PublishedErratumFactory(ProposedErratumFactory):
    """The same, approved and sent."""

    state = ErratumState.PUBLISHED
    published_at = DUE
    published_by = factory.LazyFunction(uuid4)
    mail = MAIL


class QueuedDeliveryFactory(DjangoModelFactory[Delivery]):
    """A mail of a published edition that waits to be sent."""

    class Meta:
        model = Delivery
        skip_postgeneration_save = True

    class Params:
        mail = factory.SubFactory(EditionFileFactory)

    edition = factory.LazyAttribute(lambda delivery: delivery.mail.edition)
    subscription = factory.SubFactory(SubscriptionFactory)
    address = factory.SelfAttribute("subscription.address")
    message_id = factory.LazyFunction(lambda: f"<{uuid4()}@musterpoint.example>")


class UnconfirmedDeliveryFactory(QueuedDeliveryFactory):
    """A mail that may have arrived."""

    state = DeliveryState.UNCONFIRMED
    attempts = 1
    data_started_at = DUE


class FailedDeliveryFactory(QueuedDeliveryFactory):
    """A mail that the server refused."""

    state = DeliveryState.FAILED
    attempts = 1
    last_code = 550


class SentDeliveryFactory(QueuedDeliveryFactory):
    """A mail that arrived."""

    state = DeliveryState.SENT
    attempts = 1
    data_started_at = DUE
    sent_at = DUE


class FlagAcknowledgementFactory(DjangoModelFactory[FlagAcknowledgement]):
    """That somebody answers for numbers that differ."""

    class Meta:
        model = FlagAcknowledgement

    region = factory.LazyFunction(lambda: region("RU-KRS"))
    code = "differs"
    subject = "killed"
    content = factory.Sequence(lambda n: f"{n:016x}")
    sentence = "Two sources differ on how many were killed."
    reason = "Each counts other districts."
    occurred_at = recorded_at = DUE
    recorded_by = factory.LazyFunction(uuid4)


#: The one flag of an edition that has one, as acknowledging it names it.
FLAG = "differs evacuated 0f3c9a51d2e87b64"


class FlaggedEditionFactory(DraftEditionFactory):
    """A draft with that flag."""

    @factory.lazy_attribute
    def content(self) -> dict[str, Any]:
        """The report as frozen."""
        code, subject, content = FLAG.split()
        return to_plain(replace(kursk(), flag_rows=(FlagRow(code, subject, content, "Two sources differ."),)))
