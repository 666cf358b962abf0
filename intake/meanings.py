"""What columns may mean: each a field of the kind, no two the same, and none missing that such a list cannot do without."""

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _

from core.refusals import Refusals, refusal
from intake.kinds.kind import Kind

#: What may be declared about a file.
OPTIONS = frozenset({"day_first", "delimiter", "encoding", "sheet", "zone"})
#: Most columns that a list has.
MOST_COLUMNS = 300


def said(columns: Mapping[str, str]) -> dict[str, str]:
    """The columns that mean something, each with its field."""
    return {heading: name for heading, name in columns.items() if name}


def check_columns(kind: Kind, chosen: Mapping[str, str], *, headings: Collection[str] | None = None) -> None:
    """Refuse what such a list cannot be read by; `headings` are those of the file, where there is one.

    Raises ValidationError at `columns` with all that is wrong.
    """
    fields = {field.name: field for field in kind.fields}
    refusals = Refusals()
    is_elsewhere = headings is not None and set(chosen) - set(headings)
    if is_elsewhere or set(chosen.values()) - set(fields):
        refusals.add(
            "columns",
            _("One of the columns is not in this file. Reload the page and choose again."),
            "unknown_column",
        )
    if len(set(chosen.values())) < len(chosen):
        refusals.add("columns", _("Two columns cannot mean the same. Choose one of them."), "doubled_column")
    if len(chosen) > MOST_COLUMNS:
        refusals.add("columns", _("A list has at most 300 columns."), "too_many")
    if not chosen:
        refusals.add("columns", _("Say what at least one column means."), "required")
    missing = [
        str(field.label)
        for field in fields.values()
        if field.is_required and field.name not in chosen.values()
    ]
    if missing:
        words = _("These are needed: %(names)s. Say which columns they are.") % {"names": ", ".join(missing)}
        refusals.add("columns", words, "required")
    refusals.raise_any()


def merged_options(before: Mapping[str, Any], told: Mapping[str, Any] | None) -> dict[str, Any]:
    """What was declared before with what is declared now. Raises ValidationError `unknown_option`."""
    options = {**before, **(told or {})}
    if options.keys() - OPTIONS:
        raise refusal(
            _("One of the options is not known. Leave it out."), code="unknown_option", field="options"
        )
    return options


def declared(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options that say something; the others are found out from each file."""
    return {name: value for name, value in options.items() if value not in (None, "")}
