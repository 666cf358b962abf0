"""Legal holds: records that an authority wants kept as they are. Whoever may not know of one learns of it from nothing."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from accounts.models import Organisation, User
from accounts.visibility import within_reach
from displacement.identity.erasing import NAMES_NOBODY, SCRUBBED, Fate, OnErase
from displacement.identity.relations import OnMerge
from displacement.models import Household, Incident, Person
from regions.models import Region

HOLD = "retention.hold"


class Authority(models.TextChoices):
    """Who wants the records kept."""

    COURT = "court", _("a court")
    PROSECUTOR = "prosecutor", _("a prosecutor or an investigation")
    COMMISSION = "commission", _("a commission of inquiry or a monitoring mission")
    OMBUDSMAN = "ombudsman", _("an ombudsman or an authority for data protection")
    OWN = "own", _("this organisation, for a claim or a complaint")


class HoldQuerySet(models.QuerySet["Hold"]):
    """Questions about holds. They add conditions only, no query."""

    def visible_to(self, user: User | AnonymousUser | None, action: str = "view") -> Self:
        """Holds of organisations in regions with which the user may do the action."""
        return self.filter(within_reach(user, HOLD, action, region="region"))

    def in_force(self, at: datetime) -> Self:
        """Holds that were neither lifted nor have come to their end."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=at), lifted_at=None, starts_at__lte=at)


class Hold(models.Model):
    """Records of one person, household or incident that are neither erased nor removed from `starts_at` on.

    It ends at `ends_at`, by itself, or once a second person lifts it. `people` and `households` are those whom it covered when
    it was set: wherever they go by merges, splits and joins, they stay held; whoever belongs to the household later is, too.
    """

    on_merge: ClassVar[Mapping[str, OnMerge]] = {"person": OnMerge.LEAVE, "household": OnMerge.LEAVE}
    on_erase: ClassVar[OnErase] = OnErase(
        {"person": Fate.KEEP, "household": Fate.KEEP},
        empties={"case": SCRUBBED, "lift_reason": ""},
        keeps=dict.fromkeys(("people", "households"), NAMES_NOBODY),
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="holds", verbose_name=_("of organisation")
    )
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("region"))
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    household = models.ForeignKey(
        Household, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("household")
    )
    incident = models.ForeignKey(
        Incident, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("incident")
    )
    people = ArrayField(models.UUIDField(), verbose_name=_("people"), default=list, editable=False)
    households = ArrayField(models.UUIDField(), verbose_name=_("households"), default=list, editable=False)
    authority = models.CharField(_("who wants them kept"), max_length=12, choices=Authority)
    case = models.CharField(_("number of the case"), max_length=100)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    set_at = models.DateTimeField(_("set at"))
    set_by = models.UUIDField(_("set by"))
    lift_asked_at = models.DateTimeField(_("lifting asked for at"), null=True, blank=True)
    lift_asked_by = models.UUIDField(_("lifting asked for by"), null=True, blank=True)
    lift_reason = models.CharField(_("why it is lifted"), max_length=300, blank=True)
    lifted_at = models.DateTimeField(_("lifted at"), null=True, blank=True)
    lifted_by = models.UUIDField(_("lifted by"), null=True, blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="hold_on_one_record",
                condition=Q(person__isnull=False, household=None, incident=None)
                | Q(person=None, household__isnull=False, incident=None)
                | Q(person=None, household=None, incident__isnull=False),
                violation_error_message=_("A hold is on one person, one household or one incident."),
            ),
            models.CheckConstraint(
                name="hold_lifted_by_two",
                condition=Q(lifted_at=None, lifted_by=None)
                | (
                    Q(lifted_at__isnull=False, lifted_by__isnull=False, lift_asked_by__isnull=False)
                    & ~Q(lifted_by=F("lift_asked_by"))
                ),
                violation_error_message=_("Nobody lifts a hold alone: one asks, another lifts it."),
            ),
            models.CheckConstraint(
                name="hold_ends_after_it_starts",
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("The hold ends before it begins. Check both days."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_authority_display()} {self.set_at:%Y-%m-%d}"
