"""`manage.py intake LIST --kind people`: the way of a list from a shell, through the same actions as the desk and the API."""

import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.acting import organisation_for
from accounts.models import User
from intake.accepting import write
from intake.actions import batches
from intake.comparing import compare
from intake.findings import sentence
from intake.kinds.registry import KINDS
from intake.models import Batch, Finding
from intake.models.batch import WORKING, BatchState
from intake.models.staging import Severity
from intake.shell import Bystander, mapping_meant, organisation_meant, region_meant, sender
from intake.staging import stage
from intake.words import number, written_in_words

#: Findings that are printed one by one; all of them stand on the desk.
SHOWN = 20
#: Seconds between two looks at a batch that somebody else works on.
PAUSE = 0.2
#: Exit code where the list was taken in and rows of it were refused.
SOME_REFUSED = 3


class Command(BaseCommand):
    """Take in one list."""

    help = (
        "Read and check a list, say what was found, and write it into the register if told so. Exits with 0 where no row is "
        "refused, with 3 where some are, with 1 where nothing could be done."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, what it holds, for whom, and what to do with it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", choices=sorted(KINDS), required=True, help="what the list holds")
        parser.add_argument(
            "--mapping", default="", help="name of a saved mapping of columns (else they are guessed)"
        )
        parser.add_argument("--organisation", default="", help="short name; needed where there are several")
        parser.add_argument(
            "--region", default="", help="code or name of the region where the list was taken down"
        )
        parser.add_argument(
            "--accept",
            choices=("fine", "warnings", "none"),
            default="none",
            help="write rows without a warning, those with one too, or nothing (none)",
        )
        parser.add_argument("--by", required=True, help="user in whose name it is done, with a role that may")

    def handle(self, *args: Any, **options: Any) -> None:
        """Receive, read, compare, say what was found, write."""
        try:
            batch = self._received(options)
            self._work(stage, batch)
            self._compare(batch)
            self._say(batch)
            if options["accept"] != "none" and batch.state == BatchState.READY:
                self._accept(batch, with_warnings=options["accept"] == "warnings")
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from None
        except PermissionDenied:
            raise CommandError(
                _("This user has no role that may do this. Choose another one with --by.")
            ) from None
        if batch.counts.get("refused"):
            sys.exit(SOME_REFUSED)

    def _received(self, options: dict[str, Any]) -> Batch:
        """The list, kept; with the guess at its columns where no mapping says what they mean."""
        path: Path = options["file"]
        self.by: User = sender(options["by"])
        region = region_meant(options["region"], self.by)
        wanted = organisation_meant(options["organisation"])
        organisation = organisation_for(self.by, "intake.batch", "add", region=region, wanted=wanted)
        try:
            file = path.open("rb")
        except OSError:
            raise CommandError(
                _("This file cannot be opened. Check its name and that you may read it.")
            ) from None
        with file:
            batch = batches.receive(
                organisation=organisation,
                kind=options["kind"],
                file=file,
                name=path.name,
                by=self.by,
                registered_in=region,
                mapping=mapping_meant(options["mapping"], options["kind"], organisation),
            )
        if batch.state == BatchState.NEEDS_MAPPING:
            guess = batches.columns(batch).guess
            batch = batches.map_columns(batch=batch, columns=guess, by=self.by)
        return batch

    def _work(self, work: Callable[[UUID], None], batch: Batch) -> None:
        """Do the work here, or wait for the worker that was quicker."""
        with Bystander(batch.pk, self.stderr):
            work(batch.pk)
            batch.refresh_from_db()
            while batch.state in WORKING:
                time.sleep(PAUSE)
                work(batch.pk)
                batch.refresh_from_db()
        if batch.state == BatchState.FAILED:
            raise CommandError(sentence(batch.failure))

    def _compare(self, batch: Batch) -> None:
        """Look for other spellings before anything is said or written: nobody at a shell waits for the page to tell."""
        while batch.kind == "people" and batch.state == BatchState.READY and "likely" not in batch.counts:
            found = compare(batch.pk)
            batch.refresh_from_db()
            if not found and "likely" not in batch.counts:
                time.sleep(PAUSE)  # a worker compares it just now

    def _accept(self, batch: Batch, *, with_warnings: bool) -> None:
        batches.accept(batch=batch, by=self.by, with_warnings=with_warnings)
        self._work(write, batch)
        self.stdout.write(_("Written: %(written)s.") % {"written": written_in_words(batch.outcome)})

    def _say(self, batch: Batch) -> None:
        """The summary, each finding's sentence with its number, and the first findings row by row."""
        found = batches.summary(batch)
        self.stdout.write(
            _("%(rows)s rows: %(fine)s fine, %(warned)s with a warning, %(refused)s refused.")
            % {name: number(getattr(found, name)) for name in ("rows", "fine", "warned", "refused")}
        )
        for each in found.codes:
            self.stdout.write(f"  {number(each.rows)} x {sentence(each.code)}")
        first = Finding.objects.filter(batch=batch).order_by("-severity", "row", "id")[:SHOWN]
        for finding in first:
            column = f", {finding.column}" if finding.column else ""
            severity = Severity(finding.severity).label
            self.stdout.write(
                _("Row %(row)s%(column)s, %(severity)s: %(sentence)s")
                % {
                    "row": finding.row,
                    "column": column,
                    "severity": severity,
                    "sentence": sentence(finding.code),
                }
            )
        self.stdout.write(_("List %(id)s: on the desk under Lists.") % {"id": batch.pk})
