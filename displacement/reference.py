"""Code lists of the register from the files in `displacement/data/`."""

import csv
from pathlib import Path

from displacement.models import SpecificNeed

DATA = Path(__file__).parent / "data"


def load_specific_needs() -> int:
    """Bring the specific needs in line with their file; the same however often it runs. Returns how many. One query.

    Needs that the file does not name are left alone: they may be in use.
    """
    with (DATA / "specific_needs.csv").open(encoding="utf-8", newline="") as file:
        needs = [SpecificNeed(**row) for row in csv.DictReader(file)]
    SpecificNeed.objects.bulk_create(
        needs,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["group", "name_en", "name_ru", "name_uk"],
    )
    return len(needs)
