"""Tables of displaced people: by sex and age, and by need."""

from django.utils.translation import get_language

from displacement.models import SpecificNeed
from displacement.models.codes import AgeBand, Sex
from reports.editions.report import NeedRow, SexAgeRow
from reports.figures.count import Count
from reports.figures.register import count_needs

_NAMED = frozenset({str(Sex.FEMALE), str(Sex.MALE)})


def sex_age_rows(counted: Count) -> tuple[SexAgeRow, ...]:
    """One row per age band, the unknown one last; their totals add up to the displaced."""
    numbers = counted.people.by_sex_and_age()
    rows = []
    for band in AgeBand:
        by_sex = {str(sex): numbers[str(band), str(sex)] for sex in Sex}
        rows.append(
            SexAgeRow(
                band=str(band),
                label=str(band.label),
                female=by_sex[Sex.FEMALE],
                male=by_sex[Sex.MALE],
                other=sum(people for sex, people in by_sex.items() if sex not in _NAMED),
                total=sum(by_sex.values()),
            )
        )
    return tuple(rows)


def need_rows(counted: Count) -> tuple[NeedRow, ...]:
    """Specific needs of displaced people, most first; two queries."""
    people = count_needs(counted.subtree, counted.moment)
    needs = SpecificNeed.objects.in_bulk(list(people))
    return tuple(NeedRow(code, _name(needs[code]), number) for code, number in people.items())


def _name(need: SpecificNeed) -> str:
    """The name in the active language, in English where there is none."""
    language = (get_language() or "en")[:2]
    return {"ru": need.name_ru, "uk": need.name_uk}.get(language) or need.name_en
