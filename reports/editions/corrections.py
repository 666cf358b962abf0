"""What an edition said and what is known now, figure by figure: for errata, and for two editions side by side."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from reports.editions.report import SituationReport
from reports.figures.figure import Basis, Figure


@dataclass(frozen=True, slots=True)
class Correction:
    """One figure of an edition. `new` is None where nothing stands in its place; `why` is one sentence about it."""

    region_name: str
    old: Figure
    new: Figure | None
    why: str


@dataclass(frozen=True, slots=True)
class Pair:
    """The same figure in two editions; None where one of them does not have it."""

    region_name: str
    old: Figure | None
    new: Figure | None

    @property
    def figure(self) -> Figure:
        """Either of them: what the two share, such as indicator and source."""
        found = self.new or self.old
        assert found is not None
        return found

    @property
    def difference(self) -> int | None:
        """By how much, where both are one value."""
        if self.old is None or self.new is None or self.old.value is None or self.new.value is None:
            return None
        return self.new.value - self.old.value

    @property
    def is_same(self) -> bool:
        """Whether both say the same number."""
        return self.old is not None and self.new is not None and said(self.old) == said(self.new)


def said(figure: Figure) -> tuple[int | None, int | None, int | None, str]:
    """What a reader takes from a figure: its number and how exactly it is meant."""
    return (figure.value, figure.value_min, figure.value_max, figure.qualifier)


def figures_in(report: SituationReport) -> list[Figure]:
    """Every figure of the report once: those that open it, then claims that do not stand there."""
    found: dict[tuple[str, ...], Figure] = {}
    for figure in (*report.key_figures, *report.claims):
        found.setdefault(figure_key(figure), figure)
    return list(found.values())


def compare(old: SituationReport, new: SituationReport) -> list[Pair]:
    """Every figure of either report with its other one, in the order of the newer; figures that are gone come last."""
    before = {figure_key(figure): figure for figure in figures_in(old)}
    now = {figure_key(figure): figure for figure in figures_in(new)}
    names = {**region_names(old), **region_names(new)}
    keys = [*now, *(key for key in before if key not in now)]
    return [Pair(names.get(key[1], key[1]), before.get(key), now.get(key)) for key in keys]


def corrections(
    frozen: SituationReport,
    recounted: SituationReport,
    *,
    taken_back: Mapping[str, str],
    is_recounted: bool,
) -> Iterator[Correction]:
    """Figures of the edition that no longer stand, with what stands now.

    `taken_back` says of claims, by id, why they do not stand. Counts are compared only with `is_recounted`: where facts that
    the edition counted were voided. What only became known late is a revision and no error.
    """
    now = {figure_key(figure): figure for figure in figures_in(recounted)}
    names = region_names(frozen)
    for figure in figures_in(frozen):
        new = now.get(figure_key(figure))
        name = names.get(figure.region, figure.region)
        if figure.basis is Basis.CLAIMED:
            why = taken_back.get(figure.claim or "")
            if why and (new is None or new.claim != figure.claim):
                yield Correction(name, figure, new, why)
        elif is_recounted and new is not None and said(figure) != said(new):
            yield Correction(
                name, figure, new, _("Records that it counted turned out wrong and were voided.")
            )


def region_names(report: SituationReport) -> dict[str, str]:
    """Names of the regions that figures of the report speak of, by key."""
    rows = [*report.regions, *report.hosts]
    return {**{row.region: row.name for row in rows if row.region}, report.region: report.region_name}


def without(found: Iterable[Correction], told: Iterable[Correction]) -> list[Correction]:
    """Those of the corrections that readers were not told yet: another figure, or another new number."""
    known = {(figure_key(each.old), said(each.new) if each.new else None) for each in told}
    return [
        each for each in found if (figure_key(each.old), said(each.new) if each.new else None) not in known
    ]


def figure_key(figure: Figure) -> tuple[str, ...]:
    """What makes a figure the same in two editions, also of different languages: a count's source is named in words."""
    is_claim = figure.basis is Basis.CLAIMED
    source = (figure.source, figure.scope, figure.kind) if is_claim else ("", "", "")
    return (figure.indicator, figure.region, figure.basis, *source)
