"""The region tree: countries, oblasts, districts, settlements, with codes and names."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.names import search_key


class RegionKind(models.TextChoices):
    """What a region is, whatever its country calls it."""

    COUNTRY = "country", _("country")
    FEDERAL_DISTRICT = "federal_district", _("federal district")
    OBLAST = "oblast", _("oblast")
    RAION = "raion", _("district")
    CITY = "city", _("city of oblast significance")
    HROMADA = "hromada", _("hromada")
    SETTLEMENT = "settlement", _("settlement")


class UnknownRegion(ValidationError):
    """No region has this code or name."""


class AmbiguousRegion(ValidationError):
    """Several regions have this name; `candidates` are those meant."""

    def __init__(self, message: str, candidates: "list[Region]") -> None:
        super().__init__(message, code="ambiguous_region")
        self.candidates = candidates


class RegionQuerySet(models.QuerySet["Region"]):
    """Questions about regions."""

    def below(self, region: "Region") -> Self:
        """The region itself and all below it."""
        return self.filter(path__startswith=region.path)

    def coded(self, text: str) -> Self:
        """Regions that have the text as our key or as a code of any system."""
        return self.filter(Q(key__iexact=text) | Q(codes__code__iexact=text)).distinct()

    def named(self, text: str) -> Self:
        """Regions that have the text as a code of any system or as a name in any language; one query, unordered."""
        folded = search_key(text)
        by_name = Q(names__folded=folded) if folded else Q(pk=None)
        return self.filter(Q(key__iexact=text) | Q(codes__code__iexact=text.strip()) | by_name).distinct()

    def matching(self, text: str) -> Self:
        """Regions whose code or name starts with the text, for search boxes."""
        folded = search_key(text)
        by_name = Q(names__folded__startswith=folded) if folded else Q(pk=None)
        return self.filter(
            Q(key__istartswith=text) | Q(codes__code__istartswith=text.strip()) | by_name
        ).distinct()

    def find(self, text: str) -> "Region":
        """The one region of this code or name, in any alphabet. Up to two queries.

        A key or code wins over a name. Raises UnknownRegion, or AmbiguousRegion with the candidates: "Kursky" is a district,
        a town and an oblast, and guessing would put people into the wrong one.
        """
        text = text.strip()
        found = list(self.coded(text)[:2]) or list(self.named(text).order_by("path")[:10])
        if not found:
            raise UnknownRegion(
                _("No region has this code or name. Look it up in the list of regions and use its code."),
                code="unknown_region",
            )
        if len(found) > 1:
            names = ", ".join(f"{r.name} ({r.get_kind_display()}, {r.key})" for r in found)
            message = _(
                "Several regions have this name: %(names)s. Use the code of the one that you mean."
            ) % {"names": names}
            raise AmbiguousRegion(message, found)
        return found[0]


class Region(models.Model):
    """An area of the tree. `key` is ours and stable; official codes stand in RegionCode, none derived from another.

    `path` holds the keys from the root down, each followed by a slash, so that "this region and all below" is one prefix.
    `level` is the depth below the country, and means another thing in each country: level 1 is the oblast in Ukraine
    and the federal district in Russia; `kind` and `local_level_name` say what it is.
    """

    id = models.AutoField(primary_key=True)
    key = models.CharField(_("key"), max_length=60, unique=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    path = models.CharField(_("path"), max_length=300, unique=True, editable=False)
    level = models.PositiveSmallIntegerField(_("level"), editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=RegionKind)
    local_level_name = models.CharField(_("what it is called locally"), max_length=60, blank=True)
    name_en = models.CharField(_("name in English"), max_length=200)
    name_ru = models.CharField(_("name in Russian"), max_length=200, blank=True)
    name_uk = models.CharField(_("name in Ukrainian"), max_length=200, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    centroid_source = models.CharField(_("source of the point"), max_length=200, blank=True)
    baseline_population = models.PositiveIntegerField(_("baseline population"), null=True, blank=True)
    baseline_source = models.CharField(_("source of the population"), max_length=200, blank=True)
    baseline_year = models.PositiveSmallIntegerField(_("year of the population"), null=True, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["path"]
        indexes = [models.Index(fields=["path"], name="region_path_prefix", opclasses=["text_pattern_ops"])]
        constraints = [
            models.CheckConstraint(name="region_path_ends_in_key", condition=Q(path__endswith="/")),
            models.CheckConstraint(
                name="region_valid_period",
                condition=Q(valid_until=None) | Q(valid_from=None) | Q(valid_until__gte=F("valid_from")),
                violation_error_message=_("A region cannot end before it starts."),
            ),
            models.CheckConstraint(
                name="region_baseline_sourced",
                condition=Q(baseline_population=None) | ~Q(baseline_source=""),
                violation_error_message=_("Say where the baseline population comes from."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs: Any) -> None:
        """Keep `path` and `level` in step with the parent. Moving a region with children is not offered."""
        parent = self.parent
        self.path = f"{parent.path if parent else ''}{self.key}/"
        self.level = parent.level + 1 if parent else 0
        super().save(**kwargs)

    @property
    def name(self) -> str:
        """The name in the active language, in English where there is none."""
        language = (get_language() or "en")[:2]
        return {"ru": self.name_ru, "uk": self.name_uk}.get(language) or self.name_en


class CodeSystem(models.TextChoices):
    """Whose code it is."""

    OCHA_PCODE = "ocha_pcode", _("OCHA P-code")
    ISO_3166_2 = "iso_3166_2", _("ISO 3166-2")
    OKTMO = "oktmo", _("OKTMO")
    OKATO = "okato", _("OKATO")
    KATOTTH = "katotth", _("KATOTTH")


class CodeStatus(models.TextChoices):
    """How sure we are of a code. A guess is never shown as a code."""

    SEEN = "seen", _("seen in a source")
    INFERRED = "inferred", _("inferred from a neighbouring code")
    GUESSED = "guessed", _("guessed")


class RegionCode(models.Model):
    """One official code of a region, with how we know it."""

    region = models.ForeignKey(Region, models.CASCADE, related_name="codes", verbose_name=_("region"))
    system = models.CharField(_("system"), max_length=20, choices=CodeSystem)
    code = models.CharField(_("code"), max_length=30)
    status = models.CharField(_("how we know"), max_length=10, choices=CodeStatus, default=CodeStatus.SEEN)
    source = models.CharField(_("source"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("region code")
        verbose_name_plural = _("region codes")
        ordering = ["system", "code"]
        constraints = [models.UniqueConstraint(fields=["system", "code"], name="region_code_unique")]

    def __str__(self) -> str:
        return f"{self.get_system_display()} {self.code}"


class RegionName(models.Model):
    """A name under which a region is looked up: official, older, colloquial, in any language."""

    region = models.ForeignKey(Region, models.CASCADE, related_name="names", verbose_name=_("region"))
    language = models.CharField(_("language"), max_length=5)
    name = models.CharField(_("name"), max_length=200)
    folded = models.CharField(max_length=200, editable=False)

    class Meta:
        verbose_name = _("region name")
        verbose_name_plural = _("region names")
        ordering = ["language", "name"]
        indexes = [models.Index(fields=["folded"], name="region_name_prefix", opclasses=["text_pattern_ops"])]
        constraints = [
            models.UniqueConstraint(fields=["region", "language", "name"], name="region_name_unique")
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs: Any) -> None:
        """Keep the folded form in step with the name."""
        self.folded = search_key(self.name)
        super().save(**kwargs)
