"""Making editions, publishing them and taking them back."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import User
from accounts.policy import Role
from accounts.service import service_user
from audit.models import AuditEvent
from regions.models import Operation
from reports.actions.editions import compute, mail, make_edition, publish, withdraw
from reports.models import Delivery, Edition
from reports.models.delivery import DeliveryState
from reports.models.edition import EditionStatus
from reports.rendering.encode import from_json
from reports.rendering.registry import FORMATS
from tests.factories.accounts import user_in_role
from tests.factories.regions import EndedOperationFactory, RunningOperationFactory, region
from tests.factories.reports import SubscriptionFactory, WithdrawnEditionFactory, reviewed

pytestmark = pytest.mark.django_db

DAY = date(2024, 8, 12)


@pytest.fixture
def operation() -> Operation:
    return RunningOperationFactory.create(is_automatic=True)


@pytest.fixture
def publisher() -> User:
    return user_in_role(Role.PUBLISHER)


def _make(operation: Operation, day: date = DAY, by: User | None = None, **more: Any) -> Edition:
    return make_edition(
        operation=operation, region=region("RU-KRS"), local_day=day, by=by or service_user(), **more
    )


def _code(refused: pytest.ExceptionInfo[ValidationError]) -> str | None:
    error = refused.value
    return error.error_list[0].code if not hasattr(error, "error_dict") else _first(error.error_dict).code


def _first(errors: dict[str, list[ValidationError]]) -> ValidationError:
    return next(iter(errors.values()))[0]


def test_it_is_as_known_when_it_was_due_however_late_it_is_made(operation: Operation) -> None:
    edition = _make(operation)
    assert edition.as_of == datetime(2024, 8, 12, 20, 59, 59, 999999, tzinfo=UTC)
    assert edition.known_at == datetime(2024, 8, 13, 3, tzinfo=UTC)
    assert (edition.number, edition.is_late, edition.status) == (7, True, EditionStatus.DRAFT)


def test_on_time_it_is_not_late_and_says_the_same(operation: Operation) -> None:
    on_time = _make(operation, now=operation.due_at(DAY) + timedelta(minutes=2))
    assert not on_time.is_late
    withdraw(edition=on_time, by=service_user(), reason="made again")
    late = _make(operation)
    assert late.is_late
    assert {**on_time.content, "is_late": True} == late.content


def test_before_it_is_due_it_is_as_known_now(operation: Operation) -> None:
    now = operation.day_ends_at(DAY) + timedelta(hours=1)
    edition = _make(operation, now=now)
    assert (edition.known_at, edition.is_late) == (now, False)


def test_made_twice_it_is_one(operation: Operation) -> None:
    assert _make(operation) == _make(operation)
    assert Edition.objects.count() == 1
    assert AuditEvent.objects.filter(action="make").count() == 1


def test_numbers_stay_when_a_day_is_made_late(operation: Operation) -> None:
    days = [date(2024, 8, day) for day in (6, 8, 7)]
    editions = {day: _make(operation, day) for day in days}
    assert [editions[day].number for day in days] == [1, 3, 2]
    assert editions[days[1]].previous == editions[days[0]]
    assert editions[days[2]].previous == editions[days[0]]


def test_a_withdrawn_edition_is_nobodys_previous(operation: Operation) -> None:
    WithdrawnEditionFactory.create(operation=operation, local_day=date(2024, 8, 11))
    assert _make(operation).previous is None


@pytest.mark.parametrize(
    ("day", "known_at", "code"),
    [
        (date(2024, 8, 5), None, "outside_operation"),
        (date(2024, 8, 15), None, "outside_operation"),
        (DAY, datetime(2024, 8, 12, 12, tzinfo=UTC), "known_before_end"),
        (DAY, datetime(2999, 1, 1, tzinfo=UTC), "known_in_future"),
    ],
)
def test_days_and_moments_that_make_no_report(day: date, known_at: datetime | None, code: str) -> None:
    operation = EndedOperationFactory.create()
    with pytest.raises(ValidationError) as refused:
        _make(operation, day, known_at=known_at)
    assert _code(refused) == code
    assert not Edition.objects.exists()


def test_a_day_that_is_not_over(operation: Operation) -> None:
    with pytest.raises(ValidationError) as refused:
        _make(operation, now=operation.day_ends_at(DAY))
    assert _code(refused) == "day_not_over"


def test_a_region_that_is_not_reported_on(operation: Operation) -> None:
    with pytest.raises(ValidationError) as refused:
        make_edition(operation=operation, region=region("RU-ORL"), local_day=DAY, by=service_user())
    assert _code(refused) == "region_not_reported"


def test_publishing_keeps_every_format_and_queues_one_mail_each(operation: Operation) -> None:
    subscriptions = SubscriptionFactory.create_batch(3)
    edition = publish(edition=_make(operation), by=service_user())
    files = {file.format: file for file in edition.files.all()}
    assert files.keys() == FORMATS.keys() | {"mail"}
    assert all(sha256(file.content).hexdigest() == file.sha256 for file in files.values())
    assert {row.address for row in edition.deliveries.all()} == {row.address for row in subscriptions}
    event = AuditEvent.objects.get(action="publish")
    assert event.detail == {"files": len(files), "mails": 3}


def test_kept_bytes_are_those_of_the_report_computed_again(operation: Operation) -> None:
    edition = publish(edition=_make(operation), by=service_user())
    report = compute(Edition.objects.get(pk=edition.pk))
    assert report == from_json(edition.content)
    for name in ("json", "text", "html", "pdf", "xlsx", "csv", "hxl"):
        assert FORMATS[name].render(report) == bytes(edition.files.get(format=name).content), name


def test_publishing_twice_changes_nothing(operation: Operation) -> None:
    SubscriptionFactory.create()
    first = publish(edition=_make(operation), by=service_user())
    SubscriptionFactory.create()
    assert publish(edition=first, by=service_user()).published_at == first.published_at
    assert Delivery.objects.count() == 1


def test_a_failure_publishes_nothing(operation: Operation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever stands in the way of one format or of the trace: no file, no mail, still a draft."""
    edition = _make(operation)
    SubscriptionFactory.create()

    def refuse(*_args: object, **_more: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("reports.actions.editions.record", refuse)
    with pytest.raises(RuntimeError):
        publish(edition=edition, by=service_user())
    edition.refresh_from_db()
    assert edition.status == EditionStatus.DRAFT
    assert not edition.files.exists()
    assert not Delivery.objects.exists()


def test_without_mail_and_mailed_afterwards(operation: Operation) -> None:
    SubscriptionFactory.create()
    edition = _make(operation)
    with pytest.raises(ValidationError):
        mail(edition=edition, by=service_user())
    publish(edition=edition, by=service_user(), is_mailed=False)
    assert not Delivery.objects.exists()
    assert mail(edition=edition, by=service_user()) == 1
    assert mail(edition=edition, by=service_user()) == 0


def test_who_may_publish(operation: Operation, publisher: User) -> None:
    edition = _make(operation)
    elsewhere = user_in_role(Role.PUBLISHER, region=region("RU-ORL"))
    for other in (user_in_role(Role.REGISTRAR), user_in_role(Role.REGIONAL_COORDINATOR), elsewhere):
        with pytest.raises(PermissionDenied):
            publish(edition=edition, by=other)
        with pytest.raises(PermissionDenied):
            withdraw(edition=edition, by=other, reason="wrong")
    assert publish(edition=edition, by=publisher).published_by == publisher.pk


def test_review_wants_a_second_pair_of_eyes(publisher: User) -> None:
    edition = _make(RunningOperationFactory.create(is_automatic=False), by=publisher)
    for author in (publisher, user_in_role(Role.PUBLISHER)):
        with pytest.raises(ValidationError) as refused:
            publish(edition=edition, by=author)
        assert _code(refused) == "wrong_state"
    here = user_in_role(Role.PUBLISHER, region=region("RU"))
    assert publish(edition=reviewed(edition), by=here).status == EditionStatus.PUBLISHED


def test_withdrawing_keeps_files_and_holds_mails_back(operation: Operation, publisher: User) -> None:
    SubscriptionFactory.create_batch(2)
    edition = publish(edition=_make(operation), by=service_user())
    sent = edition.deliveries.order_by("pk")[0]
    Delivery.objects.filter(pk=sent.pk).update(state=DeliveryState.SENT, sent_at=edition.published_at)
    with pytest.raises(ValidationError):
        withdraw(edition=edition, by=publisher, reason=" ")
    withdrawn = withdraw(edition=edition, by=publisher, reason="A district was missing.")
    assert (withdrawn.status, withdrawn.withdrawn_by) == (EditionStatus.WITHDRAWN, publisher.pk)
    assert sorted(edition.deliveries.values_list("state", flat=True)) == ["sent", "suppressed"]
    assert edition.files.exists()
    with pytest.raises(ValidationError):
        publish(edition=edition, by=publisher)
    again = _make(operation)
    assert (again.number, again.pk != edition.pk) == (withdrawn.number, True)
