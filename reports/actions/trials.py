"""Mailing an edition to oneself, to see how it arrives before its readers do."""

import logging
from contextlib import closing
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from audit.actions.record import record
from core.clock import database_now
from reports.delivery.asked import send_asked
from reports.delivery.doorbell import ring_trials
from reports.delivery.transmission import Fate, Line
from reports.models import Edition, TrialMail
from reports.models.edition import EditionStatus

logger = logging.getLogger(__name__)

#: A test that no mail server takes, or that all mail was held for, is given up after this; whoever wants it asks again.
GIVE_UP_AFTER = timedelta(hours=1)
#: By name, since it loads the drawing library: web processes that only offer a test must not carry that.
LETTER = "reports.actions.files.render_trial"


def ask_for_trial(*, edition: Edition, by: User) -> TrialMail:
    """Queue the mail of an edition to the address of the asking person's sign-in, marked as a test. Six queries.

    Raises ValidationError for who has no address, for a withdrawn edition and for the test after TEST_MAILS_AN_HOUR,
    PermissionDenied for who may not see the edition.
    """
    with transaction.atomic():
        person = User.objects.select_for_update(no_key=True).get(pk=by.pk)
        if not (person.is_active and _opened(edition, by).exists()):
            raise PermissionDenied(
                _("You may not see this report. Ask an administrator for the role and the region.")
            )
        if edition.status == EditionStatus.WITHDRAWN:
            message = _("This edition has been withdrawn. Make a new one of the same day.")
            raise ValidationError(message, code="withdrawn")
        if not person.email:
            message = _(
                "Your sign-in has no e-mail address. Ask the administrator of your organisation to add it."
            )
            raise ValidationError(message, code="no_address")
        _check_limit(by)
        row = TrialMail.objects.create(edition=edition, asked_at=database_now(), asked_by=by.pk)
        record("test_mail", edition, by=by)
        transaction.on_commit(ring_trials, robust=True)
    return row


def send_trials() -> int:
    """Mail every test that waits, unless all mail is held, and answer how many the mail server took.

    One of a draft takes a second or two, in which it is made. Not sent: what whoever asked may no longer see, or was withdrawn.
    """
    waiting = TrialMail.objects.filter(sent_at=None, asked_at__gt=database_now() - GIVE_UP_AFTER)
    return send_asked(waiting, _hand_over)


def _hand_over(trial: TrialMail) -> bool:
    person = User.objects.filter(pk=trial.asked_by, is_active=True).exclude(email="").first()
    edition = person and _opened(trial.edition, person).exclude(status=EditionStatus.WITHDRAWN).first()
    if person is None or edition is None:
        return False
    letter = import_string(LETTER)(edition, trial.pk, address=person.email, at=trial.asked_at)
    with closing(Line()) as line:
        outcome = line.transmit(person.email, letter, before_data=lambda: True)
    if outcome.fate != Fate.SENT:
        logger.warning(
            "Test mail %s was not taken: %s (reply %s)", trial.pk, outcome.fate.value, outcome.code
        )
    return outcome.fate == Fate.SENT


def _opened(edition: Edition, person: User) -> QuerySet[Edition]:
    """The edition as it stands, if it is one that the person may see."""
    return Edition.objects.visible_to(person).filter(pk=edition.pk).select_related("region", "operation")


def _check_limit(by: User) -> None:
    """The caller holds the person's row, so that two at once do not both count as the last."""
    most = settings.TEST_MAILS_AN_HOUR
    asked = TrialMail.objects.filter(asked_by=by.pk, asked_at__gt=database_now() - timedelta(hours=1))
    if asked.count() >= most:
        message = ngettext(
            "You asked for %(count)s test mail within the hour, and no more are sent. Read that one, or try again later.",
            "You asked for %(count)s test mails within the hour, and no more are sent. Read those, or try again later.",
            most,
        )
        raise ValidationError(message % {"count": most}, code="asked_too_often")
