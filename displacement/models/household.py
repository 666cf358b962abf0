"""Households: people who move and are registered together, named or only counted."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.visibility import reached
from core.facts import Fact, FactQuerySet
from core.registration import format_number
from core.sealed import SealedCharField, is_opened
from core.veils import VeiledCharField
from displacement.identity.erasing import FIGURES, Fate, OnErase
from displacement.identity.phones import phone_index
from displacement.identity.relations import OnMerge
from displacement.models.codes import AgeBand, Sex
from displacement.models.erasable import Erasable, ErasableQuerySet
from displacement.models.honey import hidden_from
from regions.models import Region


class HouseholdQuerySet(ErasableQuerySet):
    """Questions about households."""

    def visible_to(self, user: User | AnonymousUser | None) -> Self:
        """Households whose data the user may see; a partner's system sees no decoys. Of an erased one there is none."""
        found = self.unerased().filter(reached(user, "displacement.household"))
        hidden = hidden_from(user).households
        return found.exclude(pk__in=hidden) if hidden else found


class RegistrationMethod(models.TextChoices):
    """How a household came into the register."""

    DOOR = "door", _("registered in person")
    LIST = "list", _("from a list")
    PARTNER = "partner", _("from a partner's system")


class Household(Erasable):
    """A family or group registered together; `occurred_at` is when. Its people are persons, or groups of a headcount.

    A household may start as a headcount: groups by sex and age band and no names. When its people are named later, the
    groups are voided by the same act, so that nobody is counted twice.
    """

    on_erase: ClassVar[OnErase] = OnErase(
        empties={"reference": "", "phone": "", "phone_index": None, "language": ""},
        keeps={"registered_in": FIGURES, "origin": FIGURES},
    )

    serial = models.BigIntegerField(_("serial"), unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="households", verbose_name=_("registered by organisation")
    )
    registered_in = models.ForeignKey(
        Region, models.PROTECT, related_name="+", verbose_name=_("registered in")
    )
    origin = models.ForeignKey(
        Region, models.PROTECT, related_name="+", verbose_name=_("home region"), null=True, blank=True
    )
    people_declared = models.PositiveSmallIntegerField(_("people, as declared"), null=True, blank=True)
    method = models.CharField(
        _("how registered"), max_length=10, choices=RegistrationMethod, default=RegistrationMethod.DOOR
    )
    phone = SealedCharField(_("telephone"), max_length=30, blank=True)
    phone_index = models.BigIntegerField(null=True, editable=False)
    language = VeiledCharField(_("preferred language"), max_length=5, blank=True)
    reference = models.CharField(
        _("reference"), max_length=80, blank=True, help_text=_("The partner's own number of this household.")
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = HouseholdQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("household")
        verbose_name_plural = _("households")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organisation", "-id"], name="household_by_organisation"),
            models.Index(
                fields=["phone_index"], name="household_by_phone", condition=Q(phone_index__isnull=False)
            ),
        ]
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                name="household_reference",
                fields=["organisation", "reference"],
                condition=Q(voided_at=None) & ~Q(reference=""),
                violation_error_message=_(
                    "Another household of this organisation has this reference. Look it up, or leave the reference out."
                ),
            ),
            models.CheckConstraint(
                name="household_erased_names_nobody",
                condition=Q(erased_at=None, erased_by=None)
                | Q(
                    erased_at__isnull=False,
                    erased_by__isnull=False,
                    reference="",
                    phone="",
                    phone_index=None,
                    language="",
                ),
                violation_error_message=_("This household was erased. Register whoever comes anew."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def save(self, **kwargs: Any) -> None:
        """Keep the index of the telephone in step with it."""
        fields = kwargs.get("update_fields")
        if is_opened(self, "phone") and (fields is None or "phone" in fields):
            self.phone_index = phone_index(self.phone)
            kwargs["update_fields"] = None if fields is None else {*fields, "phone_index"}
        super().save(**kwargs)

    @property
    def number(self) -> str:
        """The registration number on the household's card."""
        return format_number(self.serial)


class HouseholdGroup(Fact):
    """So many people of one sex and age band in a household that is only counted so far."""

    on_merge: ClassVar[Mapping[str, OnMerge]] = {
        "household": OnMerge.LEAVE,
        "counted_in": OnMerge.LEAVE,
    }
    on_erase: ClassVar[OnErase] = OnErase(
        {"household": Fate.KEEP, "counted_in": Fate.KEEP},
        keeps=dict.fromkeys(("sex", "age_band", "people"), FIGURES),
    )

    household = models.ForeignKey(
        Household, models.PROTECT, related_name="groups", verbose_name=_("household")
    )
    sex = models.CharField(_("sex"), max_length=15, choices=Sex, default=Sex.NOT_COLLECTED)
    age_band = models.CharField(_("age band"), max_length=7, choices=AgeBand, default=AgeBand.UNKNOWN)
    people = models.PositiveSmallIntegerField(_("people"))
    counted_in = models.ForeignKey(
        Household,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("counted first in"),
        db_index=False,
        help_text=_("The household in which these people were first counted, where that was another one."),
    )

    objects = FactQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("counted group")
        verbose_name_plural = _("counted groups")
        ordering = ["household", "age_band", "sex"]
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="group_has_people",
                condition=Q(people__gt=0),
                violation_error_message=_(
                    "A group has at least one person; leave out groups that are not there."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.people} {self.get_sex_display()} {self.get_age_band_display()}"
