"""Sharing agreements: what one organisation lets another's systems read of its people, for what, and how long."""

from typing import Any, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from accounts.models import Organisation, User
from accounts.visibility import within_reach
from regions.models import Region


class AgreementState(models.TextChoices):
    """How an agreement stands at a moment. Nothing is read under it but `IN_FORCE`."""

    WAITS = "waits", _("waits to be accepted")
    TO_COME = "to_come", _("has not begun")
    IN_FORCE = "in_force", _("in force")
    OVER = "over", _("its time is over")
    ENDED = "ended", _("ended before its time")


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """Questions about agreements. They add conditions only, no query."""

    def visible_to(self, user: User | AnonymousUser | None) -> Self:
        """Those of whose sides one is an organisation of the user's, for administrators and partners' systems."""
        gives = within_reach(user, "exchange.agreement", organisation="giving_id")
        receives = within_reach(user, "exchange.agreement", organisation="receiving_id")
        return self.filter(gives | receives)

    def in_force(self) -> Self:
        """Those under which something may be read at this moment, by the clock of the database."""
        return self.filter(
            accepted_at__isnull=False, ended_at=None, valid_from__lte=Now(), valid_until__gt=Now()
        )

    def with_state(self) -> Self:
        """Adds `state`, by the clock of the database."""
        return self.annotate(
            state=Case(
                When(ended_at__isnull=False, then=Value(AgreementState.ENDED)),
                When(valid_until__lte=Now(), then=Value(AgreementState.OVER)),
                When(accepted_at=None, then=Value(AgreementState.WAITS)),
                When(valid_from__gt=Now(), then=Value(AgreementState.TO_COME)),
                default=Value(AgreementState.IN_FORCE),
            )
        )


class Agreement(models.Model):
    """Systems of `receiving` may read people of `giving` with the columns in `fields`, from `valid_from` to `valid_until`.

    Only people who agreed to be shared with partners; only those registered in `regions` and below, where any is named.
    Signed by an administrator of the one side and accepted by one of the other, who is another person. It is never edited:
    it ends, and another one is signed.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    giving = models.ForeignKey(
        Organisation, models.PROTECT, related_name="given_agreements", verbose_name=_("giving organisation")
    )
    receiving = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="received_agreements",
        verbose_name=_("receiving organisation"),
    )
    purpose = models.CharField(_("purpose"), max_length=300)
    #: Columns of displacement.person.
    fields = ArrayField(models.CharField(max_length=40), verbose_name=_("fields"))
    regions: "models.ManyToManyField[Region, Any]" = models.ManyToManyField(
        Region, blank=True, related_name="+", verbose_name=_("regions")
    )
    valid_from = models.DateTimeField(_("from"))
    valid_until = models.DateTimeField(_("until"))
    signed_at = models.DateTimeField(_("signed at"), default=timezone.now)
    signed_by = models.UUIDField(_("signed by"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True)
    accepted_by = models.UUIDField(_("accepted by"), null=True)
    ended_at = models.DateTimeField(_("ended before"), null=True)
    ended_by = models.UUIDField(_("ended by"), null=True)
    end_reason = models.CharField(_("why it ended"), max_length=300, blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("sharing agreement")
        verbose_name_plural = _("sharing agreements")
        ordering = ["-signed_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(giving=F("receiving")),
                name="agreement_of_two",
                violation_error_message=_("An agreement is between two organisations. Choose another one."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("valid_from")),
                name="agreement_ends",
                violation_error_message=_("It would end before it begins. Choose a later end."),
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | (Q(accepted_at__isnull=False, accepted_by__isnull=False) & ~Q(accepted_by=F("signed_by"))),
                name="agreement_by_two_people",
                violation_error_message=_(
                    "Whoever signed an agreement does not accept it. Ask somebody else."
                ),
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, end_reason="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(end_reason="")),
                name="agreement_ended_whole",
                violation_error_message=_("An agreement that was ended names who ended it, and why."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.giving.short_name} → {self.receiving.short_name}, {self.signed_at:%Y-%m-%d}"
