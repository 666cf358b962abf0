"""For whom somebody acts, and whether their role reaches the record that they act on."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.visibility import within_reach
from core.prepared import Columns, Prepared, Remembered
from core.refusals import refusal
from regions.models import Region

#: Queries for one record within reach, each by all that it hangs on: the user's scopes, and what is asked.
REACHED = Remembered()
_ORGANISATION = Columns(Organisation)
_BY_KEY = Prepared(
    lambda pk: Organisation.objects.filter(pk=pk).order_by().values_list(*_ORGANISATION.lookups), pk=UUID
)


def require_reach(
    user: User,
    record: models.Model,
    resource: str,
    action: str,
    *,
    organisation: str = "organisation_id",
    region: str = "",
) -> None:
    """Refuse an act of kind `action` on `resource` (`app.model`) at a record outside of the user's reach. One query.

    `organisation` and `region` name the lookups from the record, as in `within_reach`. Raises PermissionDenied; use it on
    records that the user may see, since the refusal says that the record is there.
    """

    def one(pk: UUID) -> Any:
        bound = within_reach(user, resource, action, organisation=organisation, region=region)
        return type(record)._default_manager.filter(bound, pk=pk).order_by().values_list("pk")[:1]

    told = (type(record), user.scopes() if user.is_active else (), resource, action, organisation, region)
    if not REACHED.known(told, one, pk=UUID).rows(pk=record.pk):
        raise PermissionDenied


def organisation_for(
    user: User,
    resource: str,
    action: str,
    *,
    region: Region,
    wanted: Organisation | None = None,
    field: str = "region",
) -> Organisation:
    """The organisation in whose name the user adds a record in the region. One query for each, none where it is `wanted`.

    Raises PermissionDenied where no role allows the action at all, ValidationError at `field` where it does so only in other
    regions, and at `organisation` where it does so for another organisation, or for several of which one must be named.
    """
    here = _organisations(user, resource, action, region=region, field=field)
    if wanted is not None:
        if wanted.pk not in here:
            words = _("Your role does not allow this for this organisation in this region.")
            raise refusal(words, code="out_of_reach", field="organisation")
        return wanted
    organisations: list[Organisation] = [
        _ORGANISATION.made(row) for pk in here for row in _BY_KEY.rows(pk=pk)
    ]
    if len(organisations) > 1:
        names = ", ".join(sorted(organisation.short_name for organisation in organisations))
        words = _("You work for several organisations there. Name one of: %(names)s.") % {"names": names}
        raise refusal(words, code="organisation_needed", field="organisation")
    return organisations[0]


def require_region(user: User, resource: str, action: str, *, region: Region, field: str = "region") -> None:
    """Refuse an act about a region that no fitting role of the user covers. No query beyond the user's scopes.

    Raises PermissionDenied where no role allows it anywhere, ValidationError at `field` where one does so elsewhere.
    """
    _organisations(user, resource, action, region=region, field=field)


def _organisations(user: User, resource: str, action: str, *, region: Region, field: str) -> set[UUID]:
    """The organisations for which the user may do it in the region: at least one."""
    fitting = [scope for scope in user.scopes() if scope.reach(resource, action)]
    if not fitting:
        raise PermissionDenied
    here = {
        scope.organisation_id
        for scope in fitting
        if scope.organisation_id is not None and region.path.startswith(scope.region_path)
    }
    if not here:
        words = _("Your role does not cover this region. Choose a region in which you work.")
        raise refusal(words, code="out_of_reach", field=field)
    return here
