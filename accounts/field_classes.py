"""What `field_classes.toml` tells of the columns of each table, and which kinds of record tell of people by it."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FIELD_CLASSES = Path(__file__).with_name("field_classes.toml")
_OPEN = "open"


@cache
def told_classes() -> dict[str, Any]:
    """The file: app, model, class of fields, and the columns of that class."""
    return tomllib.loads(FIELD_CLASSES.read_text(encoding="utf-8"))


@cache
def telling_of_people() -> frozenset[str]:
    """The kinds (`app.model`) with a column that is not open. Who reads one leaves a trace of that."""
    return frozenset(
        f"{app}.{model}"
        for app, tables in told_classes().items()
        for model, columns in tables.items()
        if any(names for kind, names in columns.items() if kind != _OPEN)
    )
