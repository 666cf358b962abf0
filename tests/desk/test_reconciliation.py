"""The page of the reconciliation line, and acknowledging a flag from an edition's page."""

from datetime import date

import pytest

from accounts.models import User
from accounts.policy import Role
from audit.models import AuditEvent
from displacement.models.claim import ClaimKind
from regions.models import Operation
from reports.actions.editions import make_edition
from reports.models import Edition, FlagAcknowledgement
from tests.desk.pages import act_url, desk_of, list_url, record_url, words
from tests.factories.accounts import user_in_role
from tests.factories.displacement import ClaimFactory, MovementFactory, SourceFactory
from tests.factories.regions import RunningOperationFactory, kursk_tree, region
from tests.factories.reports import PublishedEditionFactory

DAY = date(2024, 8, 8)

pytestmark = pytest.mark.django_db


@pytest.fixture
def publisher() -> User:
    """May make and publish reports everywhere."""
    return user_in_role(Role.PUBLISHER)


@pytest.fixture
def operation() -> Operation:
    """Kursk, where two numbers share their digits and one district has somebody of its own."""
    kursk_tree()
    speaker = SourceFactory.create(name="Acting governor")
    ClaimFactory.create(source=speaker)
    ClaimFactory.create(source=speaker, indicator="injured", value=121, qualifier="exact")
    ClaimFactory.create(source=speaker, indicator="people_to_evacuate", value=180_000, kind=ClaimKind.STOCK)
    MovementFactory.create()
    return RunningOperationFactory.create()


def made(operation: Operation, by: User, day: date = DAY) -> Edition:
    """The draft of the day."""
    return make_edition(operation=operation, region=region("RU-KRS"), local_day=day, by=by)


def test_the_line_of_the_region_and_of_each_district_has_its_page(
    operation: Operation, publisher: User
) -> None:
    edition = made(operation, publisher)
    desk = desk_of(publisher)
    assert f"/reports/edition/{edition.pk}/reconciliation/" in desk.get(record_url(edition)).content.decode()
    page = words(desk.get(f"/reports/edition/{edition.pk}/reconciliation/"))
    assert "To evacuate, as claimed about 180,000 Acting governor" in page
    assert "Remaining, as claimed –" in page
    assert "not reported, which is not zero" in page
    district = words(desk.get(f"/reports/edition/{edition.pk}/reconciliation/?line=1"))
    assert "Sudzhansky District, 8 Aug 2024" in district
    assert "180,000" not in district
    for odd in ("99", "-1", "x", "²"):
        assert desk.get(f"/reports/edition/{edition.pk}/reconciliation/?line={odd}").status_code == 200
    elsewhere = desk_of(user_in_role(Role.PUBLISHER, region=region("UA-59")))
    assert elsewhere.get(f"/reports/edition/{edition.pk}/reconciliation/").status_code == 404


def test_an_edition_without_a_line_says_so(publisher: User) -> None:
    edition = PublishedEditionFactory.create()
    page = desk_of(publisher).get(f"/reports/edition/{edition.pk}/reconciliation/")
    assert "This edition has no such line" in words(page)
    assert "/reconciliation/" not in desk_of(publisher).get(record_url(edition)).content.decode()


def test_a_flag_is_acknowledged_and_taken_back_on_the_desk(operation: Operation, publisher: User) -> None:
    edition = made(operation, publisher)
    desk = desk_of(publisher)
    url = act_url(edition, "acknowledge")
    assert "have the same digits" in words(desk.get(url))
    [row] = [row for row in edition.content["flag_rows"] if row["code"] == "same_digits"]
    flag = f"{row['code']} {row['subject']} {row['content']}"
    assert "required" in words(desk.post(url, {"flag": flag, "reason": " "}))
    desk.post(url, {"flag": flag, "reason": "Asked the office: both numbers are right."})
    known = FlagAcknowledgement.objects.get()
    assert known.recorded_by == publisher.pk
    assert AuditEvent.objects.get(action="acknowledge").object_id == str(known.pk)
    again = words(desk.post(url, {"flag": flag, "reason": "Once more."}))
    assert "Somebody has acknowledged this flag already" in again
    assert "both numbers are right" in words(desk.get(list_url(FlagAcknowledgement)))
    desk.post(act_url(known, "void"), {"reason": "They were not."})
    known.refresh_from_db()
    assert known.is_void


@pytest.mark.parametrize("role", [Role.REGIONAL_COORDINATOR, Role.REGISTRAR, Role.REPORT_RECIPIENT])
def test_only_publishers_acknowledge(operation: Operation, publisher: User, role: Role) -> None:
    edition = made(operation, publisher)
    assert desk_of(user_in_role(role)).get(act_url(edition, "acknowledge")).status_code in (302, 403, 404)
