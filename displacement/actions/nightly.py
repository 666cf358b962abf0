"""The search of each night, in a process of its own: what it needs would make every worker half as large again."""

import logging
import subprocess
import sys
from datetime import timedelta

from django.conf import settings

from core.clock import database_now
from displacement.models.search import DuplicateSearch

logger = logging.getLogger(__name__)

#: The hour (UTC) from which a search of the register is due each day: about two at night where these wars are.
NIGHT = 23
#: A million people, all of them new, take minutes.
LONGEST_SECONDS = 3_000


def is_search_due() -> bool:
    """Whether no search has ended since the night last came. Two queries. A night that was missed is made up for by day."""
    now = database_now()
    night = now.replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    since = night if night <= now else night - timedelta(days=1)
    return not DuplicateSearch.objects.filter(finished_at__gte=since).exists()


def search_when_due() -> None:
    """Search for whoever is new or changed, where the night has come and nobody has done it.

    The clock may ring as often as it likes: a search that is at work keeps others out, and one that failed or was killed is
    still due.
    """
    if not is_search_due():
        return
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "find_duplicates"]
    done = subprocess.run(command, check=False, timeout=LONGEST_SECONDS, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
    if done.returncode:
        logger.warning("The search for duplicates ended with %d; the next ring tries again.", done.returncode)
