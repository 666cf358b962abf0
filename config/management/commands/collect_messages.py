"""`manage.py collect_messages`: bring the catalogues up to the texts that a report can say, and compile them.

Needs the programs of GNU gettext, as whoever changes a text needs them; the service and its tests read what is committed.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import makemessages

#: What a report and its erratum can say, and every mail of the service. The desk speaks English, so that its words are in no
#: catalogue.
SCOPE = (
    "accounts/glass_trail.py",
    "accounts/letters.py",
    "accounts/policy.py",
    "roster/alarms/letters.py",
    "config/anchoring.py",
    "displacement/models/codes.py",
    "regions/models/area_status.py",
    "reports/actions/errata.py",
    "reports/actions/notices.py",
    "reports/delivery/confirming.py",
    "reports/delivery/message.py",
    "reports/editions",
    "reports/figures",
    "reports/flags",
    "reports/rendering",
    "reports/templates/reports/by_mail.html",
    "reports/templates/reports/confirm.html",
    "reports/templates/reports/unsubscribe.html",
)
#: In the scope's folders, and yet never in a report: refusals of what is no report, and the names of formats on the desk.
LEFT_OUT = ("reports/rendering/encode.py", "reports/rendering/registry.py")
_SUFFIXES = (".py", ".html")


def texts_in(folder: Path) -> list[Path]:
    """The files of the scope, below the folder of the project, in their order."""
    found = []
    for name in SCOPE:
        place = folder / name
        found += sorted(place.rglob("*")) if place.is_dir() else [place]
    left_out = {folder / name for name in LEFT_OUT}
    return [file for file in found if file.suffix in _SUFFIXES and file not in left_out]


class Command(makemessages.Command):
    """Django's own collecting, of the files of the scope only."""

    help = "Collect the texts of reports into the catalogues of each language but English, and compile these."
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

    def handle(self, *args: Any, **options: Any) -> None:
        """Collect, then compile; what is not translated yet stays empty, and the tests name it."""
        languages = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
        wanted = {"locale": languages, "no_location": True, "no_wrap": True, "no_obsolete": True}
        super().handle(*args, **{**options, **wanted})
        call_command("compilemessages", locale=languages, verbosity=options["verbosity"])

    def find_files(self, root: str) -> list[makemessages.TranslatableFile]:
        """The files of the scope, whatever folder the command was called in."""
        folder = Path(settings.BASE_DIR)
        return [
            self.translatable_file_class(str(file.parent), file.name, str(settings.LOCALE_PATHS[0]))
            for file in texts_in(folder)
        ]
