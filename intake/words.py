"""What is counted of a list, in words and in the order in which people ask for it."""

from collections.abc import Mapping

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: Names of what is written, most asked for first.
WRITTEN: Mapping[str, str | Promise] = {
    "people": _("people"),
    "households": _("households"),
    "counted": _("people only counted"),
    "movements": _("movements"),
    "needs": _("needs"),
    "consents": _("answers about consent"),
    "shelters": _("shelters"),
    "states": _("states of shelters"),
    "stays": _("stays"),
    "stays_ended": _("stays that end"),
    "incidents": _("incidents"),
    "casualties": _("casualties"),
    "claims": _("claims"),
    "notes": _("notes"),
}


def counted(written: Mapping[str, int]) -> list[tuple[str, str]]:
    """Label and number of each thing that is written at all; a name without words of its own stands for itself."""
    names = [
        *(name for name in WRITTEN if name in written),
        *(name for name in written if name not in WRITTEN),
    ]
    return [(str(WRITTEN.get(name, name)), number(written[name])) for name in names if written[name]]


def written_in_words(written: Mapping[str, int]) -> str:
    """The same in one line: `1,203 people, 402 households`."""
    return ", ".join(f"{count} {label}" for label, count in counted(written)) or str(_("nothing new"))


def number(value: int) -> str:
    """A whole number as the pages write it."""
    return number_format(value, force_grouping=True)
