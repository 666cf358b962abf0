"""The moment at which people leave the register: all is asked anew, and each download is a reading of everybody in it."""

from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.reading import organisation_of
from audit.actions.reading import EXPORT, record_reading
from audit.actions.record import record
from core.clock import database_now
from core.refusals import refusal
from displacement.models import Consent
from roster.actions.exports import holds, sees
from roster.exporting.writing import read
from roster.models import ASKED, ExportState, PeopleExport


@transaction.atomic
def download(*, export: PeopleExport, by: User, has_second_factor: bool) -> Iterator[bytes]:
    """The file, piece by piece, for who asked for it, as far as everything still holds now. Audited before the first byte.

    Raises PermissionDenied for anybody else, without a second factor in this session (`has_second_factor`), and where the role
    of who asked or of who approved does not reach there any more, or that of who asked does not see a column of it;
    ValidationError where the file is not there, and where somebody who was registered by then answered no since (`answers`).
    Nine queries.
    """
    locked = (
        PeopleExport.objects.select_for_update(of=("self",))
        .select_related("organisation", "region")
        .get(pk=export.pk)
    )
    fresh = User.objects.get(pk=by.pk)  # what this object knows of its roles may be older than this moment
    _check_asker(locked, fresh)
    if not has_second_factor:
        raise PermissionDenied(_("Sign in again with your second factor, then download."))
    if locked.state != ExportState.READY or locked.kept_until is None or database_now() >= locked.kept_until:
        raise refusal(_("The file is not there, or not any more. Ask for it anew."), code="state")
    approver = User.objects.filter(pk__in=[locked.approved_by]).first()
    if approver is None or not holds(approver, "approve", of=locked):
        words = _(
            "Who approved this export has no such role any more. Ask for it anew, so that somebody else approves it."
        )
        raise PermissionDenied(words)
    if _is_taken_back(locked):
        words = _(
            "Somebody in this file took their answer back since it was made. Withdraw it, and ask for it anew."
        )
        raise refusal(words, code="answers")
    record(
        "download_export", locked, by=by, detail={"people": locked.people, "recipients": locked.recipients}
    )
    record_reading(
        by=by,
        page=EXPORT,
        resource="displacement.person",
        record=str(locked.pk),
        ids=locked.first_ids,
        shown=locked.people,
        organisation=organisation_of(by),
    )
    return read(locked)


def _check_asker(export: PeopleExport, by: User) -> None:
    """Raises PermissionDenied for anybody but who asked, and for whom their role does not show all of it any more."""
    if export.asked_by != by.pk or not holds(by, "download", of=export):
        raise PermissionDenied(
            _("Only who asked for an export downloads it, as long as their role reaches there.")
        )
    if not sees(by, export.columns):
        words = _(
            "Your role does not see one of the columns of this file any more. Ask for an export without it."
        )
        raise PermissionDenied(words)


def _is_taken_back(export: PeopleExport) -> bool:
    """Whether a household that may be in the file said no since it was begun, or its yes was voided. One query.

    Not since it was made: COPY reads the answers as they were when it began, and a million people take a while.
    """
    since = export.begun_at or export.finished_at
    answers = Consent.objects.filter(
        Q(is_given=False, voided_at=None, recorded_at__gt=since) | Q(is_given=True, voided_at__gt=since),
        purpose=ASKED[export.recipients].purpose,
        household__organisation=export.organisation_id,
        household__registered_in__path__startswith=export.region.path,
        household__people__recorded_at__lte=since,
    )
    return answers.exists()
