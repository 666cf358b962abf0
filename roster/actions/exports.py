"""An export's way: asked for by one, approved by another, withdrawn by whoever finds it wrong."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.fields import shows
from accounts.models import Organisation, User
from accounts.policy import reach_of
from accounts.two_persons import check_two_persons
from accounts.visibility import may
from audit.actions.record import record
from core.clock import database_now
from core.doorbell import ring_briefly
from core.refusals import Refusals, refusal
from regions.models import Region
from roster.exporting.columns import COLUMNS
from roster.models import ExportState, PeopleExport, Recipients
from shelters.models import Shelter

RESOURCE = "roster.peopleexport"
MAKE = "roster.tasks.make_exports"
#: A file for longer is a register of one's own: ask again.
LONGEST = timedelta(days=7)


@transaction.atomic
def ask(
    *,
    organisation: Organisation,
    region: Region,
    columns: Sequence[str],
    recipients: str,
    purpose: str,
    needed_until: datetime | None,
    by: User,
    shelter: Shelter | None = None,
    has_tags: bool = False,
) -> PeopleExport:
    """Ask for a file of people of the organisation for these recipients. Nothing is read yet. Audited. Three queries.

    Raises PermissionDenied where the role does not reach the organisation and region, ValidationError for columns that are not
    on the list or not shown to `by`, without a purpose, and for a time that is over or too far.
    """
    if not holds(by, "add", organisation=organisation, region=region):
        raise PermissionDenied(
            _("Your role does not let you ask for people of this organisation in this region.")
        )
    refusals, now = Refusals(), database_now()
    why = refusals.check_reason(purpose, _("Say what the file is for: whoever approves it decides by that."))
    if recipients not in Recipients.values:
        words = _("Choose who gets the file: what families answered decides who is in it.")
        refusals.add("recipients", words, "not_listed")
    _check_columns(refusals, columns, by)
    until = needed_until or now
    if not now < until <= now + LONGEST:
        words = _("Say until when it is needed, within %(days)d days from now.")
        refusals.add("needed_until", words % {"days": LONGEST.days}, "out_of_range")
    if shelter is not None and shelter.organisation_id != organisation.pk:
        refusals.add("shelter", _("Choose a shelter of the organisation itself."), "out_of_reach")
    refusals.raise_any()
    export = PeopleExport.objects.create(
        organisation=organisation,
        region=region,
        shelter=shelter,
        recipients=recipients,
        columns=list(columns),
        has_tags=has_tags,
        purpose=why,
        needed_until=until,
        asked_at=now,
        asked_by=by.pk,
    )
    detail = {"recipients": str(recipients), "columns": list(columns), "region": region.key}
    record("ask_export", export, by=by, detail={**detail, "shelter": str(shelter.pk) if shelter else ""})
    return export


@transaction.atomic
def approve(*, export: PeopleExport, by: User) -> PeopleExport:
    """Let a worker make the file. Audited.

    Raises PermissionDenied for who asked, for an account in the same hands (accounts.two_persons) and out of reach,
    ValidationError in another state.
    """
    locked = _locked(export)
    if locked.asked_by == by.pk or not holds(by, "approve", of=locked):
        raise PermissionDenied(_("Another person with the right approves an export, never who asked for it."))
    check_two_persons(locked.asked_by, by.pk)
    now = database_now()
    if locked.state != ExportState.ASKED or now >= locked.needed_until:
        raise refusal(_("This export does not wait for approval any more. Ask for it anew."), code="state")
    locked.state, locked.approved_at, locked.approved_by = ExportState.APPROVED, now, by.pk
    locked.save(update_fields=["state", "approved_at", "approved_by"])
    record("approve_export", locked, by=by, detail={"recipients": locked.recipients})
    transaction.on_commit(lambda: ring_briefly(MAKE))
    return locked


@transaction.atomic
def withdraw(*, export: PeopleExport, reason: str, by: User) -> PeopleExport:
    """Take the permission back and delete the file at once: who asked, or whoever may withdraw there. Audited."""
    locked = _locked(export)
    if locked.asked_by != by.pk and not holds(by, "change", of=locked):
        raise PermissionDenied
    refusals = Refusals()
    why = refusals.check_reason(reason, _("Say why the export is withdrawn: others will read it."))
    if not is_open(locked):
        refusals.add("", _("This export is over already: there is nothing to withdraw."), "state")
    refusals.raise_any()
    locked.state, locked.withdraw_reason = ExportState.WITHDRAWN, why
    locked.withdrawn_at, locked.withdrawn_by = database_now(), by.pk
    locked.save(update_fields=["state", "withdrawn_at", "withdrawn_by", "withdraw_reason"])
    locked.parts.all().delete()
    record("withdraw_export", locked, by=by, reason=why)
    return locked


def is_open(export: PeopleExport) -> bool:
    """Whether something of it may still come out."""
    return export.state in (ExportState.ASKED, ExportState.APPROVED, ExportState.READY)


def holds(
    user: User,
    action: str,
    *,
    of: PeopleExport | None = None,
    organisation: Organisation | None = None,
    region: Region | None = None,
) -> bool:
    """Whether the user's roles reach the export's organisation and region for the act. No query beyond the user's scopes.

    Emergency access opens no export: it is for one person after another.
    """
    where, whose = (of.region, of.organisation) if of else (region, organisation)
    assert where is not None
    assert whose is not None
    return user.is_active and any(
        reach_of(scope.role, RESOURCE, action)
        and scope.until is None
        and scope.organisation_id == whose.pk
        and where.path.startswith(scope.region_path)
        for scope in user.scopes()
    )


def _check_columns(refusals: Refusals, columns: Sequence[str], by: User) -> None:
    if not columns or len(set(columns)) != len(columns) or not set(columns) <= COLUMNS.keys():
        refusals.add("columns", _("Choose columns of the list, each once."), "not_listed")
        return
    if not sees(by, columns):
        words = _("Your role does not see one of these columns. Leave it out.")
        refusals.add("columns", words, "not_shown")


def sees(user: User, columns: Iterable[str]) -> bool:
    """Whether the user sees these columns of whichever person they may see. No query beyond the user's scopes."""
    read = [COLUMNS[name].reads.rpartition(".") for name in columns]
    return all(
        may(user, resource, "view") and shows(user, resource, column) for resource, _dot, column in read
    )


def _locked(export: PeopleExport) -> PeopleExport:
    found = PeopleExport.objects.select_for_update(of=("self",)).select_related("organisation", "region")
    locked: PeopleExport = found.get(pk=export.pk)
    return locked
