"""The same records four times: own or another organisation's, in one's own region or in another."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.db.models import Model

from accounts.models import Organisation, RevealDay, User
from accounts.policy import Role
from core.decoys import marked_id
from displacement.models import (
    CasualtySource,
    HoneyRecord,
    Household,
    HouseholdGroup,
    Merge,
    Person,
    PossibleDuplicate,
    Source,
)
from exchange.models import MessageKind
from exchange.webhooks.making import queue_message
from intake.models import Batch, KoboForm, Mapping, StagedRow, Submission
from regions.models import Region
from retention.models import Erasure, Hold
from roster.models import Alarm, PeopleExport
from shelters.models import ShelterState
from tests.api.world import World
from tests.authorisation.canaries import Canaries
from tests.authorisation.expected import ELSEWHERE, FAR, FOREIGN, OWN, Place
from tests.factories.accounts import OrganisationFactory, user_in_role
from tests.factories.clients import partner_client
from tests.factories.displacement import (
    GivenConsentFactory,
    IdentityDocumentFactory,
    PersonFactory,
    PersonNeedFactory,
)
from tests.factories.exchange import webhook
from tests.factories.facts import KURSK_MORNING
from tests.factories.regions import kursk_tree, region
from tests.factories.reports import (
    EditionFileFactory,
    ErratumFactory,
    PublishedEditionFactory,
    PublishedErratumFactory,
    SentDeliveryFactory,
    SubscriptionFactory,
)
from tests.factories.shelters import ProtectedPlaceFactory

HERE, THERE = "RU-KRS", "UA-59"


@dataclass
class Ground(World):
    """A world with what the desk has besides, moved to where it belongs, with canaries in it."""

    place: Place = OWN
    canaries: Canaries = field(default_factory=Canaries)

    def __post_init__(self) -> None:
        before = {
            model: set(model.objects.values_list("pk", flat=True)) for model in (Person, Household, Batch)
        }
        super().__post_init__()
        self.before: dict[Any, set[Any]] = before
        self.more: dict[str, Model] = {}
        self._add_desk_records()
        if not self.place.is_own_region:
            self._move(region(THERE))
        self._add_reports()
        self._plant()

    def somebody(self) -> Person:
        """One more person, who is where the others of this place are."""
        person = super().somebody()
        if not self.place.is_own_region:
            Household.objects.filter(pk=person.household_id).update(registered_in=region(THERE))
        return person

    def record(self, resource: str) -> Model | None:
        """The record of this kind, where there is one of this place."""
        found = self.more.get(resource)
        if found is not None or resource.startswith("reports."):
            return found
        return next(
            (
                each
                for each in vars(self).values()
                if isinstance(each, Model) and each._meta.label_lower == resource
            ),
            None,
        )

    def _add_desk_records(self) -> None:
        second = self.somebody()
        first, low = sorted(
            [self.person, PersonFactory.create(household=second.household)], key=lambda p: p.pk
        )
        pair = PossibleDuplicate.objects.create(first=first, second=low, probability=0.97, run=uuid4())
        merge = Merge.objects.create(
            kept=self.person, merged=second, merged_at=KURSK_MORNING, merged_by=uuid4(), reason="Twice."
        )
        mapping = Mapping.objects.create(
            organisation=self.organisation,
            name=f"ours {self.place.name}",
            kind="people",
            columns={"Имя": "given_name"},
            recorded_by=uuid4(),
        )
        colleague: User = user_in_role(Role.REGISTRAR, organisation=self.organisation)
        group = HouseholdGroup.objects.filter(household=self.household).first()
        state = ShelterState.objects.filter(shelter=self.shelter).first()
        source = CasualtySource.objects.filter(casualty=self.casualty).first()
        made = [
            *(pair, merge, mapping, colleague),
            *self._roster(colleague),
            group,
            state,
            source,
            GivenConsentFactory.create(household=self.household),
            PersonNeedFactory.create(person=self.person, need=self.need),
            IdentityDocumentFactory.create(person=self.person),
            ProtectedPlaceFactory.create(shelter=self.shelter),
            *self._systems(),
            self._submission(),
        ]
        self.more = {each._meta.label_lower: each for each in made if each is not None}

    def _submission(self) -> Submission:
        word = self.canaries.word("intake.submission", "payload", self.place)
        return Submission.objects.create(
            form=self.kobo_form, instance=str(uuid4()), payload={"name": word}, received_by=uuid4()
        )

    def _roster(self, colleague: User) -> list[Model]:
        """What a colleague opened, an export and an erasure that they asked for, and a hold that they set."""
        at = KURSK_MORNING
        export = PeopleExport.objects.create(
            organisation=self.organisation,
            region=region(HERE),
            columns=["number"],
            purpose="Heating for the winter.",
            needed_until=at + timedelta(days=2),
            asked_at=at,
            asked_by=colleague.pk,
        )
        alarm = Alarm.objects.create(
            organisation=self.organisation,
            about=colleague,
            rule="sweep",
            day=at.date(),
            found_at=at,
            counted=15,
        )
        family = {"id": str(marked_id(at)), "at": at.isoformat(), "as": str(colleague.pk), "people": []}
        honey = HoneyRecord.objects.create(organisation=self.organisation, plan=family, placed_by=uuid4())
        erasure = Erasure.objects.create(
            organisation=self.organisation,
            region=region(HERE),
            kind="displacement.person",
            subject=self.person.pk,
            ground="asked",
            asked_at=at,
            asked_by=colleague.pk,
        )
        assert self.erasure  # before a role is tried, or it goes with what that role did
        hold = self._hold(colleague)
        day = RevealDay.objects.create(user=colleague, day=at.date(), used=1)
        return [day, export, alarm, honey, erasure, hold]

    def _hold(self, colleague: User) -> Hold:
        """A hold that a colleague set."""
        at = KURSK_MORNING
        made: Hold = Hold.objects.create(
            organisation=self.organisation,
            region=region(HERE),
            person=self.person,
            authority="court",
            case="A-1",
            starts_at=at,
            set_at=at,
            set_by=colleague.pk,
        )
        return made

    def _systems(self) -> list[Model]:
        """A partner's client, where it is told, one message, and what it may read of others' people."""
        address = f"https://hooks.example.org/{self.place.name.replace(' ', '-')}"
        there = region(HERE if self.place.is_own_region else THERE)
        endpoint, _secret = webhook(self.organisation, address, there)
        client, _secret = partner_client(self.organisation, name=f"ours {self.place.name}", region=there)
        return [client, endpoint, queue_message(endpoint, MessageKind.TEST), self.agreement]

    def _move(self, there: Region) -> None:
        """Into the other region, past the rules that would not let it."""
        own: dict[str, Any] = {"organisation": self.organisation}
        Household.objects.filter(**own).update(registered_in=there)
        Household.objects.filter(people=self.shared_person).update(registered_in=there)
        Batch.objects.filter(**own).update(registered_in=there)
        KoboForm.objects.filter(**own).update(registered_in=there)
        type(self.shelter).objects.filter(**own).update(region=there)
        type(self.incident).objects.filter(**own).update(region=there)
        self.subscription.lines.update(region=there)
        PeopleExport.objects.filter(**own).update(region=there)
        Erasure.objects.filter(**own).update(region=there)
        Hold.objects.filter(**own).update(region=there)
        for each in (self.acknowledgement, self.expected_report):
            type(each).objects.filter(pk=each.pk).update(region=there)

    def _add_reports(self) -> None:
        """Reports belong to a region and to no organisation; made before any case, since a case is taken back."""
        place = region(HERE if self.place.is_own_region else THERE)
        if not self.place.is_own_organisation:
            return
        if self.place is not OWN:
            self.edition = PublishedEditionFactory.create(region=place, local_day=date(2024, 8, 6))
        self.__dict__["erratum"] = PublishedErratumFactory.create(edition=self.edition)
        self.__dict__["needed_erratum"] = ErratumFactory.create(edition=self.edition)
        if self.place is OWN:
            assert self.proposed_erratum
            assert self.flagged
            assert self.proposed_subscription
            assert self.unconfirmed_subscription
        subscription = SubscriptionFactory.create(regions=[place])
        delivery = SentDeliveryFactory.create(
            mail=EditionFileFactory.create(edition=self.edition), subscription=subscription
        )
        self.more |= {"reports.edition": self.edition, "reports.erratum": self.erratum}
        self.more |= {"reports.subscription": subscription, "reports.delivery": delivery}

    def _plant(self) -> None:
        records = [*self.more.values(), *(each for each in vars(self).values() if isinstance(each, Model))]
        theirs = [
            *Person.objects.exclude(pk__in=self.before[Person]),
            *Household.objects.exclude(pk__in=self.before[Household]),
            *CasualtySource.objects.filter(casualty=self.casualty),
        ]
        planted = {(each._meta.label, each.pk): each for each in (*theirs, *records)}
        for record in planted.values():
            if not isinstance(record, (Organisation, Source, Region)):
                self.canaries.plant(record, self.place)
        for row in StagedRow.objects.exclude(batch__in=self.before[Batch]):
            word = self.canaries.word("intake.stagedrow", "raw", self.place)
            row.raw = [word, "", "", ""]
            row.save(update_fields=["raw"])


@dataclass
class Grounds:
    """All four, and who looks at them."""

    canaries: Canaries = field(default_factory=Canaries)
    at: dict[str, Ground] = field(default_factory=dict)
    users: dict[Role, User] = field(default_factory=dict)

    def __post_init__(self) -> None:
        regions, ours, theirs = kursk_tree(), OrganisationFactory.create(), OrganisationFactory.create()
        # What lies elsewhere is moved there with all that its organisation has, so it comes first.
        for place, organisation in ((ELSEWHERE, ours), (OWN, ours), (FAR, theirs), (FOREIGN, theirs)):
            self.at[place.name] = Ground(organisation, regions, place, self.canaries)
        for role in Role:
            self.users[role] = user_in_role(role, organisation=ours, region=region(HERE))
