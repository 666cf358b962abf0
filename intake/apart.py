"""Comparing a checked list in a process of its own: what it needs would make every worker half as large again."""

import logging
import subprocess
import sys
from datetime import timedelta
from uuid import UUID

from django.conf import settings

from core.clock import database_now
from intake.models import Batch
from intake.models.batch import BatchState

logger = logging.getLogger(__name__)

#: The task that compares one batch.
COMPARE = "intake.tasks.compare_batch"
#: A list of a million people takes minutes.
LONGEST_SECONDS = 3_000
#: A list that nobody compared in this time is left to the nightly search, which finds the same once it is accepted.
_LATEST = timedelta(hours=6)


def uncompared() -> list[tuple[str, UUID]]:
    """The task and the batch for every list of people that waits to be looked at and was not compared. One query."""
    lately = database_now() - _LATEST
    waiting = Batch.objects.filter(state=BatchState.READY, kind="people", received_at__gte=lately)
    return [(COMPARE, pk) for pk in waiting.exclude(counts__has_key="likely").values_list("pk", flat=True)]


def compare_apart(batch_id: UUID) -> None:
    """Compare the batch where nobody has. Two at once do the same, and the later one changes nothing."""
    if (
        not Batch.objects.filter(pk=batch_id, state=BatchState.READY, kind="people")
        .exclude(counts__has_key="likely")
        .exists()
    ):
        return
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "compare_batch", str(batch_id)]
    done = subprocess.run(command, check=False, timeout=LONGEST_SECONDS, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
    if done.returncode:
        logger.warning(
            "Comparing batch %s ended with %d; the next ring tries again.", batch_id, done.returncode
        )
