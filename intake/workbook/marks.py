"""What a sheet's XML says that cells do not: errors, formulas without results, and cells covered by merged ones."""

import math
import re
from collections.abc import Iterator

#: Stand in the text of a cell for what it holds. No cell of a list says these by itself.
ERROR, FORMULA, MERGED = "#N/A", "#FORMULA!", "#MERGED!"
#: More of either says that the workbook was made by a program that computes nothing, or by somebody who means harm.
_MOST_MARKS, _MOST_MERGED = 500_000, 20_000
#: A row of a list is some kilobytes; one of more than this is none.
_LONGEST_ROW = 16 * 1024 * 1024
_ERROR_CELL = re.compile(rb"""<(?:\w+:)?c\b([^>]*\bt=["']e["'][^>]*)>""")
_FORMULA_CELL = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_MERGED_CELLS = re.compile(rb"""<(?:\w+:)?mergeCell\b[^>]*\bref=["']([A-Z]+)(\d+):([A-Z]+)(\d+)["']""")
_PLACE = re.compile(rb"""\br=["']([A-Z]+)(\d+)["']""")
#: The result of a formula is text, and may be empty.
_TEXT_RESULT = re.compile(rb"""\bt=["']str["']""")


class TooMuch(Exception):
    """More than a list holds; its argument is the code of the refusal."""


class Marks:
    """Marks of one sheet, found while its XML is unpacked, piece by piece; rows and columns count from 1."""

    def __init__(self, most_rows: float = math.inf) -> None:
        self._rows_left = most_rows
        self.cells: dict[int, list[tuple[int, str]]] = {}
        self._count = 0
        self._merged: list[tuple[int, int, int, int]] = []
        self._rest = b""

    def feed(self, piece: bytes) -> None:
        """Look through the next piece of XML. Raises TooMuch."""
        self._rest += piece
        whole = self._rest.rfind(b"</row>")
        whole = whole if whole >= 0 else self._rest.rfind(b":row>")
        if whole >= 0:
            self._find(self._rest[:whole])
            self._rest = self._rest[whole:]
        elif len(self._rest) > _LONGEST_ROW:
            raise TooMuch("workbook_too_large")

    def close(self) -> None:
        """Look through what is left, where merged cells are listed."""
        self._find(self._rest)
        for left, top, right, bottom in _MERGED_CELLS.findall(self._rest):
            self._merged.append((int(top), int(bottom), _number(left), _number(right)))
        if len(self._merged) > _MOST_MERGED:
            raise TooMuch("workbook_broken")
        self._rest = b""
        self._merged.sort()

    def _find(self, xml: bytes) -> None:
        self._rows_left -= xml.count(b"<row") + xml.count(b":row ")
        if self._rows_left < 0:
            raise TooMuch("too_many_rows")
        if b'="e"' in xml or b"='e'" in xml:
            for attributes in _ERROR_CELL.findall(xml):
                self._add(attributes, ERROR)
        if b"<f" in xml or b":f" in xml:
            for attributes in _FORMULA_CELL.findall(xml):
                if not _TEXT_RESULT.search(attributes):
                    self._add(attributes, FORMULA)

    def _add(self, attributes: bytes, mark: str) -> None:
        self._count += 1
        if self._count > _MOST_MARKS:
            raise TooMuch("workbook_broken")
        if place := _PLACE.search(attributes):
            self.cells.setdefault(int(place[2]), []).append((_number(place[1]), mark))

    def covered(self) -> Iterator[list[tuple[int, int]]]:
        """For row after row from the first: the spans of columns in it that are covered, the shown corner left out."""
        waiting, open_ = iter(self._merged), list[tuple[int, int, int, int]]()
        following = next(waiting, None)
        row = 0
        while True:
            row += 1
            open_ = [one for one in open_ if one[1] >= row]
            while following and following[0] <= row:
                open_.append(following)
                following = next(waiting, None)
            yield [(left + (top == row), right) for top, _, left, right in open_]


def _number(letters: bytes) -> int:
    """A column's number from its letters, counted from 1."""
    number = 0
    for letter in letters[:4]:
        number = number * 26 + letter - 64
    return number
