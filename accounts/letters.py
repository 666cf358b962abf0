"""What the service writes to people who work here about access."""

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.glass_trail import Did
from accounts.models import BreakGlass, BreakGlassNotice, ClientNews, ClientNotice, Occasion

_WHAT: dict[str, Promise] = {
    ClientNews.ASKED: gettext_lazy(
        "A new system is to read people. It gets nothing until a second person has approved it."
    ),
    ClientNews.ADDED: gettext_lazy("A new system was added. It reads no records of people."),
    ClientNews.WIDENING: gettext_lazy(
        "A system that reads people is to be allowed more. It works as before until a second person has approved it."
    ),
    ClientNews.WIDENED: gettext_lazy("A system is allowed more. It reads no records of people."),
    ClientNews.APPROVED: gettext_lazy(
        "A second person approved what was asked for a system, and it holds now."
    ),
    ClientNews.REFUSED: gettext_lazy("What was asked for a system was refused. It stays as it was."),
    ClientNews.ROTATED: gettext_lazy(
        "A system got a new secret, which was shown to whoever made it. Whoever has it reads all that the system may read."
    ),
}


def emergency_letter(notice: BreakGlassNotice) -> tuple[str, str]:
    """Subject and text of a mail about a broken glass, in the active language: ids, counts, the role and times.

    Not the reason: people in a hurry write in it whom they look for. It stands on the page.
    """
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
        "url": f"{settings.SITE_URL}/accounts/breakglass/{glass.pk}/change/",
    }


def _taken(glass: BreakGlass) -> tuple[str, str]:
    values = _values(glass)
    subject = _("Emergency access to records of %(organisation)s: %(role)s") % values
    body = _(
        "Somebody who has no role with you took one in an emergency: %(role)s for %(organisation)s, until %(until)s.\n"
        "Who: user %(user)s.\n\nTheir reason stands on its page. If nobody told you of it, end it and ask them why:\n%(url)s\n"
    )
    return subject, body % values


def client_letter(notice: ClientNotice) -> tuple[str, str]:
    """Subject and text of the mail about a partner's system, in the active language: ids and what happened, no name."""
    client = notice.client
    values = {
        "organisation": client.organisation.short_name,
        "what": str(_WHAT[notice.what]),
        "user": notice.done_by,
        "at": f"{notice.done_at:%Y-%m-%d %H:%M} UTC",
        "url": f"{settings.SITE_URL}/accounts/client/{client.pk}/change/",
    }
    subject = _("Partners' systems of %(organisation)s: something changed") % values
    body = _(
        "%(what)s\nWho: user %(user)s, %(at)s.\n\nIts page says what it may, what waits and who asked. If nobody told you of "
        "it, ask them why, not by mail: the account may be in other hands. One person ends a system at once:\n%(url)s\n"
    )
    return subject, body % values


def _ended(glass: BreakGlass) -> tuple[str, str]:
    totals = glass.report.totals()
    counts = "\n".join(f"- {did.label}: {totals[did.value]}" for did in Did if did.value in totals)
    values = {**_values(glass), "counts": counts or _("Nothing: no record was opened, changed or taken out.")}
    subject = _("Emergency access has ended: %(role)s for %(organisation)s") % values
    body = _(
        "Emergency access has ended: %(role)s for %(organisation)s, from %(since)s to %(until)s.\n"
        "Who: user %(user)s.\n\nRecords, by the audit trail, of all that this user did meanwhile:\n"
        "%(counts)s\n\nRead the report, ask what you do not understand, and sign it off:\n%(url)s\n"
    )
    return subject, body % values
