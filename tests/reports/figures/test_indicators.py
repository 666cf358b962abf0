"""Every indicator has an entry, and the reference page is the registry's."""

import pytest

from displacement.models.claim import ClaimIndicator, ClaimUnit
from reports.figures.figure import Basis, Unit
from reports.figures.indicators import INDICATORS
from reports.management.commands.document_indicators import PAGE, page
from tests.reports.figures.asking import figures


def test_the_reference_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "Run `manage.py document_indicators`."


def test_whatever_can_be_claimed_has_an_entry() -> None:
    for indicator in ClaimIndicator:
        assert Basis.CLAIMED in INDICATORS[str(indicator)].bases, indicator
    assert {str(unit) for unit in ClaimUnit} == {str(unit) for unit in Unit}


@pytest.mark.django_db
def test_whatever_is_counted_has_an_entry_that_allows_it() -> None:
    for figure in figures(key="RU-KRS"):
        entry = INDICATORS[figure.indicator]
        assert figure.basis in entry.bases, figure.indicator
        assert (figure.kind, figure.unit) == (entry.kind, entry.unit)


def test_entries_say_what_they_mean() -> None:
    for entry in INDICATORS.values():
        assert str(entry.label), entry.name
        assert str(entry.meaning).endswith("."), entry.name
