"""`manage.py situation_report`: the report of one region and day, counted now, in any format."""

import argparse
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from reports.actions.inquiry import ask, find_operation, find_region
from reports.rendering.registry import FORMATS


class Command(BaseCommand):
    """Prints the bytes of the report and nothing else, so that the output can be compared or sent on."""

    help = "Print the situation report of a region and local day, counted now as known at a moment."

    def add_arguments(self, parser: CommandParser) -> None:
        """Region and day are needed; everything else has a sensible default."""
        parser.add_argument("--region", required=True, help="code or name of the region, such as RU-KRS")
        parser.add_argument(
            "--date", required=True, type=_day, help="local day of the operation, such as 2024-08-12"
        )
        parser.add_argument(
            "--known-at", type=_moment, help="as known at this moment; default: when it was due"
        )
        parser.add_argument(
            "--operation", default="", help="key of the operation, where several report on the region"
        )
        languages = [code for code, _name in settings.LANGUAGES]
        parser.add_argument("--language", default="en", choices=languages, help="default: en")
        parser.add_argument("--format", default="text", choices=sorted(FORMATS), help="default: text")
        parser.add_argument("--output", type=Path, help="write to this file instead of printing")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Count, print, and say on the error stream where the kept edition says something else."""
        output: Path | None = options["output"]
        if not FORMATS[options["format"]].is_text and output is None and sys.stdout.isatty():
            raise CommandError(_("A terminal cannot show this format. Add --output FILE."))
        try:
            region = find_region(options["region"])
            answer = ask(
                operation=find_operation(options["operation"], region, options["date"]),
                region=region,
                local_day=options["date"],
                known_at=options["known_at"],
                format_name=options["format"],
                language=options["language"],
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        _put(answer.content, output)
        if not answer.is_as_kept:
            raise CommandError(
                _(
                    "This is not what the published edition says: see whether the register or the program was changed."
                )
            )


def _put(content: bytes, output: Path | None) -> None:
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise CommandError(
            _("%(path)s cannot be written: %(why)s.") % {"path": output, "why": error.strerror}
        ) from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(_("write the day like 2024-08-12")) from error


def _moment(text: str) -> datetime:
    """A moment with its zone: without one nobody knows which moment is meant."""
    message = _("write the moment with its zone, like 2024-08-13T06:00:00+03:00")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(message) from error
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError(message)
    return moment
