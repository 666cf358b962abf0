"""Text on lines of a fixed width, measured as a terminal shows it: wide and combining characters counted right."""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from reports.rendering.words import NO_BREAK

WIDTH = 72
_RIGHT_TO_LEFT = ("R", "AL", "AN")
_FIRST_STRONG, _POP = "\u2068", "\u2069"


def width(text: str) -> int:
    """How many columns the text takes."""
    return len(text) if text.isascii() else sum(map(_width, text))


@lru_cache(maxsize=4096)
def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def wrap(text: str, columns: int, *, indent: str = "") -> list[str]:
    """The text on lines of at most so many columns, later ones indented; a longer word is cut. Never an empty list."""
    lines = [""]
    for word in _words(text, columns - len(indent)):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if width(joined) <= columns:
            lines[-1] = joined
        else:
            lines.append(f"{indent}{word}")
    return [line.replace(NO_BREAK, " ") for line in lines]


def _words(text: str, columns: int) -> Iterator[str]:
    for word in text.split(" "):
        if width(word) <= columns:
            yield word
            continue
        piece = ""
        for character in word:
            if width(piece) + _width(character) > columns:
                yield piece
                piece = ""
            piece += character
        yield piece


def pad(text: str, columns: int, *, is_right: bool = False) -> str:
    """The text filled up with spaces to so many columns, on the left if it is a number."""
    space = " " * max(columns - width(text), 0)
    return space + _isolated(text) if is_right else _isolated(text) + space


def _isolated(text: str) -> str:
    """A right-to-left name kept from turning the numbers beside it around."""
    if any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in text):
        return f"{_FIRST_STRONG}{text}{_POP}"
    return text


def beside(
    cells: Sequence[Sequence[str]], widths: Sequence[int], rights: Sequence[bool], gap: str
) -> list[str]:
    """Blocks of lines set side by side in columns of these widths, aligned at the top."""
    height = max(len(cell) for cell in cells)
    rows = []
    for place in range(height):
        parts = [
            pad(cell[place] if place < len(cell) else "", columns, is_right=is_right)
            for cell, columns, is_right in zip(cells, widths, rights, strict=True)
        ]
        rows.append(gap.join(parts).rstrip())
    return rows
