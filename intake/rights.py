"""Who may act on a list: whoever may do what the list does, where it does it."""

from collections.abc import Iterator

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.acting import organisation_for
from accounts.authentication import is_partner_system
from accounts.models import User
from accounts.policy import Role, reach_of
from core.clock import database_now
from core.refusals import refusal
from intake.kinds.registry import KINDS
from intake.models import Batch

Right = tuple[str, str]


def check_may(by: User, batch: Batch, act: str = "change") -> None:
    """The right to lists, and to what the list does: add its records, or void them where somebody else sent it.

    A system acts on no list but those that it sent. Raises PermissionDenied, and ValidationError for another region.
    """
    if batch.received_by != by.pk and is_partner_system(by):
        raise PermissionDenied(
            _("A system acts on lists that it sent itself. Ask the people who sent this one.")
        )
    for right in _rights(by, batch, act):
        organisation_for(by, *right, region=batch.registered_in, wanted=batch.organisation)


def may_still(batch: Batch) -> bool:
    """Whether whoever let the list in could do so at this moment: asked anew, not of an object. Some five queries.

    A role that was taken away, a region that was narrowed, an account that is off and a client that has ended all end it.
    """
    by = User.objects.select_related("client").filter(pk=batch.in_whose_right).first()
    if by is None or not by.is_active:
        return False
    client = getattr(by, "client", None)
    if client is not None and not client.is_in_force(database_now()):
        return False
    try:
        check_may(by, batch)
        KINDS[batch.kind].check_may_write(batch, by)
    except (PermissionDenied, ValidationError):
        return False
    return True


def check_covered(by: User, batch: Batch) -> None:
    """Refuse to take back what lies in regions that a right of the user does not cover. A query for each kind of record.

    Raises ValidationError `beyond_region`, which says how many records these are and names none.
    """
    lying = KINDS[batch.kind].lying(batch)
    covered = [_covered(by, batch, right) for right in _rights(by, batch, "void")]
    beyond = sum(
        number for path, number in lying.items() if not all(path.startswith(paths) for paths in covered)
    )
    if beyond:
        words = ngettext(
            "%(number)s record of this list lies in a region that your role does not cover, so nothing was taken back. "
            "Ask somebody whose role covers all regions of the list.",
            "%(number)s records of this list lie in regions that your role does not cover, so nothing was taken back. "
            "Ask somebody whose role covers all regions of the list.",
            beyond,
        )
        raise refusal(words % {"number": beyond}, code="beyond_region")


def _rights(by: User, batch: Batch, act: str) -> Iterator[Right]:
    """What the act takes, each a kind of record and an act of the policy."""
    kind = KINDS[batch.kind]
    yield "intake.batch", act
    yield kind.permission
    record = kind.record._meta.label_lower
    if batch.received_by != by.pk and act == "void" and any(reach_of(role, record, act) for role in Role):
        yield record, act


def _covered(by: User, batch: Batch, right: Right) -> tuple[str, ...]:
    """The paths of the regions in which the user has the right in the name of the list's organisation."""
    return tuple(
        scope.region_path
        for scope in by.scopes()
        if scope.organisation_id == batch.organisation_id and scope.reach(*right)
    )
