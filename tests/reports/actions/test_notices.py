"""Whom the service tells that a report did not come about, and that it tells each of them once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django import Settings

from accounts.models import User
from accounts.policy import Role
from regions.models import Operation
from reports import tasks
from reports.actions.notices import NEWS_FOR, PATIENCE, named_for, note_overdue, tell_notices
from reports.models import Notice
from tests.factories.accounts import user_in_role
from tests.factories.regions import RunningOperationFactory, region
from tests.factories.reports import InReviewEditionFactory, PublishedEditionFactory, WithdrawnEditionFactory
from tests.mail import Mailbox

pytestmark = pytest.mark.django_db

DUE = datetime(2024, 8, 13, 3, tzinfo=UTC)


@pytest.fixture
def operation() -> Operation:
    return RunningOperationFactory.create(starts_on=date(2024, 8, 12), ends_on=date(2024, 8, 12))


@pytest.fixture
def publisher() -> User:
    return user_in_role(Role.PUBLISHER, region=region("RU"))


def test_publishers_of_the_region_and_nobody_else(publisher: User) -> None:
    user_in_role(Role.PUBLISHER, region=region("UA-59"))
    user_in_role(Role.PUBLISHER, region=region("RU-KRS-KURSKY"))
    user_in_role(Role.REGIONAL_COORDINATOR)
    user_in_role(Role.PUBLISHER, is_active=False)
    user_in_role(Role.PUBLISHER, email="")
    assert named_for(region("RU-KRS")) == [publisher]


@pytest.mark.usefixtures("publisher")
def test_told_once_per_region_and_day_by_real_mail(
    operation: Operation, mailbox: Mailbox, publisher: User
) -> None:
    assert note_overdue(DUE + PATIENCE - timedelta(seconds=1)) == 0
    for _ring in range(3):
        note_overdue(DUE + PATIENCE)
        tell_notices()
    [mail] = mailbox.wait(1)
    assert mail["X-Envelope-To"] == publisher.email
    assert "No report of Kursk Oblast for 2024-08-12 was published" in mail["Subject"]
    assert "read it and approve it" in mail.get_content()
    assert Notice.objects.get().sent_at is not None


@pytest.mark.parametrize(
    ("language", "name"), [("en", "Kursk Oblast"), ("uk", "Курська область"), ("ru", "Курская область")]
)
def test_each_is_told_in_their_own_language(
    operation: Operation, mailbox: Mailbox, language: str, name: str
) -> None:
    user_in_role(Role.PUBLISHER, language=language)
    note_overdue(DUE + PATIENCE)
    tell_notices()
    [mail] = mailbox.wait(1)
    assert name in mail["Subject"]
    assert name in mail.get_content()


@pytest.mark.usefixtures("publisher")
def test_a_report_in_review_is_not_published(operation: Operation) -> None:
    InReviewEditionFactory.create(operation=operation)
    assert note_overdue(DUE + PATIENCE) == 1


@pytest.mark.parametrize("factory", [PublishedEditionFactory, WithdrawnEditionFactory])
@pytest.mark.usefixtures("publisher")
def test_what_was_published_is_not_missing(
    operation: Operation, factory: type[PublishedEditionFactory]
) -> None:
    factory.create(operation=operation)
    assert note_overdue(DUE + PATIENCE) == 0


@pytest.mark.usefixtures("operation", "publisher")
def test_old_absences_are_no_news() -> None:
    assert note_overdue(DUE + NEWS_FOR) == 0


@pytest.mark.usefixtures("operation", "publisher")
def test_a_mail_server_that_is_away_is_tried_again(settings: Settings, mailbox: Mailbox) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    note_overdue(DUE + PATIENCE)
    assert tell_notices() == 0
    settings.EMAIL_PORT = port
    tasks.tell_missing()
    assert len(mailbox.wait(1)) == 1
