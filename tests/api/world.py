"""One organisation with a record of every kind, as the tests of the API find it."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from uuid import uuid4

from django.utils import timezone

from accounts.models import Organisation
from displacement.models import (
    Casualty,
    Claim,
    ClaimChoice,
    ExpectedReport,
    Household,
    Incident,
    Movement,
    Person,
    Source,
    SpecificNeed,
)
from exchange.models import Agreement
from intake.models import Batch, KoboForm
from regions.models import Operation, Region
from reports.models import Edition, Erratum, FlagAcknowledgement, Subscription
from retention.models import Erasure
from shelters.models import Headcount, Shelter, Stay
from tests.factories.accounts import OrganisationFactory
from tests.factories.displacement import (
    ClaimChoiceFactory,
    ClaimFactory,
    CorroboratedCasualtyFactory,
    CountedHouseholdFactory,
    ExpectedReportFactory,
    IncidentFactory,
    MovementFactory,
    PersonFactory,
    SourceFactory,
    SpecificNeedFactory,
)
from tests.factories.intake import (
    AcceptedBatchFactory,
    KoboFormFactory,
    NeedsMappingBatchFactory,
    ReadyBatchFactory,
    RefusedRowFactory,
    RowFactory,
    with_file,
)
from tests.factories.regions import RunningOperationFactory, kursk_tree
from tests.factories.reports import (
    ApprovedEditionFactory,
    DraftEditionFactory,
    EditionFileFactory,
    ErratumFactory,
    FlagAcknowledgementFactory,
    FlaggedEditionFactory,
    InReviewEditionFactory,
    ProposedErratumFactory,
    ProposedSubscriptionFactory,
    PublishedEditionFactory,
    PublishedErratumFactory,
    SubscriptionFactory,
    UnconfirmedSubscriptionFactory,
)
from tests.factories.sharing import shared_person
from tests.factories.shelters import HeadcountFactory, OpenShelterFactory, OpenStayFactory


@dataclass
class World:
    """Records of one organisation; `household` is counted, `person` has another one and a bed."""

    organisation: Organisation = field(default_factory=OrganisationFactory.create)
    regions: dict[str, Region] = field(default_factory=kursk_tree)

    def __post_init__(self) -> None:
        own: dict[str, Any] = {"organisation": self.organisation}
        self.region: Region = self.regions["RU-KRS"]
        self.operation: Operation = RunningOperationFactory.create()
        self.need: SpecificNeed = SpecificNeedFactory.create()
        self.household: Household = CountedHouseholdFactory.create(**own)
        self.person: Person = PersonFactory.create(household__organisation=self.organisation)
        self.movement: Movement = MovementFactory.create(person=self.person)
        self.shelter: Shelter = OpenShelterFactory.create(**own)
        self.stay: Stay = OpenStayFactory.create(person=self.person, shelter=self.shelter)
        self.headcount: Headcount = HeadcountFactory.create(shelter=self.shelter)
        self.incident: Incident = IncidentFactory.create(**own)
        self.casualty: Casualty = CorroboratedCasualtyFactory.create(incident=self.incident)
        self.source: Source = SourceFactory.create()
        self.claim: Claim = ClaimFactory.create(source=self.source)
        self.claim_choice: ClaimChoice = ClaimChoiceFactory.create(claim=self.claim)
        self.draft: Edition = _edition(DraftEditionFactory, date(2024, 8, 10))
        self.in_review: Edition = _edition(InReviewEditionFactory, date(2024, 8, 8))
        self.approved: Edition = _edition(ApprovedEditionFactory, date(2024, 8, 9))
        self.edition: Edition = _edition(PublishedEditionFactory, date(2024, 8, 12))
        self.expected_report: ExpectedReport = ExpectedReportFactory.create(source=self.source)
        self.acknowledgement: FlagAcknowledgement = FlagAcknowledgementFactory.create()
        self.subscription: Subscription = SubscriptionFactory.create()
        self.batch: Batch = ReadyBatchFactory.create(**own)
        RefusedRowFactory.create(batch=self.batch, number=2)
        RowFactory.create(batch=self.batch, number=3)
        with_file(self.batch)
        self.unnamed_batch: Batch = NeedsMappingBatchFactory.create(**own)
        self.kobo_form: KoboForm = KoboFormFactory.create(**own)
        self.accepted_batch: Batch = AcceptedBatchFactory.create(**own)
        EditionFileFactory.create(
            edition=self.edition, format="text", media_type="text/plain", content=b"121", file_name="r.txt"
        )

    @cached_property
    def erratum(self) -> Erratum:
        """What readers of the edition were told."""
        erratum: Erratum = PublishedErratumFactory.create(edition=self.edition)
        return erratum

    @cached_property
    def needed_erratum(self) -> Erratum:
        """What the clock found wrong in the edition."""
        erratum: Erratum = ErratumFactory.create(edition=self.edition)
        return erratum

    @cached_property
    def proposed_erratum(self) -> Erratum:
        """The same of another day, written by a publisher and not yet approved: an edition has one that is open."""
        edition = _edition(PublishedEditionFactory, date(2024, 8, 11))
        erratum: Erratum = ProposedErratumFactory.create(edition=edition)
        return erratum

    @cached_property
    def erasure(self) -> Erasure:
        """What a colleague asked for."""
        return Erasure.objects.create(
            organisation=self.organisation,
            region=self.person.household.registered_in,
            kind="displacement.person",
            subject=uuid4(),  # of the person themselves a test may ask
            ground="asked",
            asked_at=timezone.now(),
            asked_by=self.person.pk,
        )

    @cached_property
    def flagged(self) -> Edition:
        """A draft with a flag that nobody has acknowledged."""
        return _edition(FlaggedEditionFactory, date(2024, 8, 7))

    @cached_property
    def proposed_subscription(self) -> Subscription:
        """One that waits for another person."""
        row: Subscription = ProposedSubscriptionFactory.create()
        return row

    @cached_property
    def unconfirmed_subscription(self) -> Subscription:
        """One whose address has not answered."""
        row: Subscription = UnconfirmedSubscriptionFactory.create()
        return row

    @cached_property
    def shared_person(self) -> Person:
        """Somebody of another organisation who is shared with this one's systems."""
        return shared_person(self.organisation)

    @cached_property
    def agreement(self) -> Agreement:
        """Under which."""
        found: Agreement = Agreement.objects.get(giving=self.shared_person.organisation)
        return found

    def somebody(self) -> Person:
        """One more person of the organisation, without a bed."""
        person: Person = PersonFactory.create(household__organisation=self.organisation)
        return person

    def another_household(self) -> Household:
        """One more household of the organisation, in which somebody is."""
        return self.somebody().household


def _edition(factory: type[DraftEditionFactory], day: date) -> Edition:
    """The edition of a day; there is one, however many organisations there are."""
    edition: Edition = Edition.objects.filter(local_day=day).first() or factory.create(local_day=day)
    return edition


def earlier(**delta: float) -> str:
    """A time in the past as a body of a request writes it."""
    return (timezone.now() - timedelta(**delta)).isoformat()
