"""Who gets the report: proposed by one person, approved by another, confirmed by the address itself."""

from collections.abc import Mapping, Sequence
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from accounts.models import User
from accounts.visibility import within_reach
from regions.models import Region
from regions.models.operation import is_zone
from reports.models.edition import Audience


class SubscriptionState(models.TextChoices):
    """Where a subscription stands. Only an active one gets reports."""

    PROPOSED = "proposed", _("proposed")
    UNCONFIRMED = "unconfirmed", _("approved, not confirmed")
    ACTIVE = "active", _("active")
    SUSPENDED = "suspended", _("suspended")
    ENDED = "ended", _("ended")


class MailFormats(models.TextChoices):
    """Which files come with the mail of an edition; its text and charts always do."""

    BOTH = "both", _("PDF and workbook")
    PDF = "pdf", "PDF"
    XLSX = "xlsx", _("workbook")
    NONE = "none", _("no file")

    @property
    def kept(self) -> frozenset[str]:
        """What the names of these files end in."""
        return {"both": frozenset({"pdf", "xlsx"}), "none": frozenset[str]()}.get(
            self.value, frozenset({self.value})
        )


_S = SubscriptionState

#: What follows what. To propose and to approve takes two people; to confirm, the address; to end, one person or one click.
TRANSITIONS: Mapping[SubscriptionState, frozenset[SubscriptionState]] = {
    _S.PROPOSED: frozenset({_S.UNCONFIRMED, _S.ENDED}),
    _S.UNCONFIRMED: frozenset({_S.ACTIVE, _S.ENDED}),
    _S.ACTIVE: frozenset({_S.SUSPENDED, _S.ENDED}),
    _S.SUSPENDED: frozenset({_S.UNCONFIRMED, _S.ENDED}),
    _S.ENDED: frozenset(),
}

#: The readers from whom least is hidden come last: to go right needs a second person, to go left does not.
BREADTH = (Audience.PUBLIC, Audience.PARTNERS, Audience.INTERNAL)


class RegionChange(models.TextChoices):
    """What one person proposed of a region of a subscription and nobody has approved yet."""

    NONE = "", _("stays")
    ADD = "add", _("to be added")
    DROP = "drop", _("to be left out")


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """Questions about subscriptions. They add conditions only, no query."""

    def with_regions(self) -> Self:
        """With their regions in the order of the tree: two queries for all of them, and none for each."""
        lines = SubscriptionRegion.objects.select_related("region").order_by("region__path")
        return self.prefetch_related(models.Prefetch("lines", lines))

    def in_reach(self, user: User | AnonymousUser | None, action: str) -> Self:
        """Those with which the user may do the action.

        To see one or to end it, one of its regions is enough; who decides anything else about it answers for all of them.
        """
        near = within_reach(user, "reports.subscription", action, organisation="", region="region")
        inside = SubscriptionRegion.objects.filter(near, subscription=OuterRef("pk"))
        outside = SubscriptionRegion.objects.filter(~near, subscription=OuterRef("pk")) if near else None
        if outside is None or action in ("view", "end"):
            return self.filter(Exists(inside))
        return self.filter(Exists(inside), ~Exists(outside))

    def visible_to(self, user: User | AnonymousUser | None) -> Self:
        """Those that the user may see."""
        return self.in_reach(user, "view")

    def of_region(self, region: Region) -> Self:
        """Not ended, and one of their regions is this or one above it: who takes an oblast takes its districts.

        A region that is yet to be added does not count, and one that is yet to be left out does.
        """
        keys = region.path.rstrip("/").split("/")
        lines = SubscriptionRegion.objects.standing().filter(region__key__in=keys)
        return self.filter(Exists(lines.filter(subscription=OuterRef("pk"))), is_active=True)

    def for_region(self, region: Region) -> Self:
        """Those of the region or of any above it that get mail now."""
        return self.of_region(region).filter(state=SubscriptionState.ACTIVE)

    def taking(self, audience: str, language: str, *, made_in: Sequence[str]) -> Self:
        """Subscriptions for whom an edition of this audience and language is.

        In their own language, or in the first of those in which editions are made, where theirs is none of them.
        """
        theirs = Q(language=language)
        if language == made_in[0]:
            theirs |= ~Q(language__in=made_in)
        return self.filter(theirs, audience=audience)


