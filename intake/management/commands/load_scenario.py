"""`manage.py load_scenario kursk-2024`: invented people beside what was really said, to try and to show everything with."""

import time
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.service import service_user
from intake.scenarios.progress import AlreadyLoaded
from intake.scenarios.registry import SCENARIOS

BAR = 40
#: Seconds between two lines where nobody watches a terminal.
QUIET = 2.0


def _count(text: str) -> int:
    """A whole number above zero."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise ArgumentTypeError(_("Give a whole number of people above zero."))
    return number


class Command(BaseCommand):
    """Load one scenario into a database that does not hold it yet."""

    help = "Load a scenario: real claims, invented people. The same seed gives the same rows."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which scenario, of what size."""
        parser.add_argument("scenario", choices=sorted(SCENARIOS))
        parser.add_argument("--people", type=_count, default=121_000, help="how many people leave (121000)")
        parser.add_argument("--seed", type=int, default=2024, help="another seed invents other people (2024)")

    def handle(self, *args: Any, **options: Any) -> None:
        """One domain call, with a bar that moves while it works."""
        started = self._shown = time.monotonic()
        try:
            written = SCENARIOS[options["scenario"]](
                people=options["people"],
                seed=options["seed"],
                by=service_user(),
                on_progress=self._show,
            )
        except AlreadyLoaded as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            _("%(people)s people in %(households)s households are registered; it took %(seconds).1f s.")
            % {
                "people": f"{written.people:,}",
                "households": f"{written.households:,}",
                "seconds": time.monotonic() - started,
            }
        )

    def _show(self, done: int, total: int) -> None:
        """A bar on a terminal; elsewhere a line now and then, so that a log stays readable."""
        text = _("%(done)s of %(total)s people") % {"done": f"{done:,}", "total": f"{total:,}"}
        if self.stdout.isatty():
            full = BAR * done // total
            self.stdout.write(
                f"\r[{'#' * full}{'.' * (BAR - full)}] {text}", ending="" if done < total else "\n"
            )
            self.stdout.flush()
        elif time.monotonic() - self._shown >= QUIET:
            self._shown = time.monotonic()
            self.stdout.write(text)
