"""Casualties: who was killed, hurt or is missing, and how far that is established."""

from collections.abc import Collection, Mapping
from typing import ClassVar, Self
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.visibility import reached
from core.facts import Fact, FactQuerySet
from core.told import ToldCharField, ToldForeignKey
from displacement.identity.erasing import FIGURES, Fate, OnErase
from displacement.identity.relations import OnMerge
from displacement.models.claim import Source
from displacement.models.incident import Incident
from displacement.models.person import Person


class Outcome(models.TextChoices):
    """What happened to the victim. Different indicators, never merged."""

    KILLED = "killed", _("killed")
    INJURED = "injured", _("injured")
    HOSPITALISED = "hospitalised", _("hospitalised")
    MISSING = "missing", _("missing")
    DIED_LATER = "died_later", _("died later of injuries")


class Rung(models.TextChoices):
    """The verification ladder."""

    ALLEGED = "alleged", _("alleged")
    REPORTED = "reported", _("reported")
    CORROBORATED = "corroborated", _("corroborated")
    VERIFIED = "verified", _("verified")
    REFUTED = "refuted", _("refuted")


#: From which rung a casualty may go to which; the whole workflow.
TRANSITIONS: dict[Rung, frozenset[Rung]] = {
    Rung.ALLEGED: frozenset({Rung.REPORTED, Rung.REFUTED}),
    Rung.REPORTED: frozenset({Rung.CORROBORATED, Rung.REFUTED}),
    Rung.CORROBORATED: frozenset({Rung.VERIFIED, Rung.REFUTED}),
    Rung.VERIFIED: frozenset({Rung.REFUTED}),
    Rung.REFUTED: frozenset({Rung.REPORTED}),
}
#: Rungs that are published as "still being corroborated", beside the verified.
BEING_CORROBORATED = frozenset({Rung.ALLEGED, Rung.REPORTED, Rung.CORROBORATED})


class CivilianStatus(models.TextChoices):
    """Only civilians are counted in the report."""

    CIVILIAN = "civilian", _("civilian")
    AID_WORKER = "aid_worker", _("civilian: aid worker")
    HEALTH_WORKER = "health_worker", _("civilian: health worker")
    JOURNALIST = "journalist", _("civilian: journalist")
    COMBATANT = "combatant", _("not a civilian")
    UNKNOWN = "unknown", _("not known")


class VictimSex(models.TextChoices):
    """As OHCHR publishes it."""

    FEMALE = "female", _("woman or girl")
    MALE = "male", _("man or boy")
    UNKNOWN = "unknown", _("not known")


class VictimAge(models.TextChoices):
    """As OHCHR publishes it."""

    ADULT = "adult", _("adult")
    CHILD = "child", _("child")
    UNKNOWN = "unknown", _("not known")


class CasualtyQuerySet(FactQuerySet):
    """Questions about casualties."""

    def visible_to(self, user: User | AnonymousUser | None) -> Self:
        """Casualties whose file the user may see."""
        return self.filter(reached(user, "displacement.casualty"))

    def verifiable_by(self, user: User) -> Self:
        """Casualties that the user may verify: corroborated, and recorded by somebody else."""
        return self.current().filter(rung=Rung.CORROBORATED).exclude(recorded_by=user.pk)


