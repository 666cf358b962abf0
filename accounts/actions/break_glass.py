"""Breaking the glass: taking a role for some hours in an emergency. It is audited, told at once, and ends by itself."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.letters import emergency_letter
from accounts.models import BreakGlass, BreakGlassNotice, Organisation, User
from accounts.policy import (
    EMERGENCY_ROLES,
    LONGEST_EMERGENCY_HOURS,
    USUAL_EMERGENCY_HOURS,
    Reach,
    Role,
)
from accounts.telling import TOLD_OF_EMERGENCIES, tell_all, who_answers, who_watches
from audit.actions.record import record
from core.clock import database_now
from core.doorbell import ring_briefly
from core.refusals import refusal
from regions.models import Region

RESOURCE = "accounts.breakglass"
TELL = "accounts.tasks.tell_broken_glasses"
#: A mail that no server takes is given up after this. The glass has long been whole again, and what was done is still told.
GIVE_UP_AFTER = timedelta(days=30)


@transaction.atomic
def break_glass(
    *,
    role: Role,
    organisation: Organisation,
    region: Region | None,
    reason: str,
    by: User,
    hours: int = USUAL_EMERGENCY_HOURS,
) -> BreakGlass:
    """Give `by` a role for the organisation, in the region and below, for so many hours from now. Tells whoever answers for it.

    Raises PermissionDenied where the policy does not let `by` do this there, ValidationError at what is wrong. Six queries.
    """
    if not reaches(by, organisation, region, "add"):
        raise PermissionDenied(
            _("Your role does not let you take emergency access there. Ask the keeper of the service.")
        )
    if role not in EMERGENCY_ROLES:
        words = _("This role cannot be taken in an emergency. Choose another.")
        raise refusal(words, code="invalid_choice", field="role")
    if not 1 <= hours <= LONGEST_EMERGENCY_HOURS:
        words = _("Choose from 1 to %(most)d hours.") % {"most": LONGEST_EMERGENCY_HOURS}
        raise refusal(words, code="out_of_range", field="hours")
    if not reason.strip():
        raise refusal(_("Say why this cannot wait. No names."), code="reason_needed", field="reason")
    now = database_now()
    glass = BreakGlass.objects.create(
        opened_by=by,
        role=role,
        organisation=organisation,
        region=region,
        reason=reason.strip(),
        opened_at=now,
        ends_at=now + timedelta(hours=hours),
    )
    detail = {
        "role": role.value,
        "organisation": str(organisation.pk),
        "region": region.key if region else "",
        "hours": hours,
    }
    record("break_glass", glass, by=by, reason=glass.reason, detail=detail)
    _note(glass)
    by.forget_scopes()
    transaction.on_commit(lambda: ring_briefly(TELL))
    return glass


@transaction.atomic
def mend_glass(*, glass: BreakGlass, by: User) -> BreakGlass:
    """End emergency access before its time: who opened it, or who answers for the organisation. Raises PermissionDenied."""
    glass = (
        BreakGlass.objects.select_for_update(of=("self",))
        .select_related("organisation", "region")
        .get(pk=glass.pk)
    )
    is_own = glass.opened_by_id == by.pk and by.is_active
    if not is_own and not reaches(by, glass.organisation, glass.region, "change"):
        raise PermissionDenied
    now = database_now()
    if glass.ended_at is None and glass.ends_at > now:
        glass.ended_at, glass.ended_by = now, by.pk
        glass.save(update_fields=["ended_at", "ended_by"])
        record("mend_glass", glass, by=by)
        by.forget_scopes()
    return glass


def tell_broken_glasses() -> int:
    """Mail every notice that waits (`accounts.telling`), and answer how many the mail server took."""
    waiting = BreakGlassNotice.objects.filter(sent_at=None, noted_at__gt=database_now() - GIVE_UP_AFTER)
    joined = waiting.select_related("glass__organisation", "glass__region", "glass__report", "user")
    return tell_all(joined.order_by("pk"), emergency_letter)


def reaches(by: User, organisation: Organisation, region: Region | None, action: str) -> bool:
    """Whether the policy lets `by` do the action with emergency access to this organisation, in the region or everywhere."""
    path = region.path if region else ""
    return by.is_active and any(
        (reach is Reach.REGION or scope.organisation_id == organisation.pk)
        and path.startswith(scope.region_path)
        for scope in by.scopes()
        if (reach := scope.reach(RESOURCE, action)) is not None
    )


def _note(glass: BreakGlass) -> None:
    """Write down whom to tell: who answers for the organisation, is active, has an address, and did not do it; where that is
    nobody, the keepers of the service and the auditors of all others. Two queries, three then.

    Raises ValidationError `nobody_told` where nobody would hear of it.
    """
    told = list(who_answers([glass.organisation], TOLD_OF_EMERGENCIES, but=glass.opened_by_id))
    told = told or list(who_watches(but=glass.opened_by_id))
    if not told:
        words = _(
            "Nobody would be told of this: no other administrator, auditor or keeper has a mail address. "
            "Write down an address for one of them first."
        )
        raise refusal(words, code="nobody_told")
    BreakGlassNotice.objects.bulk_create(BreakGlassNotice(glass=glass, user=user) for user in told)
