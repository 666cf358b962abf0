"""For whom somebody acts, and whether their role reaches the record that they act on."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.policy import rule_for
from accounts.visibility import within_reach
from regions.models import Region


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
    bound = within_reach(user, resource, action, organisation=organisation, region=region)
    if not type(record)._default_manager.filter(bound, pk=record.pk).exists():
        raise PermissionDenied


def organisation_for(
    user: User, resource: str, action: str, *, region: Region, wanted: Organisation | None = None
) -> Organisation:
    """The organisation in whose name the user adds a record in the region. One query, none where it is `wanted`.

    Raises PermissionDenied where no role allows the action at all, and ValidationError at `organisation` where it does so
    only elsewhere, for another organisation, or for several of which one must be named.
    """
    if user.is_superuser:
        if wanted is None:
            raise _refused(_("Name the organisation for which you act."), "organisation_needed")
        return wanted
    fitting = [scope for scope in user.scopes() if rule_for(scope.role, resource, action)]
    if not fitting:
        raise PermissionDenied
    here = {scope.organisation_id for scope in fitting if region.path.startswith(scope.region_path)}
    if wanted is not None:
        if wanted.pk not in here:
            raise _refused(
                _("Your role does not allow this for this organisation in this region."), "out_of_reach"
            )
        return wanted
    if not here:
        raise _refused(
            _("Your role does not cover this region. Choose a region in which you work."), "out_of_reach"
        )
    organisations = list(Organisation.objects.filter(pk__in=here))
    if len(organisations) > 1:
        names = ", ".join(organisation.short_name for organisation in organisations)
        raise _refused(
            _("You work for several organisations there. Name one of: %(names)s.") % {"names": names},
            "organisation_needed",
        )
    return organisations[0]


def _refused(words: str, code: str) -> ValidationError:
    return ValidationError({"organisation": ValidationError(words, code=code)})
