"""Specific needs of people, from when on they are known to have them."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions.record import record as leave_trace
from core.actors import Actor
from core.database_errors import whole_or_refused
from core.refusals import Refusals
from displacement.actions.birth import is_before_birth
from displacement.actions.versions import refuse_void
from displacement.models import Person, PersonNeed, SpecificNeed


@whole_or_refused()
def record(
    *, person: Person, need: SpecificNeed, by: Actor, occurred_at: datetime | None = None
) -> PersonNeed:
    """Write down that a person has a need; voiding the record ends it. Four queries.

    The trace holds no code: what somebody needs is theirs. Raises ValidationError at the fields, and nothing is saved.
    """
    locked: Person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    refuse_void(locked, field="person")
    now = timezone.now()
    since = occurred_at or now
    refusals = Refusals()
    if refusals.check_moment("occurred_at", since, now=now) and is_before_birth(locked, since):
        refusals.add(
            "occurred_at", _("The person was not born yet at this time. Check the time."), "before_birth"
        )
    if PersonNeed.objects.current().filter(person=locked, need=need).exists():
        refusals.add("need", _("This need is recorded already. Nothing more to do."), "recorded_already")
    refusals.raise_any()
    row = PersonNeed.objects.create(
        person=locked, need=need, occurred_at=since, recorded_at=now, recorded_by=by.pk
    )
    leave_trace("record", row, by=by)
    return row
