"""`manage.py match_people A.csv [B.csv] --out pairs.csv`: who of one list is who of another, or stands in it twice."""

import csv
import os
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from displacement.identity.lists.columns import COLUMNS
from displacement.identity.lists.matching import match
from intake.partner_lists import PartnerList, headings_in, read_list

HEADER = ("left_id", "right_id", "probability")
#: Rows that could not be read are named up to so many.
SHOWN = 10


def _probability(text: str) -> float:
    """A number above 0 and up to 1."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number <= 1:
        raise ArgumentTypeError(_("Give a probability above 0 and up to 1, such as 0.5."))
    return number


class Command(BaseCommand):
    """Compare two lists, or one with itself; nothing is imported and no database is asked."""

    help = (
        "Compare two partners' lists (CSV or XLSX), or find people who stand twice in one. Nothing is imported. "
        "Columns are guessed from their headings unless they are named."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The lists, where to write, and what their columns are."""
        parser.add_argument("left", type=Path, help="a list")
        parser.add_argument(
            "right", type=Path, nargs="?", help="another list; without it, doubles within the first"
        )
        parser.add_argument(
            "--out", type=Path, required=True, help="file for the pairs: left_id,right_id,probability"
        )
        parser.add_argument(
            "--threshold",
            type=_probability,
            default=0.5,
            help="least probability of a pair that is written (0.5)",
        )
        parser.add_argument(
            "--columns",
            default="",
            help="which heading is which column, as given=Name,born=DOB|Birth date; known are "
            + ", ".join(COLUMNS),
        )
        parser.add_argument(
            "--one-to-one",
            action="store_true",
            help="each row has one partner at most: for two lists that have no doubles of their own",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, compare, write, and say what was done."""
        try:
            named = headings_in(options["columns"])
            left = read_list(options["left"], named)
            right = read_list(options["right"], named) if options["right"] else None
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        columns = left.columns & right.columns if right else left.columns
        if not columns:
            raise CommandError(_("The two lists have no column in common. Name them with --columns."))
        found = match(
            left.rows,
            right.rows if right else None,
            columns=columns,
            threshold=options["threshold"],
            is_one_to_one=options["one_to_one"],
        )
        _write(options["out"], found.pairs)
        self._say(left, right, columns, len(found.pairs), found.relatives_apart)

    def _say(
        self, left: PartnerList, right: PartnerList | None, columns: Iterable[str], pairs: int, apart: bool
    ) -> None:
        for read in filter(None, (left, right)):
            if read.unreadable:
                rows = ", ".join(str(number) for number in read.unreadable[:SHOWN])
                self.stderr.write(
                    _("%(count)d rows could not be read and were left out, such as: %(rows)s.")
                    % {"count": len(read.unreadable), "rows": rows}
                )
        sizes = " / ".join(f"{len(read.rows):,}" for read in (left, right) if read)
        names = ", ".join(name for name in COLUMNS if name in columns)
        self.stdout.write(
            _("%(rows)s rows compared by %(columns)s: %(pairs)s pairs.")
            % {"rows": sizes, "columns": names, "pairs": f"{pairs:,}"}
        )
        if not apart:
            self.stdout.write(
                _(
                    "So many people of one family name and birth date have different given names that these cannot all be "
                    "twins: given names were taken for unreliable. Look at pairs with different given names."
                )
            )


def _write(path: Path, pairs: list[tuple[str, str, float]]) -> None:
    """The pairs as CSV, the most probable first; the file appears whole or not at all."""
    rows = sorted(
        ((one, other, round(p, 6)) for one, other, p in pairs), key=lambda row: (-row[2], row[0], row[1])
    )
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with unfinished.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADER)
            writer.writerows((one, other, f"{p:.6f}") for one, other, p in rows)
        os.replace(unfinished, path)
    except OSError:
        raise CommandError(
            _("%(file)s cannot be written. Name a file in a folder that you may write to.")
            % {"file": path.name}
        ) from None
