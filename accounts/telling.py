"""Mailing the notices that wait for somebody who works here: each once, in the reader's language, to the user's own address."""

import logging
from collections.abc import Callable, Iterable
from smtplib import SMTPException
from typing import Any
from uuid import UUID

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import translation

from accounts.models import Organisation, User
from accounts.policy import Role
from core.clock import database_now

logger = logging.getLogger(__name__)

#: Who is told that a glass was broken: of the organisation whose records it opens.
TOLD_OF_EMERGENCIES = (Role.ORGANISATION_ADMIN, Role.AUDITOR)
#: Who is told of unusual readings, of the organisations of whoever read; never whom it concerns.
TOLD_OF_ALARMS = (Role.ORGANISATION_ADMIN, Role.AUDITOR)

#: Who is told that a partner's system was added, widened, approved, refused or given a new secret, of its organisation.
TOLD_OF_CLIENTS = (Role.ORGANISATION_ADMIN, Role.AUDITOR)


def who_answers(
    organisations: Iterable[Organisation], roles: Iterable[Role], *, but: UUID, as_well: Q | None = None
) -> QuerySet[User]:
    """Who in these roles answers for one of the organisations, is active and has an address; never `but`, whom it is about.

    `as_well` is asked of the same membership. No query of its own.
    """
    found = User.objects.filter(
        as_well or Q(),
        memberships__organisation__in=organisations,
        memberships__role__in=roles,
        is_active=True,
    )
    return found.exclude(email="").exclude(pk=but).distinct()


def who_watches(*, but: UUID) -> QuerySet[User]:
    """Who is told where an organisation has nobody else: keepers of the service, and auditors of any organisation."""
    keeps = Q(is_superuser=True) | Q(memberships__role__in=(Role.KEEPER, Role.AUDITOR))
    return User.objects.filter(keeps, is_active=True).exclude(email="").exclude(pk=but).distinct()


def tell_all(waiting: QuerySet[Any], letter: Callable[[Any], tuple[str, str]]) -> int:
    """Mail every notice that waits, in the order given, and answer how many the mail server took. Three queries each.

    A notice is a row with `user` (joined by the query) and `sent_at`; `letter` makes subject and text of it, in the active
    language.
    What the server does not take waits for the next ring. Only where the service dies between the server's yes and our own
    note can one come twice: better than a warning that nobody got.
    """
    return sum(_tell(waiting, pk, letter) for pk in list(waiting.values_list("pk", flat=True)))


def _tell(waiting: QuerySet[Any], pk: object, letter: Callable[[Any], tuple[str, str]]) -> bool:
    with transaction.atomic():
        notice = waiting.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
        if notice is None:
            return False
        with translation.override(notice.user.language):
            subject, body = letter(notice)
        try:
            EmailMessage(subject, body, to=[notice.user.email]).send()
        except (SMTPException, OSError) as error:
            logger.warning("Notice %s was not taken by the mail server: %s", pk, type(error).__name__)
            return False
        notice.sent_at = database_now()
        notice.save(update_fields=["sent_at"])
    return True