class Casualty(Fact):
    """One victim, or a group with a lowest and a highest number; `occurred_at` is when it happened to them.

    Where sources disagree, or a group's size is not known exactly, the range stands. `rung` repeats the latest step for
    lists; questions as known at a moment are answered from the steps. Until the next of kin are informed, only people of the
    organisation of the incident are told who it was (`WAITING` in accounts/policy.py).
    """

    on_merge: ClassVar[Mapping[str, OnMerge]] = {"person": OnMerge.RE_POINT}
    #: Only of a casualty that is voided or refuted: another one is kept as evidence, and stands in the way (erase_objection).
    on_erase: ClassVar[OnErase] = OnErase(
        {"person": Fate.DETACH},
        empties={"victim_name": ""},
        keeps=dict.fromkeys(("sex", "age", "died_on", "civilian_status"), FIGURES),
    )

    incident = models.ForeignKey(
        Incident, models.PROTECT, related_name="casualties", verbose_name=_("incident")
    )
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome)
    died_on = models.DateField(_("died on"), null=True, blank=True)
    people_min = models.PositiveSmallIntegerField(_("people, at least"), default=1)
    people_max = models.PositiveSmallIntegerField(_("people, at most"), default=1)
    civilian_status = models.CharField(
        _("civilian status"), max_length=15, choices=CivilianStatus, default=CivilianStatus.UNKNOWN
    )
    sex = models.CharField(_("sex"), max_length=10, choices=VictimSex, default=VictimSex.UNKNOWN)
    age = models.CharField(_("age"), max_length=10, choices=VictimAge, default=VictimAge.UNKNOWN)
    person = ToldForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("registered person"),
        function="musterpoint_victim",
    )
    victim_name = ToldCharField(_("name"), max_length=200, blank=True, function="musterpoint_victim_name")
    next_of_kin_informed_at = models.DateTimeField(_("next of kin informed at"), null=True, blank=True)
    next_of_kin_informed_by = models.UUIDField(null=True, blank=True, editable=False)
    rung = models.CharField(
        _("established"), max_length=12, choices=Rung, default=Rung.ALLEGED, editable=False
    )
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True, editable=False)
    verified_by = models.UUIDField(_("verified by"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CasualtyQuerySet.as_manager()

    @staticmethod
    def erase_objection(people: Collection[UUID], _households: Collection[UUID]) -> str:
        """A file about harm to a civilian is evidence, for the victim too, and outlives the registration. One query."""
        files = Casualty.objects.current().exclude(rung=Rung.REFUTED).filter(person__in=people)
        if not files.exists():
            return ""
        return gettext(
            "A casualty record names this person. It is kept as evidence of what happened to them: nothing is erased as "
            "long as it stands. Ask the casualty recorder."
        )

    class Meta(Fact.Meta):
        verbose_name = _("casualty")
        verbose_name_plural = _("casualties")
        ordering = ["-occurred_at"]
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="casualty_range",
                condition=Q(people_min__gte=1, people_max__gte=F("people_min")),
                violation_error_message=_("The lowest number is at least one and not above the highest."),
            ),
            models.CheckConstraint(
                name="casualty_verifier_is_not_recorder",
                condition=Q(verified_by=None) | ~Q(verified_by=F("recorded_by")),
                violation_error_message=_("Somebody other than the person who recorded it must verify it."),
            ),
            models.CheckConstraint(
                name="casualty_verified_whole",
                condition=Q(rung=Rung.VERIFIED, verified_at__isnull=False, verified_by__isnull=False)
                | (~Q(rung=Rung.VERIFIED) & Q(verified_at=None, verified_by=None)),
                violation_error_message=_("A verified casualty needs who verified it and when."),
            ),
            models.CheckConstraint(
                name="casualty_died_on",
                condition=Q(outcome=Outcome.DIED_LATER, died_on__isnull=False)
                | (~Q(outcome=Outcome.DIED_LATER) & Q(died_on=None)),
                violation_error_message=_("Give the day of death where somebody died later, and only there."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}, {self.get_rung_display()}"


class CasualtySource(Fact):
    """One source that tells of a victim, and what it supports; `occurred_at` is when it said so.

    `origin` is whose word it repeats: two sources of one origin are not independent.
    """

    casualty = models.ForeignKey(Casualty, models.PROTECT, related_name="sources", verbose_name=_("casualty"))
    source = models.ForeignKey(Source, models.PROTECT, related_name="+", verbose_name=_("source"))
    origin = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("repeats the word of")
    )
    supports_who = models.BooleanField(_("says who"), default=False)
    supports_what = models.BooleanField(_("says what"), default=False)
    supports_when = models.BooleanField(_("says when"), default=False)
    supports_where = models.BooleanField(_("says where"), default=False)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("source of a casualty")
        verbose_name_plural = _("sources of casualties")
        ordering = ["casualty", "occurred_at"]

    def __str__(self) -> str:
        return str(self.source)


class CasualtyStep(Fact):
    """That a casualty stands on a rung from `occurred_at` on, who put it there and why."""

    casualty = models.ForeignKey(Casualty, models.PROTECT, related_name="steps", verbose_name=_("casualty"))
    rung = models.CharField(_("established"), max_length=12, choices=Rung)
    reason = models.CharField(_("why"), max_length=300, blank=True)

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("verification step")
        verbose_name_plural = _("verification steps")
        ordering = ["casualty", "recorded_at"]

    def __str__(self) -> str:
        return self.get_rung_display()
