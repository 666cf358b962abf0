"""`manage.py verify_audit`: whether the trail is what was written."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import anchors, verifying
from audit.anchors import Anchor, UnreadableAnchors
from config.watched import watched

#: After so many sentences nobody reads on; the number of the others is told.
MOST_TOLD = 50
_WITHOUT_ANCHORS = gettext_lazy(
    "All else fits. Put a copy of %(file)s back, or verify against those that were mailed: --anchors FILE. Go on as described "
    "under “When anchors are missing” in docs/how-to/operate.md."
)


class Command(BaseCommand):
    """Hash everything anew, and say in sentences what is wrong and where. Exit code 1 where something is."""

    help = (
        "Verify the audit trail: every row, every seal, every link of the chains, the triggers that write them, and the "
        "anchors outside of the database. Says what was edited, deleted, inserted, reordered, cut or emptied, and where."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which chain, and what to hold it against."""
        parser.add_argument(
            "--organisation", type=UUID, metavar="ID", help="only the chain of this organisation"
        )
        parser.add_argument(
            "--anchors",
            type=Path,
            action="append",
            metavar="FILE",
            help="lines of anchors, as kept or as mailed; may be named several times. By default AUDIT_ANCHORS_FILE",
        )
        parser.add_argument(
            "--head",
            dest="heads",
            action="append",
            default=[],
            metavar="CHAIN:NUMBER:HASH",
            help="a head that was mailed, or kept on paper, such as service:1207:9f86...; may be named several times",
        )

    def handle(self, *_arguments: Any, **options: Any) -> None:
        """Verify, and count."""
        organisation: UUID | None = options["organisation"]
        filed, said = self._anchors(options["anchors"]), self._heads(options["heads"])
        tables = [each.table for each in watched()]
        told = 0
        for told, sentence in enumerate(
            verifying.faults(organisation=organisation, anchors=[*filed, *said], watched=tables), start=1
        ):
            if told <= MOST_TOLD:
                self.stdout.write(sentence)
        if told > MOST_TOLD:
            self.stdout.write(_("And %(n)s more.") % {"n": told - MOST_TOLD})
        extent = verifying.extent(organisation)
        counted = {"rows": extent.rows, "seals": extent.seals, "chains": extent.chains}
        counted["anchors"] = len(filed) + len(said)
        if told:
            words = _(
                "The trail is not what was written. Keep the database as it is, take a copy of it, and go on as described "
                "under “When the trail does not verify” in docs/how-to/operate.md."
            )
            raise CommandError(words, returncode=1)
        gap = anchors.gap(filed) if options["anchors"] is None else None
        if gap is not None:
            raise CommandError(
                f"{gap} {_WITHOUT_ANCHORS % {'file': settings.AUDIT_ANCHORS_FILE}}", returncode=1
            )
        words = _(
            "%(rows)s rows under %(seals)s seals in %(chains)s chains are what was written; %(anchors)s anchors fit."
        )
        self.stdout.write(words % counted)
        if organisation is None:
            self._say_head()

    def _say_head(self) -> None:
        """What to keep for the next time; nothing where the service has no chain."""
        head = anchors.head()
        if head is not None:
            words = _(
                "Keep this line elsewhere, such as on paper, and name it the next time: --head %(head)s"
            )
            self.stdout.write(words % {"head": head.said()})

    def _heads(self, said: list[str]) -> list[Anchor]:
        """What somebody kept on paper. CommandError where it is no head."""
        try:
            return [anchors.as_said(each) for each in said]
        except UnreadableAnchors as error:
            raise CommandError(str(error), returncode=1) from error

    def _anchors(self, files: list[Path] | None) -> list[Anchor]:
        """The anchors of the named files, or of our own. CommandError where one is damaged, or the named ones have none."""
        own: Path = settings.AUDIT_ANCHORS_FILE
        try:
            if files is not None:
                known = [anchor for file in files for anchor in anchors.read(file)]
                if not known:
                    raise CommandError(_("There is no anchor in the files that you named."), returncode=1)
                return known
            known = list(anchors.read(own)) if own.exists() else []
        except UnreadableAnchors as error:
            raise CommandError(str(error), returncode=1) from error
        except OSError as error:
            words = _("The file of anchors cannot be read: %(why)s.") % {"why": error.strerror}
            raise CommandError(words, returncode=1) from error
        if not known:
            words = _("There are no anchors in %(file)s yet: a tail that was cut would not show.")
            self.stderr.write(words % {"file": own})
        return known
