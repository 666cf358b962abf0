"""Asking an address whether it wants the reports: a signed link that ends, and the mail that brings it."""

from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from reports.models import Subscription

_signer = TimestampSigner(salt="reports.confirm")


def confirm_address_of(subscription_id: UUID) -> str:
    """Where whoever reads the mail of this address confirms it. It names nobody, and ends after CONFIRMATION_DAYS."""
    return f"{settings.SITE_URL}{reverse('confirm', args=[_signer.sign(str(subscription_id))])}"


def subscription_to_confirm(token: str) -> UUID | None:
    """The subscription of a link, also of one that has ended; None where it was not made by this service."""
    try:
        return UUID(_signer.unsign(token))
    except (BadSignature, ValueError):
        return None


def has_ended(token: str) -> bool:
    """Whether a link that was made by this service is too old to confirm by."""
    try:
        _signer.unsign(token, max_age=settings.CONFIRMATION_DAYS * 86_400)
    except BadSignature:
        return True
    return False


def confirmation_letter(subscription: Subscription) -> EmailMessage:
    """The mail, in the subscription's language. No name and no figure is in it."""
    days = settings.CONFIRMATION_DAYS
    with override(subscription.language):
        subject = _("Do you want the situation reports of %(region)s?") % {
            "region": subscription.region_names
        }
        body = _(
            "This address was put forward for the situation reports of %(region)s by mail. Open the page below and press the "
            "button if you want them. Nothing is sent to you until you do; if you do not want them, do nothing."
        ) % {"region": subscription.region_names}
        until = ngettext("The link works for %(days)s day.", "The link works for %(days)s days.", days) % {
            "days": days
        }
    text = f"{body}\n\n{confirm_address_of(subscription.pk)}\n\n{until}\n"
    headers = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    return EmailMessage(subject, text, to=[subscription.address], headers=headers)
