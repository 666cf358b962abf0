"""Two editions compared, a figure's history, and errata from found to sent."""

from datetime import date

import pytest

from accounts.models import User
from accounts.policy import Role
from reports.models import Erratum
from tests.desk.pages import act_url, desk_of, list_url, record_url, words
from tests.factories.accounts import user_in_role
from tests.factories.regions import region
from tests.factories.reports import (
    ErratumFactory,
    FailedDeliveryFactory,
    InReviewEditionFactory,
    PublishedEditionFactory,
    SentDeliveryFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def publisher() -> User:
    """May make and publish reports everywhere."""
    return user_in_role(Role.PUBLISHER)


def test_sent_back_with_a_reason_that_its_author_reads(publisher: User) -> None:
    edition = InReviewEditionFactory.create()
    desk = desk_of(publisher)
    assert "required" in words(desk.post(act_url(edition, "send-back"), {"reason": ""}))
    desk.post(act_url(edition, "send-back"), {"reason": "A district is missing."})
    page = words(desk.get(record_url(edition)))
    assert "A district is missing." in page
    assert "Send to review" in page


def test_two_editions_are_compared_and_a_figure_has_its_history(publisher: User) -> None:
    old = PublishedEditionFactory.create(local_day=date(2024, 8, 11))
    edition = PublishedEditionFactory.create(previous=old)
    desk = desk_of(publisher)
    page = desk.get(f"/reports/edition/{edition.pk}/figures/")
    assert "11 Aug 2024 and 12 Aug 2024, figure by figure" in words(page)
    links = [row["url"] for row in page.context["rows"] if row["name"] == "Displaced"]
    shown = words(desk.get(links[0]))
    assert "People who left a home in the region" in shown
    assert "11 Aug 2024, no. 6" in shown
    assert "12 Aug 2024, no. 7" in shown
    assert desk.get(f"/reports/edition/{edition.pk}/figure/?indicator=none").status_code == 404
    elsewhere = desk_of(user_in_role(Role.PUBLISHER, region=region("UA-59")))
    assert elsewhere.get(f"/reports/edition/{edition.pk}/figures/").status_code == 404


def test_an_erratum_is_listed_proposed_and_approved_by_another(publisher: User) -> None:
    erratum = ErratumFactory.create()
    got = SentDeliveryFactory.create(mail__edition=erratum.edition)
    FailedDeliveryFactory.create(mail=got.edition.files.get())
    desk = desk_of(publisher)
    listed = words(desk.get(list_url(Erratum), {"state__exact": "needed"}))
    assert "Kursk Oblast 2024-08-12" in listed
    page = words(desk.get(record_url(erratum)))
    assert "no longer stands" in page
    assert "Its source took it back." in page
    desk.post(act_url(erratum, "propose"), {"reason": "The governor took his number back."})
    assert "Nothing was saved" in words(desk.post(act_url(erratum, "publish"), {}))
    desk_of(user_in_role(Role.PUBLISHER)).post(act_url(erratum, "publish"), {})
    erratum.refresh_from_db()
    assert erratum.state == "published"
    told = [delivery.address for delivery in erratum.deliveries.all()]
    assert told == [got.address], "who did not get the edition gets no erratum"


def test_what_needs_no_erratum_is_dismissed_with_a_reason(publisher: User) -> None:
    erratum = ErratumFactory.create()
    desk = desk_of(publisher)
    desk.post(act_url(erratum, "dismiss"), {"reason": ""})
    erratum.refresh_from_db()
    assert erratum.state == "needed"
    desk.post(act_url(erratum, "dismiss"), {"reason": "A comma."})
    erratum.refresh_from_db()
    assert (erratum.state, erratum.dismiss_reason) == ("dismissed", "A comma.")
