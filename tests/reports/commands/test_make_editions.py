"""`manage.py make_editions`: a week at once, of which only the last day is mailed."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from reports.models import Delivery, Edition, Subscription
from reports.models.edition import EditionStatus
from tests.factories.regions import RunningOperationFactory
from tests.factories.reports import SubscriptionFactory

pytestmark = pytest.mark.django_db

WEEK = ("--operation=kursk-2024", "--from=2024-08-06", "--to=2024-08-12")


def _run(*arguments: str) -> str:
    out = StringIO()
    call_command("make_editions", *arguments, stdout=out)
    return out.getvalue()


def test_a_week_in_order_and_only_the_last_is_mailed() -> None:
    RunningOperationFactory.create(is_automatic=True)
    SubscriptionFactory.create()
    told = _run(*WEEK, "--send-last").splitlines()
    editions = list(Edition.objects.order_by("local_day"))
    assert [edition.number for edition in editions] == [1, 2, 3, 4, 5, 6, 7]
    assert [edition.previous for edition in editions[1:]] == editions[:-1]
    assert {edition.status for edition in editions} == {EditionStatus.PUBLISHED}
    assert Delivery.objects.get().edition == editions[-1]
    assert len(told) == 7
    assert told[-1].startswith("Kursk Oblast 2024-08-12: edition 7 published (")
    assert told[-1].endswith("1 mail queued")


def test_run_again_it_makes_and_mails_nothing_twice() -> None:
    RunningOperationFactory.create(is_automatic=True)
    _run(*WEEK, "--demo-subscribers", "--send-last")
    _run(*WEEK, "--demo-subscribers", "--send-last")
    assert (Edition.objects.count(), Delivery.objects.count(), Subscription.objects.count()) == (7, 3, 3)
    assert all(row.address.endswith("@coordination.example") for row in Subscription.objects.all())


def test_without_asking_nobody_is_mailed() -> None:
    RunningOperationFactory.create(is_automatic=True)
    SubscriptionFactory.create()
    _run(*WEEK)
    assert not Delivery.objects.exists()


def test_what_is_reviewed_stays_a_draft() -> None:
    RunningOperationFactory.create(is_automatic=False)
    told = _run("--operation=kursk-2024", "--from=2024-08-12", "--to=2024-08-12", "--send-last")
    assert Edition.objects.get(local_day=date(2024, 8, 12)).status == EditionStatus.DRAFT
    assert "a publisher must look at" in told


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--operation=kursk", *WEEK[1:]), "There is no operation of this key. There are: kursk-2024."),
        ((WEEK[0], "--from=2024-08-12", "--to=2024-08-06"), "Swap --from and --to"),
        ((WEEK[0], "--from=2024-08-01", "--to=2024-08-06"), "The operation does not run on this day"),
        ((WEEK[0], "--from=6.8.2024", "--to=2024-08-06"), "write the day like 2024-08-12"),
    ],
)
def test_what_cannot_be_made(arguments: tuple[str, ...], sentence: str) -> None:
    RunningOperationFactory.create(is_automatic=True)
    with pytest.raises(CommandError, match=sentence):
        _run(*arguments)
    assert not Edition.objects.exists()
