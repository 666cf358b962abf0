"""`manage.py read_bounces`: take in what mail servers say of mails that came back."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from reports.actions.bounces import take_returned

#: A notification holds at most the mail that came back; what is longer is none, or is no use.
LARGEST = 20 * 1024 * 1024


class Command(BaseCommand):
    """For the mail server to pipe into, or for a clock to run over a maildir."""

    help = "Read delivery status notifications (RFC 3464): one from standard input, or the files and maildirs named."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where they are."""
        parser.add_argument("places", nargs="*", type=Path, help="a file, or a maildir; none: standard input")

    def handle(self, *_args: Any, places: list[Path], **_options: Any) -> None:
        """One line with counts; nothing of what was read. Files stay where they are: reading one twice changes nothing."""
        found = [file for place in places for file in _files(place)]
        if places:
            taken = [take_returned(_start_of(file)) for file in found]
        else:
            taken = [take_returned(sys.stdin.buffer.read(LARGEST))]
        words = _("%(read)s read, %(ours)s of them say that a mail of ours came back for good.")
        self.stdout.write(words % {"read": len(taken), "ours": sum(taken)})


def _start_of(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(LARGEST)


def _files(place: Path) -> list[Path]:
    """The file itself, or the mails of a maildir."""
    if place.is_file():
        return [place]
    boxes = [place / name for name in ("new", "cur") if (place / name).is_dir()]
    if not boxes:
        raise CommandError(_("There is neither a file nor a maildir of this name: %s. Check it.") % place)
    return sorted(file for box in boxes for file in box.iterdir() if file.is_file())
