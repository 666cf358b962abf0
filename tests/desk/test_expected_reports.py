"""The register of who is expected to report, kept by publishers."""

import pytest

from accounts.models import User
from accounts.policy import Role
from audit.models import AuditEvent
from displacement.models import ExpectedReport
from tests.desk.pages import act_url, add_url, desk_of, list_url, words
from tests.factories.accounts import user_in_role
from tests.factories.displacement import SourceFactory
from tests.factories.regions import region

pytestmark = pytest.mark.django_db


def test_a_publisher_keeps_the_register_on_the_desk() -> None:
    ministry = SourceFactory.create(name="Ministry")
    publisher: User = user_in_role(Role.PUBLISHER)
    desk = desk_of(publisher)
    sent = {"source": ministry.pk, "region": region("RU-KRS").pk, "indicator": "killed", "every_days": "2"}
    desk.post(add_url(ExpectedReport), {**sent, "occurred_at": "2024-08-08T10:00"})
    row = ExpectedReport.objects.get()
    assert (row.indicator, row.every_days, row.recorded_by) == ("killed", 2, publisher.pk)
    assert AuditEvent.objects.filter(action="expect", object_id=str(row.pk)).exists()
    assert "Ministry" in words(desk.get(list_url(ExpectedReport)))
    desk.post(act_url(row, "void"), {"reason": "They have closed."})
    row.refresh_from_db()
    assert row.is_void
    assert desk_of(user_in_role(Role.REGISTRAR)).get(add_url(ExpectedReport)).status_code in (302, 403)
