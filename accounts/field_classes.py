"""Which kinds of record tell of people: those with a column that `field_classes.toml` calls personal."""

import tomllib
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("field_classes.toml")


@cache
def telling_of_people() -> frozenset[str]:
    """The kinds (`app.model`) with a personal column. Who reads one leaves a trace of that."""
    classes = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return frozenset(
        f"{app}.{model}"
        for app, tables in classes.items()
        for model, columns in tables.items()
        if columns.get("personal")
    )
