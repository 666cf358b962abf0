"""Reports of several regions and audiences side by side: what somebody knows who reads all of them.

A district's total is the same cell as its row in its oblast's report (see `places`). Here are the sums of numbers that only
the whole of each report tells: people by age and sex, by need, children, and what moved today.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from reports.disclosure.cells import Key, Relation, Release, at_most, total_of
from reports.editions.measured import measured
from reports.editions.places import SEXES, children_key, figure_key, need_key, sex_age_key
from reports.editions.report import SituationReport


def releases(reports: Sequence[SituationReport]) -> list[Release]:
    """Each report as a release, in the order in which they were published, with its sums over those before it."""
    return [joined(measured(report), report, reports[:place]) for place, report in enumerate(reports)]


def joined(release: Release, report: SituationReport, earlier: Sequence[SituationReport]) -> Release:
    """The release of the report with the sums that it makes with reports of the same day on other regions."""
    beside = [other for other in earlier if other.local_day == report.local_day]
    return replace(release, relations=(*release.relations, *_sums(report, beside)))


def _sums(report: SituationReport, beside: Sequence[SituationReport]) -> Iterator[Relation]:
    """As the whole of districts that have reports, and as a part of a whole that has one."""
    yield from _whole(report, _latest(other for other in beside if _holds(report, other)))
    for whole in _latest(other for other in beside if _holds(other, report)):
        parts = _latest(other for other in (*beside, report) if _holds(whole, other))
        yield from _whole(whole, parts)


def _latest(reports: Iterator[SituationReport]) -> list[SituationReport]:
    """One report of each region: for whichever audience, their keys are the same."""
    return list({report.region: report for report in reports}.values())


def _holds(whole: SituationReport, part: SituationReport) -> bool:
    """Whether one region is a row of the other's report."""
    rows = (row for row in whole.regions if not row.is_total and not row.is_rest)
    return whole.region != part.region and any(row.region == part.region for row in rows)


def _whole(whole: SituationReport, parts: Sequence[SituationReport]) -> Iterator[Relation]:
    """What the parts say makes up what the whole says, or less of it where somebody's district has no report."""
    told = {part.region for part in parts}
    rows = [row for row in whole.regions if not row.is_total]
    is_complete = all(row.displaced == 0 or (row.region in told and not row.is_rest) for row in rows)
    numbers = [dict(_people(part)) for part in parts]
    for name, key in _people(whole):
        found = [theirs[name] for theirs in numbers if name in theirs]
        if is_complete and len(found) == len(parts) > 0:
            yield total_of(key, tuple(found))
        elif found:
            yield Relation((*((1, other) for other in found), (-1, key)), is_equal=False)
    for column, key in _moved(whole):
        for part in parts:
            # Who left two districts within a day is one person of the whole.
            yield from (at_most(other, key) for name, other in _moved(part) if name == column)


def _people(report: SituationReport) -> Iterator[tuple[tuple[str, ...], Key]]:
    """Numbers of displaced people, of whom each comes from one district: names that are the same in each report, and keys."""
    for ages in report.sex_age:
        for sex in (*SEXES, "total"):
            yield ("sex_age", ages.band, sex), sex_age_key(report, ages.band, sex)
    for need in report.needs:
        yield ("need", need.code), need_key(report, need.code)
    if any(figure.indicator == "displaced" and figure.children is not None for figure in report.key_figures):
        yield ("children",), children_key(report, "displaced")


def _moved(report: SituationReport) -> Iterator[tuple[str, Key]]:
    """People who moved today, by what they did."""
    for figure in report.key_figures:
        key = figure_key(report, figure) if figure.indicator in ("left_24h", "arrived_24h") else None
        if key is not None:
            yield figure.indicator, key
