"""What a site manager counts tonight."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions.record import record
from core.actors import Actor
from core.database_errors import whole_or_refused
from core.refusals import Refusals
from shelters.models import Headcount, Shelter


@whole_or_refused()
def report(
    *,
    shelter: Shelter,
    people: int,
    by: Actor,
    occurred_at: datetime | None = None,
    children: int | None = None,
    places_free: int | None = None,
) -> Headcount:
    """Write down how many people were counted on site. Two queries. A blank is not reported and never zero.

    It stands beside the stays and changes none of them. Raises ValidationError at the fields.
    """
    now = timezone.now()
    headcount = Headcount(
        shelter=shelter,
        people=people,
        children=children,
        places_free=places_free,
        occurred_at=occurred_at or now,
        recorded_at=now,
        recorded_by=by.pk,
    )
    refusals = Refusals()
    refusals.check_fields(headcount)
    refusals.check_moment("occurred_at", headcount.occurred_at, now=now)
    if children is not None and people is not None and children > people:
        refusals.add(
            "children", _("There cannot be more children than people. Check both numbers."), "children"
        )
    refusals.raise_any()
    headcount.save()
    record("report", headcount, by=by, detail={"shelter": str(shelter.pk), "people": people})
    return headcount
