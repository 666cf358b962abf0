"""The region tree from the files in `regions/data/`."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.db import transaction

from core.names import search_key
from regions.models import Region, RegionCode, RegionName

DATA = Path(__file__).parent / "data"
_OPTIONAL_NUMBERS = ("latitude", "longitude", "baseline_population", "baseline_year")


class Loaded(NamedTuple):
    """How many rows the files hold."""

    regions: int
    codes: int
    names: int


@transaction.atomic
def load_regions() -> Loaded:
    """Bring the region tables in line with the files: all or nothing, and the same however often it runs.

    Regions are matched by `key`, codes by system and code, names by region, language and name. What the files do not name is
    left alone: an installation may add regions of its own. About two queries per region.
    """
    by_key: dict[str, Region] = {}
    for row in read("regions.csv"):
        by_key[row["key"]] = _save_region(row, by_key.get(row["parent"]))
    codes = [RegionCode(**{**row, "region": by_key[row["region"]]}) for row in read("region_codes.csv")]
    RegionCode.objects.bulk_create(
        codes,
        update_conflicts=True,
        unique_fields=["system", "code"],
        update_fields=["region", "status", "source"],
    )
    names = [
        RegionName(**{**row, "region": by_key[row["region"]], "folded": search_key(row["name"])})
        for row in read("region_names.csv")
    ]
    RegionName.objects.bulk_create(
        names,
        update_conflicts=True,
        unique_fields=["region", "language", "name"],
        update_fields=["folded"],
    )
    return Loaded(len(by_key), len(codes), len(names))


def read(name: str) -> Iterator[dict[str, str]]:
    """The rows of one file of `regions/data/`, each under its column names."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _save_region(row: dict[str, str], parent: Region | None) -> Region:
    """A blank number is not known, and stays so."""
    values: dict[str, object] = {name: value for name, value in row.items() if name not in ("key", "parent")}
    for name in _OPTIONAL_NUMBERS:
        values[name] = row[name] or None
    region, _ = Region.objects.update_or_create(key=row["key"], defaults={**values, "parent": parent})
    return region
