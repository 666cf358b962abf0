"""What a birth date allows, with all that may be unknown about it."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from core.refusals import Refusals
from core.veils import unveiled
from displacement.models import Person
from displacement.models.person import BirthPrecision

#: Nobody registered here is older; a higher age is a mistyped year.
OLDEST_AGE = 120
#: The day is furthest ahead on the Line Islands, UTC+14: until then a day may have begun somewhere.
_FURTHEST_AHEAD = timedelta(hours=14)


def latest_day(moment: datetime) -> date:
    """The latest calendar day that it was anywhere at the moment, so that no zone makes a true date look wrong."""
    return (moment + _FURTHEST_AHEAD).date()


def birth_from_age(age: int, on: date) -> date:
    """A birth date that gives the age in completed years on the day: 1 January of the year. It is marked as estimated."""
    return date(on.year - age, 1, 1)


def earliest_birth(person: Person) -> date | None:
    """The earliest day on which the person may have been born, given what of the date is known."""
    day: date | None = unveiled(person.birth_date)
    if day is None or person.birth_precision == BirthPrecision.DAY:
        return day
    if person.birth_precision == BirthPrecision.MONTH:
        return day.replace(day=1)
    # An age in completed years leaves a whole year open.
    years_open = 1 if person.birth_precision == BirthPrecision.ESTIMATED else 0
    return date(max(day.year - years_open, date.min.year), 1, 1)


def check_birth(refusals: Refusals, person: Person, at: datetime) -> None:
    """Refuse a birth after the moment, and an age that nobody reaches."""
    earliest = earliest_birth(person)
    if earliest is None:
        return
    if earliest > latest_day(at):
        refusals.add("birth_date", _("This birth date is in the future. Check the year."), "birth_in_future")
    elif (person.age_on(latest_day(at)) or 0) > OLDEST_AGE:
        refusals.add(
            "birth_date",
            _(
                "This birth date makes the person older than %(age)s years. Check the year, or estimate the age."
            )
            % {"age": OLDEST_AGE},
            "too_old",
        )


def is_before_birth(person: Person, moment: datetime) -> bool:
    """Whether the person was surely not born yet at the moment."""
    earliest = earliest_birth(person)
    return earliest is not None and latest_day(moment) < earliest
