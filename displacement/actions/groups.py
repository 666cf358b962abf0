"""Counted groups: people at the door before they have names."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.refusals import Refusals
from displacement.models import Household, HouseholdGroup
from displacement.models.codes import AgeBand, Sex


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGroup:
    """So many people of one sex and age band, counted at the door."""

    people: int
    sex: str = Sex.NOT_COLLECTED
    age_band: str = AgeBand.UNKNOWN


def draft_groups(
    household: Household, groups: Sequence[NewGroup], refusals: Refusals, **made: Any
) -> list[HouseholdGroup]:
    """Counted groups ready to be written; what is wrong with each goes to `refusals` at `groups.<n>.<field>`. No query."""
    rows = []
    for place, told in enumerate(groups):
        group = HouseholdGroup(
            household=household, sex=told.sex, age_band=told.age_band, people=told.people, **made
        )
        own = Refusals(f"groups.{place}.")
        own.check_fields(group)
        if told.people == 0:
            own.add(
                "people",
                _("A group has at least one person; leave out groups that are not there."),
                "empty_group",
            )
        refusals.take(own)
        rows.append(group)
    return rows