class Subscription(models.Model):
    """That somebody is to get the editions of some regions, which are its lines.

    `wanted_audience` is what one person proposed that these readers be and nobody has approved yet; other regions that were
    proposed are in the lines. At most one of the two waits at a time, and `wanted_at` and `wanted_by` are of it. `state` is
    worked out by the database from the acts, so that the two cannot differ; after an act, read it anew.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("name"), max_length=200)
    address = models.EmailField(_("e-mail address"))
    audience = models.CharField(
        _("readers"),
        max_length=10,
        choices=Audience,
        default=Audience.INTERNAL,
        help_text=_("Whom it is for."),
    )
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="en")
    formats = models.CharField(
        _("files"),
        max_length=5,
        choices=MailFormats,
        default=MailFormats.BOTH,
        help_text=_("What comes with the mail."),
    )
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    zone = models.CharField(
        _("time zone"),
        max_length=60,
        blank=True,
        validators=[is_zone],
        help_text=_("On which clock the quiet hours are read, such as Europe/Kyiv. Blank: the operation's."),
    )
    is_active = models.BooleanField(_("not ended"), default=True)
    recorded_at = models.DateTimeField(_("proposed at"), default=timezone.now, editable=False)
    recorded_by = models.UUIDField(editable=False)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True, editable=False)
    approved_by = models.UUIDField(null=True, blank=True, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True, editable=False)
    confirmed_by = models.UUIDField(null=True, blank=True, editable=False)
    suspended_at = models.DateTimeField(_("suspended at"), null=True, blank=True, editable=False)
    suspended_by = models.UUIDField(null=True, blank=True, editable=False)
    wanted_audience = models.CharField(
        _("proposed readers"), max_length=10, choices=Audience, blank=True, editable=False
    )
    wanted_at = models.DateTimeField(_("change proposed at"), null=True, blank=True, editable=False)
    wanted_by = models.UUIDField(null=True, blank=True, editable=False)
    state = models.GeneratedField(
        verbose_name=_("state"),
        choices=SubscriptionState,
        expression=Case(
            When(is_active=False, then=Value("ended")),
            When(approved_at=None, then=Value("proposed")),
            When(suspended_at__isnull=False, then=Value("suspended")),
            When(confirmed_at=None, then=Value("unconfirmed")),
            default=Value("active"),
        ),
        output_field=models.CharField(max_length=12),
        db_persist=True,
    )

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="subscription_approved_whole",
                condition=Q(approved_at=None, approved_by=None)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="subscription_confirmed_after_approval",
                condition=Q(confirmed_at=None) | Q(approved_at__isnull=False, confirmed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="subscription_quiet_whole",
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False) & ~Q(quiet_from=F("quiet_until")),
                violation_error_message=_(
                    "Give both times of the quiet hours, two different ones, or none of them."
                ),
            ),
            models.CheckConstraint(
                name="subscription_wanted_whole",
                condition=Q(wanted_audience="", wanted_at=None, wanted_by=None)
                | Q(wanted_at__isnull=False, wanted_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def regions(self) -> list[Region]:
        """Of which it is: what stands until a change is approved. No query after `with_regions`."""
        return [line.region for line in self.lines.all() if line.change != RegionChange.ADD]

    @property
    def region_names(self) -> str:
        """The same in one line, in the active language."""
        return ", ".join(region.name for region in self.regions)

    @property
    def wanted_regions(self) -> list[Region]:
        """Of which it is to be, where another set was proposed; else none. No query after `with_regions`."""
        lines = list(self.lines.all())
        if not any(line.change for line in lines):
            return []
        return [line.region for line in lines if line.change != RegionChange.DROP]


class SubscriptionRegionQuerySet(models.QuerySet["SubscriptionRegion"]):
    """Questions about lines of subscriptions. They add conditions only, no query."""

    def standing(self) -> Self:
        """Those that count now, whatever was proposed."""
        return self.exclude(change=RegionChange.ADD)


class SubscriptionRegion(models.Model):
    """One line of a subscription: a region of which it gets the reports, or is to get them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subscription = models.ForeignKey(
        Subscription, models.PROTECT, related_name="lines", verbose_name=_("subscription")
    )
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="subscription_lines", verbose_name=_("region")
    )
    change = models.CharField(_("proposed"), max_length=4, choices=RegionChange, blank=True, editable=False)

    objects = SubscriptionRegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("region of a subscription")
        verbose_name_plural = _("regions of a subscription")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "region"],
                name="subscription_region_once",
                violation_error_message=_("This subscription has this region already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region_id} {self.change}".strip()


class ConfirmationMail(models.Model):
    """One mail that asks an address whether it wants the reports. `sent_at` is None until the mail server took it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subscription = models.ForeignKey(
        Subscription, models.PROTECT, related_name="confirmations", verbose_name=_("subscription")
    )
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now, editable=False)
    asked_by = models.UUIDField(editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("mail to confirm an address")
        verbose_name_plural = _("mails to confirm an address")
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return f"{self.subscription_id} {self.asked_at:%Y-%m-%d %H:%M}"
