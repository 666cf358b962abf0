"""`manage.py document_states`: draw each workflow's diagram of states from the table of transitions that its actions ask."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db.models import TextChoices
from django.utils import translation

from intake.models.batch import TRANSITIONS as OF_BATCHES
from intake.models.batch import BatchState

PAGES = Path(settings.BASE_DIR) / "docs" / "reference"


@dataclass(frozen=True, slots=True)
class Workflow:
    """One table of transitions and the page that shows it; `first` is the state in which everything begins."""

    page: str
    title: str
    first: TextChoices
    transitions: Mapping[Any, frozenset[Any]]


#: Every workflow that has a page. A new one is one entry.
WORKFLOWS = (Workflow("batch-states.md", "States of a batch", BatchState.RECEIVED, OF_BATCHES),)


class Command(BaseCommand):
    """One page with a diagram for each workflow."""

    help = "Write the diagrams of states in docs/reference from the tables of transitions."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to write."""
        parser.add_argument("--output", type=Path, default=PAGES, help="directory of the pages")

    def handle(self, *_args: Any, output: Path, **_options: Any) -> None:
        """Write the pages."""
        for workflow in WORKFLOWS:
            (output / workflow.page).write_text(page(workflow), encoding="utf-8")
        self.stdout.write(f"{len(WORKFLOWS)} diagrams of states written to {output.name}.")


def page(workflow: Workflow) -> str:
    """The whole page, in English; states in the order in which they are declared, so that it is always the same."""
    with translation.override("en"):
        return "\n".join(_lines(workflow)) + "\n"


def _lines(workflow: Workflow) -> Iterator[str]:
    yield f"# {workflow.title}\n"
    yield "Written by `manage.py document_states`. A way that is not drawn does not exist.\n"
    yield "```mermaid\nstateDiagram-v2"
    order = list(type(workflow.first))
    for state in order:
        yield f'    state "{state.label}" as {state.value}'
    yield f"    [*] --> {workflow.first.value}"
    for state in order:
        onward = workflow.transitions[state]
        yield from (f"    {state.value} --> {after.value}" for after in order if after in onward)
        if not onward:
            yield f"    {state.value} --> [*]"
    yield "```"
