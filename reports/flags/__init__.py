"""Plausibility flags. They warn and never block: a flagged number is published with its flag.

Each flag is one short function in `rules` over the material of a report, registered under its name, which is its code.
"""

from reports.flags.material import Material
from reports.flags.registry import FLAGS, Doubt, Flag, Raised, raise_flags
from reports.flags.rules import LATE_DAYS, UNCHANGED_DAYS

__all__ = ["FLAGS", "LATE_DAYS", "UNCHANGED_DAYS", "Doubt", "Flag", "Material", "Raised", "raise_flags"]
