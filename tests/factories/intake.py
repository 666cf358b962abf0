"""Lists that were sent in, each factory named for a state. They write rows past the actions and hold no file."""

import hashlib
import io

import factory
from factory.django import DjangoModelFactory
from uuid6 import uuid7

from intake.content import keep
from intake.kinds.registry import KINDS
from intake.models import Batch, Finding, KoboForm, Mapping, StagedRow
from intake.models.batch import BatchState
from intake.models.staging import Severity
from tests.factories.accounts import OrganisationFactory
from tests.factories.facts import KURSK_MORNING
from tests.factories.regions import region

HEADINGS = ["Фамилия", "Имя", "Дата рождения", "Откуда"]
COLUMNS = {"Фамилия": "family_name", "Имя": "given_name", "Дата рождения": "birth_date", "Откуда": "origin"}


class ReceivedBatchFactory(DjangoModelFactory[Batch]):
    """A list of people that has come and that no worker has looked at."""

    class Meta:
        model = Batch

    organisation = factory.SubFactory(OrganisationFactory)
    kind = "people"
    name = factory.Sequence(lambda n: f"list-{n}.csv")
    digest = factory.LazyAttribute(lambda batch: hashlib.sha256(batch.name.encode()).hexdigest())
    size = 2_048
    registered_in = factory.LazyFunction(lambda: region("RU-KRS-KURSK"))
    state = BatchState.RECEIVED
    received_at = KURSK_MORNING
    received_by = factory.LazyFunction(uuid7)


class NeedsMappingBatchFactory(ReceivedBatchFactory):
    """A list whose headings do not say everything."""

    state = BatchState.NEEDS_MAPPING
    headings = HEADINGS


class StagingBatchFactory(ReceivedBatchFactory):
    """A list that is being read: 5,000 rows so far."""

    state = BatchState.STAGING
    headings = HEADINGS
    columns = COLUMNS
    progress = 5_000


class FailedBatchFactory(StagingBatchFactory):
    """A list that could not be read."""

    state = BatchState.FAILED
    failure = "not_a_table"


class ReadyBatchFactory(StagingBatchFactory):
    """A checked list without rows; `RowFactory` adds them."""

    state = BatchState.READY
    progress = 3
    total = 3


class AcceptedBatchFactory(ReadyBatchFactory):
    """A list that is in the register."""

    state = BatchState.ACCEPTED
    outcome = {"people": 1, "households": 1}
    accepted_at = KURSK_MORNING
    accepted_by = factory.LazyFunction(uuid7)


class RowFactory(DjangoModelFactory[StagedRow]):
    """A row without anything to remark."""

    class Meta:
        model = StagedRow

    batch = factory.SubFactory(ReadyBatchFactory)
    number = factory.Sequence(lambda n: n + 2)
    lead = factory.SelfAttribute("number")
    record_id = factory.LazyFunction(uuid7)
    parent_id = factory.LazyFunction(uuid7)
    severity = Severity.FINE
    value = factory.LazyAttribute(lambda row: [""] * len(KINDS[row.batch.kind].slots))


class RefusedRowFactory(RowFactory):
    """A row with a day that does not exist, and what was found."""

    class Meta:
        model = StagedRow
        skip_postgeneration_save = True

    severity = Severity.ERROR
    raw = ["Петренко", "Иван", "31.02.1990", "Суджанский район"]

    @factory.post_generation
    def finding(self, create: bool, extracted: object, **fields: object) -> None:
        """What was found about it."""
        FindingFactory.create(batch=self.batch, row=self.number, **fields)


class FindingFactory(DjangoModelFactory[Finding]):
    """A day that does not exist."""

    class Meta:
        model = Finding

    batch = factory.SubFactory(ReadyBatchFactory)
    row = 2
    column = "Дата рождения"
    code = "bad_date"
    severity = Severity.ERROR


def with_file(batch: Batch) -> Batch:
    """The batch with the bytes of a short list: the refused row of RefusedRowFactory, and one that is fine."""
    rows = ("Петренко,Иван,31.02.1990,Суджанский район", "Коваль,Анна,1992-01-30,RU-KRS", "")
    keep(batch, io.BytesIO("\n".join((",".join(HEADINGS), *rows)).encode()))
    return batch


class MappingFactory(DjangoModelFactory[Mapping]):
    """What a partner's columns mean."""

    class Meta:
        model = Mapping

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"District list {n}")
    kind = "people"
    columns = COLUMNS
    recorded_by = factory.LazyFunction(uuid7)


class KoboFormFactory(DjangoModelFactory[KoboForm]):
    """A form that registers families in Kursk."""

    class Meta:
        model = KoboForm

    name = factory.Sequence(lambda n: f"Reception {n}")
    organisation = factory.SubFactory(OrganisationFactory)
    registered_in = factory.LazyFunction(lambda: region("RU-KRS-KURSK"))
    recorded_by = factory.LazyFunction(uuid7)
