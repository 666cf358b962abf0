"""Claims: what somebody said about numbers. They stand beside what we count and are never added."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from regions.models import Region


class SourceType(models.TextChoices):
    """Who a source is."""

    GOVERNOR = "governor", _("governor or regional government")
    MINISTRY = "ministry", _("ministry")
    AUTHORITIES = "authorities", _("other authorities")
    MUNICIPALITY = "municipality", _("municipality")
    SITE_MANAGER = "site_manager", _("site manager")
    NGO = "ngo", _("NGO")
    RED_CROSS = "red_cross", _("Red Cross or Red Crescent")
    UN = "un", _("United Nations")
    MEDIA = "media", _("media")
    WITNESS = "witness", _("witness")
    ANONYMOUS = "anonymous", _("anonymous")


class Reliability(models.TextChoices):
    """How far a source has proved right before (Admiralty scale)."""

    A = "A", _("A: completely reliable")
    B = "B", _("B: usually reliable")
    C = "C", _("C: fairly reliable")
    D = "D", _("D: not usually reliable")
    E = "E", _("E: unreliable")
    F = "F", _("F: cannot be judged")


class Credibility(models.TextChoices):
    """How far one piece of information is borne out by others (Admiralty scale)."""

    CONFIRMED = "1", _("1: confirmed by other sources")
    PROBABLE = "2", _("2: probably true")
    POSSIBLE = "3", _("3: possibly true")
    DOUBTFUL = "4", _("4: doubtful")
    IMPROBABLE = "5", _("5: improbable")
    UNJUDGED = "6", _("6: cannot be judged")


class Source(models.Model):
    """Somebody who tells numbers or tells of victims."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    type = models.CharField(_("type"), max_length=15, choices=SourceType)
    reliability = models.CharField(_("reliability"), max_length=1, choices=Reliability, default=Reliability.F)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ClaimIndicator(models.TextChoices):
    """What a claim is about. Different words for different things: sheltered is not evacuated, requests are not persons."""

    PEOPLE_TO_EVACUATE = "people_to_evacuate", _("people to be evacuated")
    EVACUATED = "evacuated", _("evacuated or left")
    EVACUATED_24H = "evacuated_24h", _("evacuated in 24 hours")
    EVACUATED_ORGANISED = "evacuated_organised", _("evacuated by organised transport")
    LEFT_OWN_MEANS = "left_own_means", _("left by own means")
    REMAINING = "remaining", _("remaining")
    SHELTERED = "sheltered", _("in shelters")
    SITES_OPEN = "sites_open", _("shelters open")
    PLACES_TOTAL = "places_total", _("places in shelters")
    PLACES_RESERVE = "places_reserve", _("places in reserve")
    KILLED = "killed", _("killed")
    INJURED = "injured", _("injured")
    HOSPITALISED = "hospitalised", _("hospitalised")
    UNKNOWN_FATE = "unknown_fate", _("fate not known")
    MISSING_PERSONS = "missing_persons", _("missing persons")
    MISSING_REQUESTS = "missing_requests", _("requests to trace missing persons")
    AID_APPLICANTS = "aid_applicants", _("applications for aid")
    CONTACT_LOST = "settlements_contact_lost", _("settlements without contact")


class ClaimKind(models.TextChoices):
    """At a moment, over a period, or since a start."""

    STOCK = "stock", _("at a moment")
    FLOW = "flow", _("over a period")
    CUMULATIVE = "cumulative", _("since a start")


class ClaimUnit(models.TextChoices):
    """What is counted."""

    INDIVIDUALS = "individuals", _("individuals")
    HOUSEHOLDS = "households", _("households")
    REQUESTS = "requests", _("requests")
    SITES = "sites", _("sites")
    PLACES = "places", _("places")
    SETTLEMENTS = "settlements", _("settlements")


