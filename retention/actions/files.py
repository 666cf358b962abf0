"""Files of lists that an erasure left, since a legal hold keeps somebody else in them: they go once it has ended."""

from uuid import UUID

from django.db import transaction

from accounts.service import service_user
from intake.actions.forgetting import let_files_go
from retention.actions.holds import held_ids
from retention.models import Erasure


def let_go_what_waited() -> int:
    """Remove the files that no hold keeps any more; how many. One transaction for each erasure, safe to run at once."""
    return sum(_let_go(pk) for pk in Erasure.objects.with_files().values_list("pk", flat=True))


@transaction.atomic
def _let_go(pk: UUID) -> int:
    rows = Erasure.objects.with_files().select_for_update(of=("self",), no_key=True, skip_locked=True)
    erasure = rows.filter(pk=pk).first()
    if erasure is None:
        return 0
    left = let_files_go(erasure.files_waiting, held=held_ids(), by=service_user())
    gone = len(erasure.files_waiting) - len(left)
    if gone:
        erasure.files_waiting = sorted(left)
        erasure.save(update_fields=["files_waiting"])
    return gone
