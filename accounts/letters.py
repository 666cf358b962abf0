"""What the service writes to people who work here about access."""

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.glass_trail import Did
from accounts.models import BreakGlass, BreakGlassNotice, Occasion


def emergency_letter(notice: BreakGlassNotice) -> tuple[str, str]:
    """Subject and text of a mail about a broken glass, in the active language: ids, counts, the role, times and the reason."""
    glass = notice.glass
    if notice.occasion == Occasion.TAKEN:
        return _taken(glass)
    subject, body = _ended(glass)
    if notice.occasion == Occasion.WAITS:
        subject = _("Not signed off yet: %(subject)s") % {"subject": subject}
        body = _("Nobody has signed off this report since %(day)s.\n\n%(report)s") % {
            "day": f"{glass.report.written_at:%Y-%m-%d}",
            "report": body,
        }
    return subject, body


def _values(glass: BreakGlass) -> dict[str, object]:
    return {
        "role": glass.get_role_display(),
        "organisation": glass.organisation.short_name,
        "user": glass.opened_by_id,
        "since": f"{glass.opened_at:%Y-%m-%d %H:%M} UTC",
        "until": f"{glass.over_at:%Y-%m-%d %H:%M} UTC",
        "reason": glass.reason,
        "url": f"{settings.SITE_URL}/accounts/breakglass/{glass.pk}/change/",
    }


def _taken(glass: BreakGlass) -> tuple[str, str]:
    values = _values(glass)
    subject = _("Emergency access to records of %(organisation)s: %(role)s") % values
    body = _(
        "Somebody who has no role with you took one in an emergency: %(role)s for %(organisation)s, until %(until)s.\n"
        "Who: user %(user)s.\nReason: %(reason)s\n\nIf nobody told you of it, end it and ask them why:\n%(url)s\n"
    )
    return subject, body % values


def _ended(glass: BreakGlass) -> tuple[str, str]:
    totals = glass.report.totals()
    counts = "\n".join(f"- {did.label}: {totals[did.value]}" for did in Did if did.value in totals)
    values = {**_values(glass), "counts": counts or _("Nothing: no record was opened, changed or taken out.")}
    subject = _("Emergency access has ended: %(role)s for %(organisation)s") % values
    body = _(
        "Emergency access has ended: %(role)s for %(organisation)s, from %(since)s to %(until)s.\n"
        "Who: user %(user)s.\nReason: %(reason)s\n\nRecords, by the audit trail, of all that this user did meanwhile:\n"
        "%(counts)s\n\nRead the report, ask what you do not understand, and sign it off:\n%(url)s\n"
    )
    return subject, body % values
