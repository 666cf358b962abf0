"""Honey records are in no number: with fifty of them and without, figures and the bytes of an edition are the same."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from displacement.actions.merging import merge
from displacement.models import Household, Movement, Person
from displacement.models.honey import NOBODY
from regions.models import Operation
from reports.editions.build import build_report
from reports.figures import moment as moments
from reports.figures.count import count, figures_of
from reports.rendering.encode import to_json
from tests.factories.accounts import almighty
from tests.factories.displacement import PersonFactory
from tests.factories.honey import a_week_on, laid_out
from tests.factories.regions import RunningOperationFactory, region
from tests.reports.figures.histories import messy

pytestmark = pytest.mark.django_db


@pytest.fixture
def numbers() -> Callable[[], tuple[str, bytes]]:
    """All figures as of a moment at which everything is there, and the edition of that day."""
    operation: Operation = RunningOperationFactory.create()
    at = a_week_on()

    def asked() -> tuple[str, bytes]:
        place = region("RU-KRS")
        counted = count(place, as_of=at, known_at=at, operation=operation)
        report = build_report(
            operation=operation,
            region=place,
            local_day=(at - timedelta(days=1)).date(),
            known_at=at,
            number=1,
            previous=None,
        )
        return repr((figures_of(counted), sorted(map(str, counted.people.cells)))), to_json(report)

    return asked


@pytest.mark.parametrize("is_before_merges", [False, True])
def test_fifty_of_them_change_no_number(
    numbers: Callable[[], tuple[str, bytes]], monkeypatch: pytest.MonkeyPatch, is_before_merges: bool
) -> None:
    history = messy(3, 30)
    if is_before_merges:
        monkeypatch.setattr(moments, "has_changed_since", lambda _known_at: True)
        pair = PersonFactory.create_batch(2, organisation=history.organisation)
        merge(kept=pair[0], merged=pair[1], reason="The same.", by=almighty())
    before = numbers()
    placed = laid_out(history.organisation, 50)
    people = [pk for kept in placed for pk in kept.laid.people]
    assert Person.objects.filter(pk__in=people).count() == len(people) > 60
    assert Movement.objects.filter(person__in=people).count() == 2 * len(people)
    assert Household.objects.filter(pk__in=[kept.laid.households[0] for kept in placed]).count() == 50
    assert numbers() == before
    monkeypatch.setattr(moments, "laid_out", lambda: NOBODY)
    figures, edition = numbers()
    assert figures != before[0]
    assert edition != before[1]
