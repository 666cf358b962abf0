"""What PostgreSQL itself holds about editions, files and mails, whatever asks."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from pytest_django import Settings

from accounts.policy import Role
from accounts.service import service_user
from reports.actions.editions import make_edition, publish
from reports.models import Delivery, Edition, EditionFile
from reports.models.delivery import DeliveryState
from reports.models.edition import EditionStatus
from tests.factories.accounts import user_in_role
from tests.factories.regions import RunningOperationFactory, region
from tests.factories.reports import (
    DraftEditionFactory,
    EditionFileFactory,
    PublishedEditionFactory,
    QueuedDeliveryFactory,
    SubscriptionFactory,
    WithdrawnEditionFactory,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("field", ["content", "known_at", "number"])
def test_what_an_edition_says_stays(field: str) -> None:
    edition = DraftEditionFactory.create()
    other = {"content": {}, "known_at": edition.known_at + timedelta(days=1), "number": 99}[field]
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).update(**{field: other})
    Edition.objects.filter(pk=edition.pk).update(is_late=True)


@pytest.mark.parametrize("act", ["update", "delete"])
def test_files_stay(act: str) -> None:
    files = EditionFile.objects.filter(pk=EditionFileFactory.create().pk)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        files.update(content=b"") if act == "update" else files._raw_delete("default")
    assert files.exists()


def test_one_standing_edition_a_day() -> None:
    WithdrawnEditionFactory.create()
    WithdrawnEditionFactory.create()
    PublishedEditionFactory.create()
    with pytest.raises(IntegrityError, match="edition_once_a_day"), transaction.atomic():
        DraftEditionFactory.create()


def test_published_and_withdrawn_need_who_and_when() -> None:
    edition = DraftEditionFactory.create()
    for status in (EditionStatus.PUBLISHED, EditionStatus.WITHDRAWN):
        with pytest.raises(IntegrityError), transaction.atomic():
            Edition.objects.filter(pk=edition.pk).update(status=status)


def test_one_mail_for_each_edition_and_address() -> None:
    first = QueuedDeliveryFactory.create()
    with pytest.raises(IntegrityError, match="delivery_once"), transaction.atomic():
        QueuedDeliveryFactory.create(
            mail=first.edition.files.get(), subscription=SubscriptionFactory.create(), address=first.address
        )


def test_sending_needs_a_lease_and_sent_a_time() -> None:
    rows = Delivery.objects.filter(pk=QueuedDeliveryFactory.create().pk)
    for state in (DeliveryState.SENDING, DeliveryState.SENT):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(state=state)


def test_kept_bytes_survive_a_change_of_the_templates(settings: Settings, tmp_path: Path) -> None:
    """After an upgrade the old edition is served as it was sent; a new one is made with the new template."""
    operation = RunningOperationFactory.create(is_automatic=True)
    old, new = (
        make_edition(
            operation=operation, region=region("RU-KRS"), local_day=date(2024, 8, day), by=service_user()
        )
        for day in (11, 12)
    )
    before = bytes(publish(edition=old, by=service_user()).files.get(format="html").content)
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "page.html").write_text("<p>another template</p>")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    after = bytes(publish(edition=new, by=service_user()).files.get(format="html").content)
    assert after.strip() == b"<p>another template</p>"
    reader = Client()
    reader.force_login(user_in_role(Role.AUDITOR))
    assert reader.get(f"/api/v1/editions/{old.pk}/files/html/").content == before
    again = publish(edition=old, by=service_user()).files.get(format="html")
    assert bytes(again.content) == before