#: What a number of an indicator means where nobody says it: at a moment, over a day or since the start; of what.
MEANT: dict[str, tuple[ClaimKind, ClaimUnit]] = {
    ClaimIndicator.PEOPLE_TO_EVACUATE: (ClaimKind.STOCK, ClaimUnit.INDIVIDUALS),
    ClaimIndicator.EVACUATED: (ClaimKind.CUMULATIVE, ClaimUnit.INDIVIDUALS),
    ClaimIndicator.EVACUATED_24H: (ClaimKind.FLOW, ClaimUnit.INDIVIDUALS),
    ClaimIndicator.EVACUATED_ORGANISED: (ClaimKind.CUMULATIVE, ClaimUnit.INDIVIDUALS),
    ClaimIndicator.LEFT_OWN_MEANS: (ClaimKind.CUMULATIVE, ClaimUnit.INDIVIDUALS),
    ClaimIndicator.REMAINING: (ClaimKind.STOCK, ClaimUnit.INDIVIDUALS),
    ClaimIndicator.SHELTERED: (ClaimKind.STOCK, ClaimUnit.INDIVIDUALS),
    ClaimIndicator.SITES_OPEN: (ClaimKind.STOCK, ClaimUnit.SITES),
    ClaimIndicator.PLACES_TOTAL: (ClaimKind.STOCK, ClaimUnit.PLACES),
    ClaimIndicator.PLACES_RESERVE: (ClaimKind.STOCK, ClaimUnit.PLACES),
    ClaimIndicator.KILLED: (ClaimKind.CUMULATIVE, ClaimUnit.INDIVIDUALS),
    ClaimIndicator.INJURED: (ClaimKind.CUMULATIVE, ClaimUnit.INDIVIDUALS),
    ClaimIndicator.HOSPITALISED: (ClaimKind.STOCK, ClaimUnit.INDIVIDUALS),
    ClaimIndicator.UNKNOWN_FATE: (ClaimKind.STOCK, ClaimUnit.INDIVIDUALS),
    ClaimIndicator.MISSING_PERSONS: (ClaimKind.STOCK, ClaimUnit.INDIVIDUALS),
    ClaimIndicator.MISSING_REQUESTS: (ClaimKind.CUMULATIVE, ClaimUnit.REQUESTS),
    ClaimIndicator.AID_APPLICANTS: (ClaimKind.CUMULATIVE, ClaimUnit.REQUESTS),
    ClaimIndicator.CONTACT_LOST: (ClaimKind.STOCK, ClaimUnit.SETTLEMENTS),
}


class ClaimQualifier(models.TextChoices):
    """How exactly it was said."""

    EXACT = "exact", _("exactly")
    ABOUT = "about", _("about")
    AT_LEAST = "at_least", _("at least")
    MORE_THAN = "more_than", _("more than")
    UP_TO = "up_to", _("up to")
    LESS_THAN = "less_than", _("less than")
    RANGE = "range", _("between")
    UNKNOWN = "unknown", _("not said how exactly")


class ClaimRelation(models.TextChoices):
    """What a later claim does to an earlier one."""

    SUPERSEDES = "supersedes", _("supersedes")
    CORRECTS = "corrects", _("corrects")
    ECHOES = "echoes", _("repeats")
    RETRACTS = "retracts", _("retracts")


class ClaimState(models.TextChoices):
    """Whether a claim may still be quoted, and if not, what became of it."""

    STANDING = "standing", _("standing")
    SUPERSEDED = "superseded", _("superseded")
    CORRECTED = "corrected", _("corrected")
    RETRACTED = "retracted", _("retracted")
    WITHDRAWN = "withdrawn", _("withdrawn")


#: What a claim is once another has done this to it.
ENDING = {
    ClaimRelation.SUPERSEDES: ClaimState.SUPERSEDED,
    ClaimRelation.CORRECTS: ClaimState.CORRECTED,
    ClaimRelation.RETRACTS: ClaimState.RETRACTED,
}


class ClaimQuerySet(models.QuerySet["Claim"]):
    """Questions about claims. They add conditions and columns only, no query."""

    def as_of(self, moment: datetime) -> Self:
        """Claims about a state at or before the moment."""
        return self.filter(as_of__lte=moment)

    def known_at(self, moment: datetime) -> Self:
        """Claims that we had received by the moment."""
        return self.filter(received_at__lte=moment)

    def standing(self, known_at: datetime) -> Self:
        """Claims that no other standing claim, received by the moment, has superseded, corrected or retracted.

        Nor do those stand that we withdrew because writing them down was our own mistake.
        """
        return self.filter(~Exists(_endings(known_at)) & ~Exists(_withdrawals(known_at)))

    def not_standing(self, known_at: datetime) -> Self:
        """The others: those that nobody should quote any more."""
        return self.filter(Exists(_endings(known_at)) | Exists(_withdrawals(known_at)))

    def with_state(self, known_at: datetime) -> Self:
        """Each claim with its `state` as known at the moment; `ended_by` is the id of the claim that ended it.

        Of several that did, the one that was linked last. A withdrawn claim is ended by nobody: it was our own mistake.
        """
        last = _endings(known_at).order_by("-recorded_at", "-pk")
        withdrawn = Exists(_withdrawals(known_at))
        relation = Subquery(last.values("relation")[:1])
        ended = [When(ended_how=how, then=Value(state)) for how, state in ENDING.items()]
        return self.annotate(
            ended_how=Case(When(withdrawn, then=None), default=relation),
            ended_by=Case(When(withdrawn, then=None), default=Subquery(last.values("claim_id")[:1])),
            ended_by_source=Subquery(last.values("claim__source__name")[:1]),
            state=Case(
                When(withdrawn, then=Value(ClaimState.WITHDRAWN)),
                *ended,
                default=Value(ClaimState.STANDING),
                output_field=models.CharField(),
            ),
        )


def _withdrawals(known_at: datetime) -> "models.QuerySet[ClaimWithdrawal]":
    """That a claim of the outer query was our own mistake."""
    return ClaimWithdrawal.objects.filter(claim=OuterRef("pk"), recorded_at__lte=known_at)


