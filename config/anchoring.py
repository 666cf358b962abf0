"""Taking the heads of the trail's chains out of the database: into a file, into the log, and by mail."""

import logging
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from accounts.policy import Role
from accounts.service import service_user
from audit import anchors
from audit.actions.binding import bind_chains
from audit.models import SERVICE

logger = logging.getLogger(__name__)


def drop_anchors() -> int:
    """Add the heads that are new to the file and to the log, and answer how many. One query."""
    new = anchors.drop(settings.AUDIT_ANCHORS_FILE)
    for anchor in new:
        logger.info("anchor of organisation %s: %s %s", anchor.organisation, anchor.number, anchor.hash)
    return len(new)


def mail_anchors() -> int:
    """Bind the chains, mail all heads to auditors and one line that vouches for all of them to others who answer for it.

    Only to who has an address; answers how many mails the server took. Ids and hashes only. A mail that is not taken is not
    tried again: tomorrow's says more.
    """
    bind_chains(by=service_user())
    heads = anchors.heads()
    own = next((anchor for anchor in heads if anchor.organisation == SERVICE), None)
    if own is None:
        return 0
    lines = "".join(anchor.line() for anchor in heads)
    return sum(_mail(reader, own.said(), lines if reader.is_auditor else "") for reader in _readers())


def _readers() -> QuerySet[Any]:
    """Auditors, and whoever administers an organisation or keeps the service; each with whether they are an auditor."""
    roles = (Role.AUDITOR, Role.ORGANISATION_ADMIN, Role.KEEPER)
    answers = Q(memberships__role__in=roles) | Q(is_superuser=True)
    found = User.objects.filter(answers, is_active=True).exclude(email="").distinct()
    audits = Membership.objects.filter(user=OuterRef("pk"), role=Role.AUDITOR)
    told: QuerySet[Any] = found.annotate(is_auditor=Exists(audits))
    return told


def _mail(reader: Any, head: str, lines: str) -> bool:
    with translation.override(reader.language):
        subject = _("Audit trail: heads of its chains")
        words = _(
            "Keep this mail outside of the service, or copy the next line onto paper. It vouches for the whole audit trail as "
            "it is today: manage.py verify_audit --head LINE says whether anything of that was cut off or changed since."
        )
        parts = [words, head]
        if lines:
            more = _(
                "Put the lines below into a file, and manage.py verify_audit --anchors FILE says it chain by chain."
            )
            parts += [more, lines]
    try:
        return bool(EmailMessage(subject, "\n\n".join(parts), to=[reader.email]).send())
    except (SMTPException, OSError) as error:
        logger.warning("Anchors were not mailed to %s: %s", reader.pk, type(error).__name__)
        return False
