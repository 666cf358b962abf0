"""`manage.py document_editions`: write the reference page of an edition's way from the table of transitions."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from reports.models.workflow import TRANSITIONS, Transition, Who

PAGE = Path(settings.BASE_DIR) / "docs" / "reference" / "editions.md"
_HEAD = """# The way of an edition

Written by `manage.py document_editions` from `reports/models/workflow.py`; change it there.

An edition stands in one state. What leads to another is one table, which the actions and the desk ask.
"""


class Command(BaseCommand):
    """A diagram, and the table that it is drawn from."""

    help = "Write docs/reference/editions.md from the table of transitions."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to write."""
        parser.add_argument("--output", type=Path, default=PAGE)

    def handle(self, *_args: Any, output: Path, **_options: Any) -> None:
        """Write the page."""
        output.write_text(page(), encoding="utf-8")
        self.stdout.write(f"{len(TRANSITIONS)} transitions written to {output.name}.")


def page() -> str:
    """The whole page, in English."""
    with translation.override("en"):
        return "\n".join([_HEAD, *_diagram(), "", *_table(), ""])


def _diagram() -> Iterator[str]:
    """The states as Mermaid draws them."""
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield "    [*] --> draft"
    for row in TRANSITIONS:
        yield f"    {row.state.value} --> {row.next.value}: {row.act.label}{_only(row)}"
    yield "    withdrawn --> [*]"
    yield "```"


def _only(row: Transition) -> str:
    return "" if row.who == Who.ANYBODY else f" ({row.who.label})"


def _table() -> Iterator[str]:
    yield "| state | act | next state | permission | who of those who have it |"
    yield "|---|---|---|---|---|"
    for row in TRANSITIONS:
        cells = (row.state.label, row.act.label, row.next.label, f"`{row.permission}`", row.who.label)
        yield f"| {' | '.join(str(cell) for cell in cells)} |"
