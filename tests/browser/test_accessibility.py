"""No serious or critical barrier, in light and in dark, on a wide screen and on a telephone."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from displacement.actions.duplicates import propose
from displacement.actions.merging import merge
from displacement.models import PossibleDuplicate
from tests.browser.conftest import Window
from tests.factories.accounts import almighty
from tests.factories.displacement import (
    ClaimFactory,
    NamedHouseholdFactory,
    PersonFactory,
    ReportedCasualtyFactory,
)
from tests.factories.facts import KURSK_MORNING
from tests.factories.intake import (
    AcceptedBatchFactory,
    MappingFactory,
    NeedsMappingBatchFactory,
    ReadyBatchFactory,
    RefusedRowFactory,
    RowFactory,
    StagingBatchFactory,
    with_file,
)
from tests.factories.regions import RunningOperationFactory, region
from tests.factories.shelters import HeadcountFactory, OpenShelterFactory, OpenStayFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Window]
TELEPHONE = 390  # dots wide


def barriers_of(page: Page, *rules: str) -> list[str]:
    """What axe calls serious or critical on the page as it stands, by every rule or by the named ones alone."""
    asked: dict[str, object] = {"resultTypes": ["violations"]}
    options = asked | ({"runOnly": list(rules)} if rules else {})
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{page.url}: {rule['id']} at {rule['nodes'][0]['html'][:120]}"
        for rule in found
        if rule["impact"] in {"serious", "critical"}
    ]


@pytest.fixture
def everything() -> dict[str, str]:
    """Some records of each kind, and the pages that show them."""
    RunningOperationFactory.create()
    household = NamedHouseholdFactory.create()
    shelter = OpenShelterFactory.create()
    OpenStayFactory.create(person=household.people.first(), shelter=shelter)
    HeadcountFactory.create(shelter=shelter)
    casualty = ReportedCasualtyFactory.create()
    ClaimFactory.create(region=region("RU-KRS"), indicator="evacuated")
    return {
        "the day": "/?day=2024-08-12",
        "a list": "/displacement/household/",
        "a search without result": "/displacement/person/?q=zzqx",
        "a form": "/displacement/household/add/",
        "a record": f"/displacement/household/{household.pk}/change/",
        "a shelter": f"/shelters/shelter/{shelter.pk}/change/",
        "a casualty": f"/displacement/casualty/{casualty.pk}/change/",
        "voiding": f"/displacement/casualty/{casualty.pk}/act/void/",
        "history": f"/displacement/household/{household.pk}/history/",
        "a user": "/accounts/user/add/",
        "a claim": "/displacement/claim/add/",
        "a plain form": "/displacement/source/add/",
        **_lists(),
        **_duplicates(),
    }


def _duplicates() -> dict[str, str]:
    """Who is who: the queue, a pair, one of another organisation, a merge and the record that it left."""
    people = PersonFactory.create_batch(5)
    pairs = [(people[0], people[1]), (people[1], people[2])]
    propose((one.pk, other.pk, 0.99) for one, other in pairs)
    done = merge(kept=people[3], merged=people[4], by=almighty())
    pair = PossibleDuplicate.objects.waiting().first()
    assert pair is not None
    return {
        "the queue": "/displacement/possibleduplicate/",
        "a pair": f"/displacement/possibleduplicate/{pair.pk}/change/",
        "many at once": "/displacement/bulkdecision/add/",
        "a merge": f"/displacement/merge/{done.pk}/change/",
        "a merged record": f"/displacement/person/{people[4].pk}/change/",
        "merging by hand": f"/displacement/person/{people[0].pk}/act/merge/",
    }


def _lists() -> dict[str, str]:
    """A list that was sent in, at each of its stations."""
    ready = ReadyBatchFactory.create(
        counts={"fine": 1, "warned": 0, "refused": 1, "codes": [["date_impossible", 2, 1]]}
    )
    RefusedRowFactory.create(batch=ready)
    RowFactory.create(batch=ready)
    unnamed = with_file(NeedsMappingBatchFactory.create())
    mapping = MappingFactory.create()
    StagingBatchFactory.create(mapping=mapping, organisation=mapping.organisation, headings=["Пол", "Имя"])
    emptied = AcceptedBatchFactory.create(
        counts=ready.counts, rows_removed_at=KURSK_MORNING, rows_removed_by=mapping.recorded_by
    )
    at = "/intake/batch/"
    return {
        "naming columns": f"{at}{unnamed.pk}/act/columns/",
        "watching": f"{at}{StagingBatchFactory.create().pk}/change/",
        "looking": f"{at}{ready.pk}/change/",
        "rows": f"{at}{ready.pk}/rows/?show=all",
        "accepting": f"{at}{ready.pk}/act/accept/",
        "without rows": f"{at}{emptied.pk}/change/",
        "a mapping": f"/intake/mapping/{mapping.pk}/change/",
        "changing a mapping": f"/intake/mapping/{mapping.pk}/act/change/",
        "retiring a mapping": f"/intake/mapping/{mapping.pk}/act/retire/",
    }


def test_nobody_is_shut_out(window: Open, everything: dict[str, str]) -> None:
    """Each page once: as it is, in the dark, where only colours differ, and as narrow as a telephone."""
    desk = window()
    barriers = barriers_of(desk.open("/login/"))
    desk.sign_in(almighty())
    too_wide = []
    for path in everything.values():
        page = desk.open(path)
        assert desk.complaints == [], path  # before axe adds styles of its own, which the policy stops
        barriers += barriers_of(page)
        page.emulate_media(color_scheme="dark")
        barriers += barriers_of(page, "color-contrast")
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": TELEPHONE, "height": 844})
        if page.evaluate("document.documentElement.scrollWidth") > TELEPHONE:
            too_wide.append(path)
        page.set_viewport_size({"width": 1280, "height": 900})
        desk.complaints.clear()
    assert (barriers, too_wide) == ([], [])


@pytest.mark.parametrize(
    "path", ["/?day=2024-08-12", "/displacement/household/add/", "/displacement/household/"]
)
def test_nor_on_a_telephone(window: Open, everything: dict[str, str], path: str) -> None:
    """Menus and tables are laid out otherwise there."""
    assert path in everything.values()
    desk = window(width=TELEPHONE)
    desk.sign_in(almighty())
    assert barriers_of(desk.open(path)) == []
    desk.complaints.clear()  # axe fetches style sheets that the page does not
