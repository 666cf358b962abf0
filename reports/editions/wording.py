"""Numbers in a person's words: in a text for readers outside, only those that the report itself shows, or a claim says."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import override

from reports.editions.measured import measured
from reports.editions.report import RegionRow, SituationReport
from reports.figures.figure import Basis, Figure
from reports.figures.mark import Mark

_WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*", re.UNICODE)
_NUMBER = re.compile(r"\d+(?:[\u00a0\u202f ,.]\d{3}(?!\d))*")
_SPACES = re.compile(r"[\u00a0\u202f ,.]")
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»|„[^“”]*[“”]")
_DAYS_AND_HOURS = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}:\d{2}")
#: Numbers that people write out, in three languages, as they stand in a sentence.
_WRITTEN = {
    1: "one один одна одно одного одну однієї одной",
    2: "two два дві двоє двох две двое двоих двум двома",
    3: "three три троє трьох трое троих трех трёх",
    4: "four чотири четверо чотирьох четыре четверых четырех четырёх",
    5: "five п'ять п’ять пʼять п'ятеро п’ятеро пʼятеро пять пятеро пяти",
    6: "six шість шестеро шесть шести",
    7: "seven сім семеро семь семи",
    8: "eight вісім восьмеро восемь восьми",
    9: "nine дев'ять дев’ять девʼять девять девяти",
    10: "ten десять десятеро десяти",
}
_WORDS = {word: number for number, words in _WRITTEN.items() for word in words.split()}
#: What is counted and is nobody: time, places, papers.
_THING = re.compile(
    "(days?|hours?|minutes?|weeks?|months?|years?|districts?|regions?|oblasts?|villages?|towns?|shelters?|sites?|reports?|sources?"
    "|claims?|times|km|kilomet(er|re)s?|buses"
    "|день|дн(і|ів|ями|ях|я|ей)|доб(а|и|у)?|годин(а|и|у)?|хвилин(а|и)?|тиж(день|ні|нів)|місяц(ь|і|ів)|рік|рок(и|ів)"
    "|район(и|ів|у|а|ах|ов|е)?|област(ь|і|ей|ях|и)|регіон(и|ів|у|ах)?|сел(о|а|ах|е)?|сіл|сёл|міст(о|а|ах)?"
    "|пункт(и|ів|і|ах|а|ов|е)?|притул(ок|ки|ків)|укритт(я|ях)|сховищ(е|а|ах)?|звіт(и|ів)?|джерел(о|а)?|заяв(а|и)?"
    "|раз(и|ів|а)?|кілометр(и|ів)?|суток|час(а|ов)?|минут(а|ы)?|недел(я|и|ь)|месяц(а|ев)?|год(а|ов)?|лет|регион(а|ов|ах)?"
    "|город(а|ов|ах|е)?|приют(а|ов|ах|е)?|убежищ(е|а|ах)?|укрыт(ие|ия|ий|иях)|отч[её]т(а|ов)?|источник(а|ов)?"
    "|заявлен(ие|ия|ий)|километр(а|ов)?)$"
)
_PERSON = re.compile(
    "(person|people|child|girl|boy|m[ae]n\\b|wom[ae]n|baby|babies|civilian|patient|resident|famil|household|inhabitant"
    "|люд|особ|дит|дівч|хлоп|жін|чолов|родин|сім|цивіл|пацієнт|мешкан|немовл"
    "|чел|дет|реб|девоч|мальч|женщ|мужч|сем|гражд|пациент|жит|младен)"
)
_BEFORE_A_PLACE = re.compile("(in|of|from|at|near|у|в|з|із|зі|до|на|біля|из|с|со|от|около)$")
#: Only beside these do small totals of casualties stand, which are public facts.
_HARM = re.compile(
    "kill|injur|wound|dead|died|death|missing|hospital|casualt|victim|загин|вбит|поран|помер|зник|лікарн|постражд"
    "|погиб|убит|ранен|умер|пропав|больниц|пострад|жертв",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Untold:
    """A number that the report does not show, with the words around it. `is_quoted`: as a claim's, and no claim says it."""

    number: int
    phrase: str
    is_quoted: bool


def untold(
    report: SituationReport, text: str, *, threshold: int, more: frozenset[int] = frozenset()
) -> Untold | None:
    """The first number of the text that readers of the report are not told by it; None where there is none.

    Numbers of the report are its counts as they are shown, its facts, and `more`. What stands in quotation marks are a claim's
    own words: its numbers must be those of a published claim. A line that names a region of which something is hidden may
    count people only as that region's row or the total does: another's number could be the hidden one. Days, and numbers of
    things that are nobody, are free.
    """
    quoted = [found.span() for found in _QUOTED.finditer(text)]
    free = [found.span() for found in _dates(report).finditer(text)]
    claimed, shown = _claimed(report), _shown(report, text, threshold) | more
    shown |= {fact for fact in _facts(report) if fact >= threshold or _HARM.search(text)}
    for start, end, number in _numbers(text):
        if not number or _within(start, free) or _counts_things(text[end:]):
            continue
        is_quoted = _within(start, quoted)
        if number not in (claimed if is_quoted else shown):
            return Untold(number, _phrase(text, start, end), is_quoted)
    return None


