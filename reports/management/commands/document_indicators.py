"""`manage.py document_indicators`: write the reference page of the indicators from their registry."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from reports.figures.indicators import INDICATORS, Indicator

PAGE = Path(settings.BASE_DIR) / "docs" / "reference" / "indicators.md"
_HEAD = """# Indicators

Written by `manage.py document_indicators` from `reports/figures/indicators.py`; change it there.

Every figure is as of one moment and as known at another, for a region and all below it. Numbers of different bases
(registered, headcount, claimed) stand side by side and are never added. Not reported is not zero.
"""


class Command(BaseCommand):
    """One section per indicator, in the order of the registry."""

    help = "Write docs/reference/indicators.md from the registry of indicators."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to write."""
        parser.add_argument("--output", type=Path, default=PAGE)

    def handle(self, *_args: Any, output: Path, **_options: Any) -> None:
        """Write the page."""
        output.write_text(page(), encoding="utf-8")
        self.stdout.write(f"{len(INDICATORS)} indicators written to {output.name}.")


def page() -> str:
    """The whole page, in English."""
    with translation.override("en"):
        return "\n".join([_HEAD, *(_section(entry) for entry in INDICATORS.values())])


def _section(entry: Indicator) -> str:
    """Name, words, and how it may be read."""
    bases = ", ".join(entry.bases)
    return f"## {entry.name}\n\n**{entry.label}** - {entry.unit}, {entry.kind}; basis: {bases}.\n\n{entry.meaning}\n"
