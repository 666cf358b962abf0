"""What a release says, as cells and the sums between them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from reports.figures.mark import Count, Mark


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """Which number is meant: of which column, of what (region, age band, ...), of which local day."""

    column: str
    place: tuple[str, ...]
    day: date


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of a release.

    `is_sensitive` counts people, so that 1 to below the threshold is hidden. `is_fact` is public whatever its size and is
    never hidden. `cost` says what is lost with it: of two cells that protect equally the cheaper is hidden. A cumulative
    cell does not fall from day to day, unless it was corrected.
    """

    value: Count
    is_sensitive: bool = True
    is_fact: bool = False
    is_cumulative: bool = False
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Relation:
    """A sum that everybody knows to hold: of `terms`, each a factor and a key, it is 0, or at most 0 where not `is_equal`.

    In an equal one the first term is the total: others that were not reported add nothing to it.
    """

    terms: tuple[tuple[int, Key], ...]
    is_equal: bool = True


def total_of(total: Key, parts: Iterator[Key] | tuple[Key, ...]) -> Relation:
    """The parts add up to the total."""
    return Relation(((1, total), *((-1, part) for part in parts)))


def at_most(part: Key, whole: Key) -> Relation:
    """The part is not more than the whole."""
    return Relation(((1, part), (-1, whole)), is_equal=False)


@dataclass(frozen=True, slots=True)
class Release:
    """Everything that one edition says in numbers.

    `corrected` are keys of earlier releases whose number is another now; None where that must be read off the numbers.
    """

    day: date
    cells: Mapping[Key, Cell]
    relations: tuple[Relation, ...] = ()
    corrected: frozenset[Key] | None = field(default=None)

    def hiding(self, keys: frozenset[Key] | set[Key]) -> "Release":
        """The same with these cells hidden."""
        cells = {
            key: replace(cell, value=Mark.SUPPRESSED) if key in keys else cell
            for key, cell in self.cells.items()
        }
        return replace(self, cells=cells)

    @property
    def hidden(self) -> frozenset[Key]:
        """The cells that are hidden."""
        return frozenset(key for key, cell in self.cells.items() if cell.value is Mark.SUPPRESSED)
