"""Sharing agreements: signed on the one side, accepted on the other, ended on either."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.granting import check_not_beyond
from accounts.models import Organisation, User
from accounts.policy import Scope
from audit.actions.record import record
from core.clock import database_now
from core.database_errors import whole_or_refused
from core.refusals import Refusals, refusal
from exchange.models import Agreement
from exchange.sharing import shareable_fields
from regions.models import Region

RESOURCE = "exchange.agreement"
#: Longer than this is no agreement but a habit: it is signed anew.
LONGEST = timedelta(days=2 * 366)


@whole_or_refused()
def sign(
    *,
    giving: Organisation,
    receiving: Organisation,
    purpose: str,
    fields: Collection[str],
    valid_from: datetime,
    valid_until: datetime,
    by: User,
    regions: Collection[Region] = (),
) -> Agreement:
    """Offer it, in regions of `by` alone. Nothing is shared before somebody of the receiving organisation accepts.

    Raises PermissionDenied where `by` does not answer for the giving organisation, ValidationError at each field that is wrong.
    """
    _require(by, giving, "add")
    refusals, now = Refusals(), database_now()
    why = purpose.strip()
    if not why:
        refusals.add("purpose", _("Say what it is for."), "required")
    if not fields or not set(fields) <= set(shareable_fields()):
        refusals.add("fields", _("Choose at least one field of the list."), "invalid_choice")
    if giving == receiving:
        refusals.add("receiving", _("An agreement is between two organisations. Choose another one."), "same")
    if not now < valid_until <= valid_from + LONGEST or valid_until <= valid_from:
        words = _("Choose an end that is still to come, after the beginning and within two years of it.")
        refusals.add("valid_until", words, "out_of_range")
    paths = [region.path for region in regions] or [""]
    check_not_beyond(refusals, "regions", by, (RESOURCE, "add"), giving.pk, paths)
    refusals.raise_any()
    agreement = Agreement(giving=giving, receiving=receiving, purpose=why, fields=sorted(fields))
    agreement.valid_from, agreement.valid_until = valid_from, valid_until
    agreement.signed_at, agreement.signed_by = now, by.pk
    agreement.save()
    agreement.regions.set(regions)
    detail = {
        "receiving": str(receiving.pk),
        "fields": agreement.fields,
        "regions": sorted(region.key for region in regions),
        "until": valid_until.isoformat(),
    }
    record("sign", agreement, by=by, detail=detail)
    return agreement


@whole_or_refused()
def accept(*, agreement: Agreement, by: User) -> Agreement:
    """Accept it for the receiving organisation, by who answers for all of its regions there.

    Raises PermissionDenied, ValidationError to whoever signed it, and beyond the regions of `by`.
    """
    locked = _locked(agreement)
    _require(by, locked.receiving, "approve")
    if locked.accepted_at is not None:
        raise refusal(_("It is accepted already. Reload the page."), code="wrong_state")
    if locked.signed_by == by.pk:
        words = _("Whoever signed an agreement does not accept it. Ask somebody else.")
        raise refusal(words, code="same_person")
    refusals, paths = Refusals(), [region.path for region in locked.regions.all()] or [""]
    check_not_beyond(refusals, "", by, (RESOURCE, "approve"), locked.receiving_id, paths)
    refusals.raise_any()
    locked.accepted_at, locked.accepted_by = database_now(), by.pk
    locked.save(update_fields=["accepted_at", "accepted_by"])
    record("accept", locked, by=by)
    return locked


@transaction.atomic
def end(*, agreement: Agreement, reason: str, by: User) -> Agreement:
    """Share nothing under it from the next request on. Either side may. Raises PermissionDenied, ValidationError."""
    locked, refusals = _locked(agreement), Refusals()
    _require(by, locked.giving, "end", locked.receiving)
    why = refusals.check_reason(reason, _("Say why it ends."))
    refusals.raise_any()
    locked.ended_at, locked.ended_by, locked.end_reason = database_now(), by.pk, why
    locked.save(update_fields=["ended_at", "ended_by", "end_reason"])
    record("end", locked, by=by, reason=why)
    return locked


def _locked(agreement: Agreement) -> Agreement:
    """Raises ValidationError where it was ended."""
    rows = Agreement.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "giving", "receiving"
    )
    locked = rows.get(pk=agreement.pk)
    if locked.ended_at is not None:
        raise refusal(_("It was ended. Sign another one instead."), code="wrong_state")
    return locked


def _require(by: User, organisation: Organisation, action: str, *others: Organisation) -> None:
    sides = {each.pk for each in (organisation, *others)}
    if not any(_answers(scope, action) and scope.organisation_id in sides for scope in by.scopes()):
        raise PermissionDenied


def _answers(scope: Scope, action: str) -> bool:
    return scope.reach(RESOURCE, action) is not None
