"""What is wrong or doubtful about rows, in sentences. None of them repeats what stood in the file."""

from collections.abc import Mapping
from functools import cache

from django.utils.translation import gettext_lazy as _

from intake.kinds.registry import KINDS
from intake.sources.sentences import SENTENCES as OF_SOURCES
from intake.values.sentences import SENTENCES as OF_VALUES

#: Codes that any kind of list may find.
SENTENCES: Mapping[str, object] = {
    "required": _("This is needed. Fill it in."),
    "unknown_region": _(
        "No region has this code or name. Look it up in the list of regions and use its code."
    ),
    "ambiguous_region": _(
        "Several regions have this name: a district, a town or an oblast. Use the code of the one that is meant."
    ),
    "no_right_any_more": _(
        "Whoever let this list in may not do so any more, so a worker stopped before the rest. What is written stays. Somebody "
        "with the right has the rest written by “Try again”, or takes back what is written."
    ),
    "row_shape": _(
        "This row has more or fewer cells than there are columns. Check it for missing separators."
    ),
}


@cache
def _sentences() -> Mapping[str, object]:
    merged: dict[str, object] = {**OF_SOURCES, **OF_VALUES, **SENTENCES}
    for kind in KINDS.values():
        merged |= kind.sentences
    return merged


def sentence(code: str) -> str:
    """What the code says to a person, in the active language; for a code without words, that the row needs a look."""
    return str(_sentences().get(code) or _("Something about this row needs a look."))
