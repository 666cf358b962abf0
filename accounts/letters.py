"""What the service writes to people who work here about access."""

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import BreakGlassNotice, ClientNews, ClientNotice

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
