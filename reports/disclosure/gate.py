"""The last step before a release leaves: the attacker must solve nothing, and nothing here may fail."""

import logging
from collections.abc import Sequence

from reports.disclosure.attacker import attack
from reports.disclosure.cells import Release
from reports.disclosure.failed import DisclosureFailed

log = logging.getLogger(__name__)


def pass_gate(releases: Sequence[Release]) -> None:
    """Returns where no hidden number of any release can be worked out from all of them together.

    Raises DisclosureFailed where one can, and where the attack itself fails in whatever way: what was not checked does
    not leave.
    """
    try:
        solved = attack(releases)
    except Exception as error:
        log.exception("disclosure_attack_failed", extra={"releases": len(releases)})
        raise DisclosureFailed("attack_failed") from error
    if solved:
        columns = sorted({key.column for key in solved})
        log.error("disclosure_solved", extra={"cells": len(solved), "columns": columns})
        raise DisclosureFailed(*columns)
