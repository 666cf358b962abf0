"""Numbers, changes, dates and ages in words: the same ones in every format, in the language that is active.

None is never printed as 0 and 0 never as a blank: a reader must be able to tell silence from calm.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as format_date
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from reports.figures.figure import Figure, Qualifier
from reports.figures.mark import Count, Mark

# Controls, and the marks that turn the reading direction of what follows. Newlines become spaces first.
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_SPACES = re.compile(r"[ \t\r\n]+")
NO_BREAK = "\u00a0"
_LAST_MICROSECOND = time(23, 59, 59, 999999)
_MICROSECOND = timedelta(microseconds=1)

_QUALIFIED: dict[Qualifier, str | Promise] = {
    Qualifier.ABOUT: gettext_lazy("about %(number)s"),
    Qualifier.AT_LEAST: gettext_lazy("at least %(number)s"),
    Qualifier.MORE_THAN: gettext_lazy("more than %(number)s"),
    Qualifier.UP_TO: gettext_lazy("up to %(number)s"),
    Qualifier.LESS_THAN: gettext_lazy("less than %(number)s"),
}

_SIGNS = {
    Qualifier.ABOUT: "~",
    Qualifier.AT_LEAST: "≥",
    Qualifier.MORE_THAN: ">",
    Qualifier.UP_TO: "≤",
    Qualifier.LESS_THAN: "<",
}

_ZONES: dict[str, str | Promise] = {
    "UTC": gettext_lazy("universal time"),
    "Europe/Moscow": gettext_lazy("Moscow time"),
    "Europe/Kyiv": gettext_lazy("Kyiv time"),
}


def clean(text: str) -> str:
    """The text on one line, without control characters and without marks that reverse what stands after them.

    Right-to-left names stay as they are; only the invisible overrides go, which could turn a line around.
    """
    return _INVISIBLE.sub("", _SPACES.sub(" ", text)).strip()


def number(value: Count) -> str:
    """A count with the language's thousands separator; "not reported" for None, "hidden" for what is known and not shown."""
    if value is None:
        return _("not reported")
    if isinstance(value, Mark):
        return _("hidden")
    return str(number_format(value, force_grouping=True))


def span(low: int | None, high: int | None) -> str:
    """A range such as "3–5"; one number if both ends are equal; "at least" or "up to" if one end is open."""
    if low is None and high is None:
        return number(None)
    if high is None:
        return _("at least %(number)s") % {"number": number(low)}
    if low is None:
        return _("up to %(number)s") % {"number": number(high)}
    return number(low) if low == high else f"{number(low)}–{number(high)}"


def quantity(figure: Figure) -> str:
    """The number with its qualifier, as said: "about 121,000", "at least 12", "2–5", "not reported"."""
    if figure.qualifier is Qualifier.SUPPRESSED:
        return number(Mark.SUPPRESSED)
    if figure.value is not None:
        words = number(figure.value)
    else:
        words = span(figure.value_min, figure.value_max)
        if figure.value_min is None or figure.value_max is None:
            return words
    pattern = _QUALIFIED.get(figure.qualifier)
    return words if pattern is None else str(pattern) % {"number": words}


def short_quantity(figure: Figure) -> str:
    """The same for a narrow column, the qualifier as a sign that a note under the table explains: "~121,000"."""
    if figure.value is None:
        return span(figure.value_min, figure.value_max)
    return f"{_SIGNS.get(figure.qualifier, '')}{number(figure.value)}"


def change(value: Count) -> str:
    """The change since the previous edition: "+1,203", "−12", "no change"; "n/a" where nothing compares.

    "hidden" where either number is hidden: the difference would give it back.
    """
    if value is None:
        return _("n/a")
    if isinstance(value, Mark):
        return number(value)
    if value == 0:
        return _("no change")
    return f"{'+' if value > 0 else '−'}{number(abs(value))}"


def age(days: int) -> str:
    """How old a figure is at the cut-off, in whole local days."""
    if days <= 0:
        return _("same day")
    return ngettext("%(days)s day old", "%(days)s days old", days) % {"days": number(days)}


def day(value: date) -> str:
    """A calendar day: 12 August 2024."""
    return format_date(value, pgettext("date format of Django's date filter", "j E Y"))


def short_day(value: date) -> str:
    """A calendar day where the year is plain: 12 Aug, not broken over two lines."""
    return format_date(value, pgettext("date format of Django's date filter", "j M")).replace(" ", NO_BREAK)


def zone(name: str, at: datetime) -> str:
    """The operation's clock in words, with its offset at that moment: "Moscow time (UTC+3)"."""
    place = name.rpartition("/")[2].replace("_", " ")
    words = _ZONES.get(name) or _("%(place)s time") % {"place": place}
    offset = at.astimezone(ZoneInfo(name)).utcoffset() or timedelta(0)
    minutes = int(offset.total_seconds()) // 60
    if minutes == 0:
        return f"{words} (UTC)"
    sign = "+" if minutes > 0 else "−"
    hours, rest = divmod(abs(minutes), 60)
    return f"{words} (UTC{sign}{hours}{f':{rest:02}' if rest else ''})"


def _clock(local: datetime) -> str:
    return "24:00" if local.time() == _LAST_MICROSECOND else f"{local:%H:%M}"


def moment(at: datetime, zone_name: str) -> str:
    """Date and time on the operation's clock, without the clock's name: "12 August 2024, 24:00".

    A cut-off lies in the last microsecond of its local day; it reads as the end of that day, not as 23:59.
    """
    local = at.astimezone(ZoneInfo(zone_name))
    return f"{day(local.date())}, {_clock(local)}"


def full_moment(at: datetime, zone_name: str) -> str:
    """Date, time and clock: "12 August 2024, 24:00 Moscow time (UTC+3)"."""
    return f"{moment(at, zone_name)} {zone(zone_name, at)}"


def short_moment(at: datetime, zone_name: str) -> str:
    """For a figure: "12 Aug", with the time where it is neither the beginning nor the end of the day."""
    local = at.astimezone(ZoneInfo(zone_name))
    if local.time() in (time(0), _LAST_MICROSECOND):
        return short_day(local.date())
    return f"{short_day(local.date())},{NO_BREAK}{local:%H:%M}"


def period(start: datetime, end: datetime, zone_name: str) -> str:
    """The time that flows are counted over. One that begins at the last cut-off begins with the next day."""
    first = start.astimezone(ZoneInfo(zone_name))
    if first.time() == _LAST_MICROSECOND:
        first = (start.astimezone(UTC) + _MICROSECOND).astimezone(ZoneInfo(zone_name))
    last = end.astimezone(ZoneInfo(zone_name))
    if first.date() == last.date():
        return _("%(day)s, %(start)s to %(end)s") % {
            "day": day(first.date()),
            "start": _clock(first),
            "end": _clock(last),
        }
    return _("%(start)s to %(end)s") % {
        "start": f"{day(first.date())}, {_clock(first)}",
        "end": f"{day(last.date())}, {_clock(last)}",
    }
