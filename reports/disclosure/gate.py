"""The last step before a release leaves: the attacker must solve nothing, and nothing here may fail."""

import logging
from collections.abc import Sequence

from django.utils.translation import gettext as _

from reports.disclosure.attacker import attack
from reports.disclosure.cells import Release

log = logging.getLogger(__name__)


class DisclosureFailed(Exception):
    """Nothing may leave. `codes` say why, without any number or place: columns that would be given away, or what failed."""

    def __init__(self, *codes: str) -> None:
        """The sentence says what to do; it holds codes only."""
        self.codes = codes
        super().__init__(
            _(
                "This report was not released, because numbers that it hides could be worked out from what is published or "
                "because the check of that failed (%(codes)s). Nothing was sent. Tell whoever runs this service."
            )
            % {"codes": ", ".join(codes)}
        )


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