def _endings(known_at: datetime) -> "models.QuerySet[ClaimLink]":
    """What other claims, unless withdrawn themselves, did to a claim of the outer query so that it no longer stands."""
    withdrawn = ClaimWithdrawal.objects.filter(claim=OuterRef("claim"), recorded_at__lte=known_at)
    return ClaimLink.objects.filter(
        target=OuterRef("pk"),
        relation__in=list(ENDING),
        claim__received_at__lte=known_at,
        recorded_at__lte=known_at,
    ).exclude(Exists(withdrawn))


class Claim(models.Model):
    """One number that one source said about one region. Immutable: a trigger refuses to change or delete it.

    `as_of` is the moment that the number speaks of (local midnight where only a day was said), `published_at` when it was
    said in public, `received_at` when it reached us. What a later claim does to it stands in ClaimLink.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.ForeignKey(Source, models.PROTECT, related_name="claims", verbose_name=_("source"))
    region = models.ForeignKey(Region, models.PROTECT, related_name="claims", verbose_name=_("region"))
    indicator = models.CharField(_("indicator"), max_length=30, choices=ClaimIndicator)
    kind = models.CharField(_("kind"), max_length=10, choices=ClaimKind)
    unit = models.CharField(_("unit"), max_length=12, choices=ClaimUnit, default=ClaimUnit.INDIVIDUALS)
    qualifier = models.CharField(_("how exactly"), max_length=10, choices=ClaimQualifier)
    value = models.PositiveIntegerField(_("value"), null=True, blank=True)
    value_min = models.PositiveIntegerField(_("from"), null=True, blank=True)
    value_max = models.PositiveIntegerField(_("to"), null=True, blank=True)
    children = models.PositiveIntegerField(_("of which children"), null=True, blank=True)
    scope = models.CharField(_("who or what is counted"), max_length=200, blank=True)
    as_of = models.DateTimeField(_("as of"))
    is_as_of_day = models.BooleanField(_("only the day was said"), default=True)
    period_start = models.DateTimeField(_("counted from"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"))
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    reliability = models.CharField(_("reliability"), max_length=1, choices=Reliability, blank=True)
    credibility = models.CharField(
        _("credibility"), max_length=1, choices=Credibility, default=Credibility.UNJUDGED
    )
    quote = models.TextField(_("words used"), blank=True)
    url = models.URLField(_("where it was said"), blank=True, max_length=500)
    note = models.CharField(_("note"), max_length=300, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    recorded_by = models.UUIDField(editable=False)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ["-as_of", "-published_at"]
        indexes = [models.Index(fields=["region", "indicator", "-as_of"], name="claim_by_indicator")]
        constraints = [
            models.CheckConstraint(
                name="claim_value_or_range",
                condition=(Q(qualifier=ClaimQualifier.RANGE) & Q(value=None, value_max__gte=F("value_min")))
                | (
                    ~Q(qualifier=ClaimQualifier.RANGE)
                    & Q(value__isnull=False, value_min=None, value_max=None)
                ),
                violation_error_message=_("Give one value; or, for a range, its lowest and highest value."),
            ),
            models.CheckConstraint(
                name="claim_published_after_as_of",
                condition=Q(published_at__gte=F("as_of")),
                violation_error_message=_("A claim cannot be published before the moment that it speaks of."),
            ),
            models.CheckConstraint(
                name="claim_received_after_published",
                condition=Q(received_at__gte=F("published_at")),
                violation_error_message=_("A claim cannot be received before it was published."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_indicator_display()}, {self.as_of:%Y-%m-%d}"


class ClaimLink(models.Model):
    """What one claim does to another. Immutable, like claims."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="links", verbose_name=_("claim"))
    target = models.ForeignKey(Claim, models.PROTECT, related_name="linked_by", verbose_name=_("other claim"))
    relation = models.CharField(_("relation"), max_length=10, choices=ClaimRelation)
    reason = models.CharField(_("why"), max_length=300)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    recorded_by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("link between claims")
        verbose_name_plural = _("links between claims")
        constraints = [
            models.UniqueConstraint(fields=["claim", "target", "relation"], name="claim_link_once"),
            models.CheckConstraint(
                name="claim_link_two_claims",
                condition=~Q(claim=F("target")),
                violation_error_message=_("A claim cannot supersede, correct, repeat or retract itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_relation_display()


class ClaimWithdrawal(models.Model):
    """That a claim should never have been written down here: our own mistake, not its source's. Immutable, like claims.

    A source that takes its number back says so in a claim of its own, which retracts the earlier one.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.OneToOneField(Claim, models.PROTECT, related_name="withdrawal", verbose_name=_("claim"))
    reason = models.CharField(_("why"), max_length=300)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    recorded_by = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("withdrawn claim")
        verbose_name_plural = _("withdrawn claims")

    def __str__(self) -> str:
        return self.reason
