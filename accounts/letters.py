"""What the service writes to people who work here about access."""

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import BreakGlassNotice


def emergency_letter(notice: BreakGlassNotice) -> tuple[str, str]:
    """Subject and text of the mail about a broken glass, in the active language: ids, the role, the time and the reason."""
    glass = notice.glass
    values = {
        "role": glass.get_role_display(),
        "organisation": glass.organisation.short_name,
        "user": glass.opened_by_id,
        "until": f"{glass.ends_at:%Y-%m-%d %H:%M} UTC",
        "reason": glass.reason,
        "url": f"{settings.SITE_URL}/accounts/breakglass/{glass.pk}/change/",
    }
    subject = _("Emergency access to records of %(organisation)s: %(role)s") % values
    body = _(
        "Somebody who has no role with you took one in an emergency: %(role)s for %(organisation)s, until %(until)s.\n"
        "Who: user %(user)s.\nReason: %(reason)s\n\nIf nobody told you of it, end it and ask them why:\n%(url)s\n"
    )
    return subject, body % values
