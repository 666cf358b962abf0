"""The reference page of the way of an edition is the table's."""

from reports.management.commands.document_editions import PAGE, page
from reports.models.workflow import TRANSITIONS


def test_the_committed_page_is_the_generated_one() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs`"


def test_every_transition_is_drawn() -> None:
    drawn = [line for line in page().splitlines() if "-->" in line]
    assert len(drawn) == len(TRANSITIONS) + 2
