"""`manage.py apply_retention`: let go what was kept long enough by the schedule, or say what would go."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from retention.actions.applying import Outcome, apply, waiting


class Command(BaseCommand):
    """What the service does each night, at once."""

    help = (
        "Let go what was kept as long as retention/schedule.toml says. What only a person lets go is counted, never touched. "
        "Prints kinds of record and counts, no name."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to do it."""
        parser.add_argument("--dry-run", action="store_true", help="only say what would go")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        """One line for each kind, also where nothing is due."""
        for outcome in apply(is_dry=options["dry_run"]):
            self.stdout.write(_line(outcome, is_dry=options["dry_run"]))
        for outcome in waiting():
            if outcome.due:
                self.stdout.write(_line(outcome, is_dry=True))


def _line(outcome: Outcome, *, is_dry: bool) -> str:
    entry = outcome.entry
    if outcome.waits:
        days = entry.kept_for.days
        return f"{entry.kind}: {outcome.due} wait for somebody to decide, {days} days after {entry.since}."
    count = f"{outcome.due} due" if is_dry else f"{outcome.gone} of {outcome.due} due gone"
    return f"{entry.kind}: {count} ({entry.then} {entry.days} days after {entry.since})."
