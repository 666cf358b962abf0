"""Numbers and people in the sentences that a report is drafted with. None is never written as 0."""

from collections.abc import Sequence
from datetime import date

from django.utils.dateformat import format as format_date
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from reports.figures.figure import Figure, Qualifier
from reports.figures.moment import Moment

_SAID: dict[Qualifier, str | Promise] = {
    Qualifier.ABOUT: gettext_lazy("about %(number)s"),
    Qualifier.AT_LEAST: gettext_lazy("at least %(number)s"),
    Qualifier.MORE_THAN: gettext_lazy("more than %(number)s"),
    Qualifier.UP_TO: gettext_lazy("up to %(number)s"),
    Qualifier.LESS_THAN: gettext_lazy("less than %(number)s"),
}


def number(value: int) -> str:
    """A count with the language's thousands separator."""
    return str(number_format(value, force_grouping=True))


def span(low: int, high: int) -> str:
    """A range in words; one number where both ends are equal."""
    if low == high:
        return number(low)
    return _("%(low)s to %(high)s") % {"low": number(low), "high": number(high)}


def said(figure: Figure) -> str:
    """A figure as it was said: "about 121,000", "at least 12", "3 to 5"."""
    if figure.value is not None:
        return str(_SAID.get(figure.qualifier, "%(number)s")) % {"number": number(figure.value)}
    if figure.value_min is None or figure.value_max is None:
        return _("not reported")
    return span(figure.value_min, figure.value_max)


def day(value: date) -> str:
    """A day without its year: 12 August."""
    return format_date(value, pgettext("date format of Django's date filter, no year", "j F"))


def day_of(figure: Figure, moment: Moment) -> str:
    """The local day that the figure speaks of."""
    return day(moment.local_day(figure.as_of))


def people(value: int) -> str:
    """A number of people."""
    return ngettext("%(number)s person", "%(number)s people", value) % {"number": number(value)}


def joined(parts: Sequence[str]) -> str:
    """Parts of an enumeration: "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return _("%(most)s and %(last)s") % {"most": ", ".join(parts[:-1]), "last": parts[-1]}


def sentence(text: str) -> str:
    """The text with a capital letter at its beginning, since sources are named in the middle and at the front of sentences."""
    return text[:1].upper() + text[1:]
