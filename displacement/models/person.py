"""Persons in the register."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.visibility import reached
from core.facts import Fact
from core.names import search_key
from core.registration import BadRegistrationNumber, format_number, parse_number
from core.veils import VeiledDateField, unveiled
from displacement.identity.erasing import FIGURES, Fate, OnErase
from displacement.identity.identity import Identity
from displacement.identity.keys import keys_of
from displacement.identity.relations import OnMerge
from displacement.models.codes import Sex
from displacement.models.consent import Consent, Purpose
from displacement.models.erasable import Erasable, ErasableQuerySet
from displacement.models.honey import hidden_from
from displacement.models.household import Household
from exchange.sharing import Share


class PersonQuerySet(ErasableQuerySet):
    """Questions about persons."""

    def visible_to(self, user: User | AnonymousUser | None) -> Self:
        """Persons whose data the user may see; a partner's system sees no decoys. Of an erased one there is none."""
        found = self.unerased().filter(reached(user, "displacement.person"))
        hidden = hidden_from(user).people
        return found.exclude(pk__in=hidden) if hidden else found

    def shared(self, shares: Sequence[Share]) -> Self:
        """Others' persons who are shared under these agreements: those who stand, and whose household agreed to it last."""
        there = Q(pk__in=[])
        for share in shares:
            places = Q()
            for path in share.paths:
                places |= Q(household__registered_in__path__startswith=path)
            there |= Q(household__organisation=share.giving) & places
        agreed = Consent.objects.current().filter(household=OuterRef("household"), purpose=Purpose.PARTNERS)
        latest = agreed.order_by("-occurred_at", "-recorded_at", "-id").values("is_given")[:1]
        found = self.current().unmerged().filter(there)
        return found.alias(is_agreed=Subquery(latest)).filter(is_agreed=True)

    def unmerged(self) -> Self:
        """Persons who stand on their own: not merged into the record of the same human being."""
        return self.filter(merged_into=None)

    def sharing_keys(self, keys: Sequence[int]) -> Self:
        """Persons with at least one of these keys of displacement.identity.keys; one index serves it, in any order."""
        return self.filter(match_keys__overlap=list(keys))

    def reason_not_to_void(self) -> str:
        """Neither a merged record nor its survivor is voided: the rows of both stand under one name. Two queries."""
        survivors = Person.objects.filter(merged_into__in=self.values("pk"))
        if self.filter(merged_into__isnull=False).exists() or survivors.exists():
            return gettext(
                "This record is one of two that were merged, or has such a person in it. Take the merge back first, then void."
            )
        return ""

    def numbered(self, serial: int) -> Self:
        """The person under a number: the record that goes on, where the number is of one that was merged into it."""
        named = Person.objects.filter(serial=serial)
        return self.filter(pk__in=named.values(standing_as=Coalesce("merged_into_id", "pk")))

    def matching(self, text: str) -> Self:
        """Persons whose registration number is the text, or whose names start with its words, in either alphabet.

        "Иван Петренко", "petrenko ivan" and "Petrenk" find the same person. An index serves each word. The number of a merged
        record finds the record that goes on; its names find nothing.
        """
        try:
            return self.numbered(parse_number(text))
        except BadRegistrationNumber:
            words = [key for key in (search_key(word) for word in text.split()) if key]
        if not words:
            return self.none()
        found = self.unmerged()
        for word in words:
            found = found.filter(Q(family_key__begins=word) | Q(given_key__begins=word))
        return found


class BirthPrecision(models.TextChoices):
    """What of a birth date is known. Estimated and first-of-January dates tell little about identity."""

    DAY = "day", _("exact day")
    MONTH = "month", _("month and year")
    YEAR = "year", _("year")
    ESTIMATED = "estimated", _("estimated from age")


class Relationship(models.TextChoices):
    """To the head of the household."""

    HEAD = "head", _("head of household")
    PARTNER = "partner", _("wife, husband or partner")
    CHILD = "child", _("son or daughter")
    PARENT = "parent", _("mother or father")
    SIBLING = "sibling", _("brother or sister")
    GRANDPARENT = "grandparent", _("grandmother or grandfather")
    GRANDCHILD = "grandchild", _("grandchild")
    OTHER_RELATIVE = "other_relative", _("other relative")
    FOSTER_CHILD = "foster_child", _("foster child")
    NOT_RELATED = "not_related", _("not related")
    UNKNOWN = "unknown", _("not known")


