"""The pages of an edition under review, of two compared, of a figure and of an erratum, as a browser shows them."""

from collections.abc import Callable
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings

from reports.delivery.confirming import confirm_address_of
from reports.delivery.unsubscribing import address_of
from tests.browser.conftest import Window
from tests.factories.accounts import almighty
from tests.factories.reports import (
    ApprovedEditionFactory,
    ErratumFactory,
    InReviewEditionFactory,
    ProposedSubscriptionFactory,
    PublishedEditionFactory,
    SubscriptionFactory,
    UnconfirmedSubscriptionFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Window]


def test_every_page_opens_without_barriers(window: Open) -> None:
    old = PublishedEditionFactory.create(local_day=date(2024, 8, 10))
    edition = PublishedEditionFactory.create(local_day=date(2024, 8, 11), previous=old)
    review = InReviewEditionFactory.create()
    erratum = ErratumFactory.create(edition=edition)
    approved = ApprovedEditionFactory.create(local_day=date(2024, 8, 9))
    proposed = ProposedSubscriptionFactory.create()
    waiting = UnconfirmedSubscriptionFactory.create()
    view = window()
    page = view.sign_in(almighty())
    pages = {
        "edition": f"/reports/edition/{review.pk}/change/",
        "highlights": f"/reports/edition/{review.pk}/act/edit/",
        "figures": f"/reports/edition/{edition.pk}/figures/",
        "archive": "/reports/edition/",
        "erratum": f"/reports/erratum/{erratum.pk}/change/",
        "errata": "/reports/erratum/",
        "hold": "/reports/mailhold/add/",
        "publish": f"/reports/edition/{approved.pk}/act/publish/",
        "subscription": f"/reports/subscription/{proposed.pk}/change/",
        "readers": f"/reports/subscription/{proposed.pk}/act/readers/",
        "regions": f"/reports/subscription/{waiting.pk}/act/regions/",
        "quiet": f"/reports/subscription/{waiting.pk}/act/quiet/",
        "subscriptions": "/reports/subscription/",
        "confirm": confirm_address_of(waiting.pk).removeprefix(settings.SITE_URL),
        "subscribe": "/reports/subscription/add/",
        "unsubscribe": address_of(SubscriptionFactory.create().pk).removeprefix(settings.SITE_URL),
    }
    for name, path in pages.items():
        view.open(path)
        view.picture(f"edition-{name}")
        assert view.complaints == [], name  # before axe adds styles of its own, which the policy stops
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        assert [rule["id"] for rule in found if rule["impact"] in {"serious", "critical"}] == [], name
        view.complaints.clear()
    view.open(pages["figures"])
    page.get_by_role("link", name="Displaced").first.click()
    page.get_by_text("What each edition said").first.wait_for()
    view.picture("edition-figure")
