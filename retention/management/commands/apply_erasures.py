"""`manage.py apply_erasures`: carry out every erasure of the ledger that this database does not know."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from retention.actions.reapplying import apply_ledger


class Command(BaseCommand):
    """What a restore from an older backup needs before anybody signs in. Safe to run at any time."""

    help = (
        "Erase again who was erased before this database was restored, by the ledger outside of it (ERASURES_FILE). "
        "Without a restore it does nothing."
    )

    def handle(self, *_arguments: Any, **options: Any) -> None:
        """Do all that can be read, then say what could not."""
        applied = apply_ledger()
        if options["verbosity"] or applied.done:
            self.stdout.write(
                f"{applied.known} erasures in the ledger; {applied.done} carried out again, {applied.records} records erased."
            )
            if applied.holds:
                self.stdout.write(f"{applied.holds} legal holds set or ended again.")
        if applied.unreadable_holds:
            lines = ", ".join(map(str, applied.unreadable_holds))
            raise CommandError(
                f"Lines that are no hold: {lines}. Somebody changed the ledger of holds (HOLDS_FILE). Compare it with a copy: "
                "records that must be kept may be erased or removed."
            )
        if applied.unreadable:
            lines = ", ".join(map(str, applied.unreadable))
            raise CommandError(
                f"Lines that are no erasure: {lines}. Somebody changed the ledger. Compare it with a copy: who was "
                "erased by these lines may be here by name."
            )