class Person(Erasable):
    """One human being as registered by one organisation; `occurred_at` is when. One name is enough.

    Everything else may be missing, estimated or wrong: a blank says that it is not known, and never that it is not so.
    """

    on_merge: ClassVar[Mapping[str, OnMerge]] = {
        "household": OnMerge.LEAVE,
        "merged_into": OnMerge.RE_POINT,
    }
    on_erase: ClassVar[OnErase] = OnErase(
        {"household": Fate.KEEP, "merged_into": Fate.KEEP},
        empties={
            "given_name": "",
            "patronymic": "",
            "family_name": "",
            "family_key": "",
            "given_key": "",
            "match_keys": [],
            "document_keys": [],
            "reference": "",
            "relationship": Relationship.UNKNOWN,
        },
        keeps={"sex": FIGURES},
        by_hand=dict.fromkeys(("birth_date", "birth_precision"), "displacement.actions.erasing"),
    )

    serial = models.BigIntegerField(_("serial"), unique=True, editable=False)
    household = models.ForeignKey(
        Household, models.PROTECT, related_name="people", verbose_name=_("household")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="people", verbose_name=_("registered by organisation")
    )
    relationship = models.CharField(
        _("relationship to head"), max_length=15, choices=Relationship, default=Relationship.UNKNOWN
    )
    given_name = models.CharField(_("given name"), max_length=200, blank=True)
    patronymic = models.CharField(_("patronymic"), max_length=200, blank=True)
    family_name = models.CharField(_("family name"), max_length=200, blank=True)
    sex = models.CharField(_("sex"), max_length=15, choices=Sex, default=Sex.NOT_COLLECTED)
    birth_date = VeiledDateField(_("birth date"), null=True, blank=True)
    birth_precision = models.CharField(
        _("what of the birth date is known"), max_length=10, choices=BirthPrecision, blank=True
    )
    family_key = models.CharField(max_length=200, editable=False, blank=True)
    given_key = models.CharField(max_length=200, editable=False, blank=True)
    match_keys = ArrayField(models.BigIntegerField(), default=list, blank=True, editable=False)
    # What stands for the documents that stand; nothing where there are none, so that lists without them pay nothing.
    document_keys = ArrayField(models.BigIntegerField(), null=True, blank=True, editable=False)
    reference = models.CharField(
        _("reference"), max_length=80, blank=True, help_text=_("The partner's own number of this person.")
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("merged into"),
        db_index=False,
        editable=False,
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organisation", "-id"], name="person_by_organisation"),
            models.Index(fields=["family_key"], name="person_family_prefix", opclasses=["text_pattern_ops"]),
            # Of new entries so many KiB wait, which makes intake cheaper and a search read them (docs/adr/0009-match-keys.md).
            GinIndex(fields=["match_keys"], name="person_match_keys", gin_pending_list_limit=1024),
            models.Index(fields=["given_key"], name="person_given_prefix", opclasses=["text_pattern_ops"]),
            # Lists are held against the register by it (docs/adr/0013-batches.md).
            models.Index(
                fields=["birth_date", "family_key"],
                name="person_by_birth",
                condition=Q(birth_precision="day"),
            ),
            # Few records are merged: an index of those alone costs an intake nothing.
            models.Index(
                fields=["merged_into"], name="person_merged", condition=Q(merged_into__isnull=False)
            ),
            models.Index(
                fields=["household"], name="person_merged_of_house", condition=Q(merged_into__isnull=False)
            ),
        ]
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="person_has_a_name",
                condition=~Q(given_name="", family_name="") | Q(erased_at__isnull=False),
                violation_error_message=_("Write at least one name, given or family."),
            ),
            models.CheckConstraint(
                name="person_erased_names_nobody",
                condition=Q(erased_at=None, erased_by=None)
                | Q(
                    erased_at__isnull=False,
                    erased_by__isnull=False,
                    given_name="",
                    patronymic="",
                    family_name="",
                    family_key="",
                    given_key="",
                    reference="",
                    relationship="unknown",
                ),
                violation_error_message=_("This person was erased. Register whoever comes anew."),
            ),
            models.CheckConstraint(
                name="person_not_merged_into_self",
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
                violation_error_message=_("A record cannot be merged into itself. Choose another one."),
            ),
            models.UniqueConstraint(
                name="person_reference",
                fields=["organisation", "reference"],
                condition=Q(voided_at=None) & ~Q(reference=""),
                violation_error_message=_(
                    "Another person of this organisation has this reference. Look them up, or leave the reference out."
                ),
            ),
            models.CheckConstraint(
                name="person_birth_precision",
                condition=Q(birth_date=None, birth_precision="")
                | (Q(birth_date__isnull=False) & ~Q(birth_precision="")),
                violation_error_message=_(
                    "Say what of the birth date is known, and only where there is one."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def save(self, **kwargs: Any) -> None:
        """Keep the keys in step with what is known."""
        self.renew_keys()
        super().save(**kwargs)

    def renew_keys(self) -> None:
        """Make the keys anew from what is known; no query where the household is loaded. Nothing is saved."""
        self.family_key, self.given_key = search_key(self.family_name), search_key(self.given_name)
        self.match_keys = keys_of(self.identity())

    def identity(self) -> Identity:
        """What is known of this human being, for comparison with others. No query where the household is loaded."""
        return Identity(
            self.given_name,
            self.patronymic,
            self.family_name,
            self.sex,
            unveiled(self.birth_date),
            self.birth_precision,
            unveiled(self.household.phone),
            str(self.household.origin_id or ""),
            documents=tuple(self.document_keys or ()),
        )

    @property
    def number(self) -> str:
        """The registration number of this person."""
        return format_number(self.serial)

    @property
    def full_name(self) -> str:
        """Family name first, as lists here are read."""
        return " ".join(part for part in (self.family_name, self.given_name, self.patronymic) if part)

    def age_on(self, day: date) -> int | None:
        """Completed years on the day, or None where the birth date is not known."""
        born: date | None = unveiled(self.birth_date)
        if born is None:
            return None
        before_birthday = (day.month, day.day) < (born.month, born.day)
        return day.year - born.year - before_birthday
