"""What cannot be in a life, set-wise: the rules that recording a single step holds, over the register and the list together."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from intake.kinds.asking import Asking

SENTENCES = {
    "in_future": _("This time is in the future. Give the time at which it happened."),
    "before_birth": _(
        "The person was not born yet at this time. Check the time, or the birth date in the register."
    ),
    "after_death": _(
        "The person is recorded as dead before this time. Check the time, or void the record of the death."
    ),
    "said_twice": _("An earlier row says the same. Leave one of them out."),
}
#: The earliest day on which somebody may have been born, given what of the birth date is known (see actions.birth).
_EARLIEST = (
    "CASE p.birth_precision WHEN 'day' THEN p.birth_date WHEN 'month' THEN date_trunc('month', p.birth_date)::date"
    " WHEN 'estimated' THEN (date_trunc('year', p.birth_date) - interval '1 year')::date"
    " ELSE date_trunc('year', p.birth_date)::date END"
)


def refuse_the_future(asking: Asking, moment: str) -> None:
    """Refuse rows whose moment has not come yet. One statement."""
    asking.refuse("in_future", moment, f"nullif({asking.slot(moment)}, '')::timestamptz > now()")


def refuse_before_birth(asking: Asking, moment: str) -> None:
    """Refuse rows about people who were surely not born then: the day is furthest ahead at UTC+14. One statement."""
    asking.refuse(
        "before_birth",
        moment,
        f"EXISTS (SELECT FROM displacement_person p WHERE p.id = nullif({asking.slot('person')}, '')::uuid"
        f" AND ({_EARLIEST}) > (nullif({asking.slot(moment)}, '')::timestamptz AT TIME ZONE 'UTC'"
        " + interval '14 hours')::date)",
    )


def refuse_after_death(asking: Asking, moment: str) -> None:
    """Refuse rows about people who are recorded as dead before. One statement."""
    asking.refuse(
        "after_death",
        moment,
        "EXISTS (SELECT FROM displacement_movement m WHERE m.kind = 'died' AND m.voided_at IS NULL"
        f" AND m.person_id = nullif({asking.slot('person')}, '')::uuid"
        f" AND m.occurred_at < nullif({asking.slot(moment)}, '')::timestamptz)",
    )


def moment_of(text: str) -> datetime:
    """The moment that `read_moment` wrote down."""
    return datetime.fromisoformat(text)
