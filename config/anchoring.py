"""Taking the heads of the trail's chains out of the database: into a file, into the log, and by mail to auditors."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policy import Role
from audit import anchors

logger = logging.getLogger(__name__)


def drop_anchors() -> int:
    """Add the heads that are new to the file and to the log, and answer how many. One query."""
    new = anchors.drop(settings.AUDIT_ANCHORS_FILE)
    for anchor in new:
        logger.info("anchor of organisation %s: %s %s", anchor.organisation, anchor.number, anchor.hash)
    return len(new)


def mail_anchors() -> int:
    """Mail all heads to each auditor who has an address, and answer how many mails the server took. Ids and hashes only.

    A mail that is not taken is not tried again: tomorrow's says more.
    """
    lines = "".join(anchor.line() for anchor in anchors.heads())
    auditors = User.objects.filter(memberships__role=Role.AUDITOR, is_active=True).exclude(email="")
    return sum(_mail(auditor, lines) for auditor in auditors.distinct())


def _mail(auditor: User, lines: str) -> bool:
    with translation.override(auditor.language):
        subject = _("Audit trail: heads of its chains")
        words = _(
            "Keep this mail outside of the service. Put the lines below into a file; manage.py verify_audit --anchors FILE "
            "says whether the trail still holds what it held today."
        )
    try:
        return bool(EmailMessage(subject, f"{words}\n\n{lines}", to=[auditor.email]).send())
    except (SMTPException, OSError) as error:
        logger.warning("Anchors were not mailed to %s: %s", auditor.pk, type(error).__name__)
        return False