def _numbers(text: str) -> Iterator[tuple[int, int, int]]:
    """Where each number begins and ends, and which it is; in figures first, then written out."""
    for found in _NUMBER.finditer(text):
        yield *found.span(), int(_SPACES.sub("", found.group()))
    for found in _WORD.finditer(text):
        number = _WORDS.get(found.group().lower())
        if number is not None and (number > 1 or _counts_people(text[found.end() :])):
            yield *found.span(), number


def _after(text: str, count: int) -> list[str]:
    """The next words, at most up to where a clause ends."""
    return _WORD.findall(re.split(r"[.;:!?]\s|[,(]", text, maxsplit=1)[0].lower())[:count]


def _counts_people(after: str) -> bool:
    return any(_PERSON.match(word) for word in _after(after, 2))


def _counts_things(after: str) -> bool:
    """Whether "two shelters" or "three border districts" is said; not "two in shelters" nor "three village children"."""
    words = _after(after, 3)
    if any(_PERSON.match(word) for word in words):
        return False
    is_next = bool(words) and bool(_THING.match(words[0]))
    return is_next or (
        len(words) > 1 and not _BEFORE_A_PLACE.match(words[0]) and bool(_THING.match(words[1]))
    )


def _phrase(text: str, start: int, end: int) -> str:
    before, after = text[:start].split()[-2:], text[end:].split()[:3]
    return " ".join([*before, text[start:end], *after]).strip(" .,;:")


def _within(place: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)


def _dates(report: SituationReport) -> re.Pattern[str]:
    """Days in the words of the report's language and of English, and times of the day."""
    names = set()
    for language in {report.language, "en"}:
        with override(language):
            for month in range(1, 13):
                first = date(report.local_day.year, month, 1)
                names |= {date_format(first, form) for form in ("F", "E", "M", "N")}
    months = "|".join(sorted((re.escape(name) for name in names), key=len, reverse=True))
    day = rf"\d{{1,2}}[\u00a0\s](?:{months})(?:[\u00a0\s]\d{{4}})?"
    return re.compile(rf"{day}|(?:{months})[\u00a0\s]\d{{1,2}}\b|{_DAYS_AND_HOURS.pattern}", re.IGNORECASE)


def _claimed(report: SituationReport) -> frozenset[int]:
    """What published claims say, and what stands in their notes."""
    claims = [figure for figure in (*report.claims, *report.key_figures) if figure.basis is Basis.CLAIMED]
    notes = (int(_SPACES.sub("", found)) for claim in claims for found in _NUMBER.findall(claim.note))
    return frozenset(notes) | frozenset(number for claim in claims for number in _said(claim))


def _said(figure: Figure) -> Iterator[int]:
    values = (figure.value, figure.value_min, figure.value_max, figure.children)
    return (value for value in values if isinstance(value, int))


def _shown(report: SituationReport, text: str, threshold: int) -> frozenset[int]:
    """The report's own numbers; people of the regions that the text names, where one of them has something hidden."""
    low = text.lower()
    rows = [row for row in (*report.regions, *report.hosts) if not row.is_total and not row.is_rest]
    named = [row for row in rows if row.name.lower() in low]
    if any(isinstance(value, Mark) for row in named for value in _fields(row)):
        totals = [row for row in report.regions if row.is_total]
        return frozenset(v for row in (*named, *totals) for v in _fields(row) if isinstance(v, int))
    counts = {cell.value for cell in measured(report).cells.values() if isinstance(cell.value, int)}
    changes = [row.change for row in (*report.regions, *report.hosts)] + [
        f.change for f in report.key_figures
    ]
    more = {abs(change) for change in changes if isinstance(change, int)}
    more |= {v for row in report.revisions for v in (row.before, row.after) if isinstance(v, int)}
    return frozenset({number for number in counts | more | _things(report) if number >= threshold})


def _fields(row: RegionRow) -> Iterator[object]:
    names = (
        "left",
        "displaced",
        "returned",
        "in_transit",
        "hosted",
        "sheltered",
        "elsewhere",
        "registered",
        "change",
    )
    return (getattr(row, name) for name in names)


def _facts(report: SituationReport) -> frozenset[int]:
    """Totals of casualties, which are public whatever their size."""
    fields = ("verified_min", "verified_max", "corroborating_min", "corroborating_max")
    return frozenset(getattr(row, field) for row in report.casualties for field in fields)


def _things(report: SituationReport) -> set[int]:
    """Sites and places."""
    found = [
        n
        for row in report.shelters
        for n in (row.places_announced, row.places_open, row.sites_open, row.sites_expected)
    ]
    found += [row.baseline for row in report.regions]
    return {number for number in found if number is not None}
