"""Text files with delimiters."""

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager

from core.refusals import INVISIBLE
from intake.sources.beginning import Rejoined
from intake.sources.encoding import letters
from intake.sources.limits import Limits
from intake.sources.sentences import refused
from intake.sources.source import Format, Options, Record, Source
from intake.sources.table import table

DELIMITERS = ",;\t|"
#: Rows from which the delimiter is told.
_SAMPLE_ROWS = 40
_DAMAGED = re.compile(f"\ufffd|{INVISIBLE.pattern}")
#: A first line with which spreadsheet programs declare the delimiter.
_SEPARATOR_LINE = re.compile(r"sep=([,;\t|])\r?\n?", re.IGNORECASE)


@contextmanager
def _open(file: Rejoined, options: Options, limits: Limits) -> Iterator[Source]:
    """A text file with the declared or detected delimiter and encoding. Raises ValidationError with a code of SENTENCES."""
    if not file.head.strip(b"\0\xef\xbb\xbf\xff\xfe \t\r\n,;|"):
        raise refused("file_empty")
    notices: list[str] = []
    text = letters(file, options.encoding, notices)
    lines = _Lines(text, limits)
    records = _Records(lines, _delimiter(lines, options.delimiter), limits)
    yield table("csv", iter(records), notices, limits)


class _Misplaced(Exception):
    """A quoted cell goes on for more lines than any cell does."""


class _Lines:
    """Lines of the file, whole; remembers those of the record that is being read, so that they can be read again."""

    def __init__(self, text: io.TextIOWrapper, limits: Limits) -> None:
        self._text = text
        self._limits = limits
        self._again: deque[str] = deque()
        self.number = 0
        self.pending: list[str] = []
        self.problem = ""

    def __iter__(self) -> Iterator[str]:
        longest, most, again = self._limits.line_characters, self._limits.quoted_lines, self._again
        while line := again.popleft() if again else self._read():
            self.number += 1
            if len(line) >= longest:
                line, self.problem = "\n", "line_too_long"
            elif _DAMAGED.search(line):
                self.problem = "broken_text" if "\ufffd" in line else "invisible"
                line = _DAMAGED.sub("\ufffd", line)
            self.pending.append(line)
            if len(self.pending) > most:
                raise _Misplaced
            yield line

    def _read(self) -> str:
        """The next line; of one that is too long its beginning, without its end."""
        longest = self._limits.line_characters
        line = self._text.readline(longest)
        if len(line) == longest:
            rest = line
            while rest and rest[-1] not in "\r\n":
                rest = self._text.readline(longest)
        return line

    def peek(self, count: int) -> list[str]:
        """The next lines, which will be read again."""
        while len(self._again) < count and (line := self._read()):
            self._again.append(line)
        return list(self._again)

    def drop(self) -> None:
        """Pass over the next line."""
        self._again.popleft()
        self.number += 1

    def restart_after_first(self) -> str:
        """Give back all lines of the broken record but its first, which is returned."""
        first, *others = self.pending
        self._again.extendleft(reversed(others))
        self.number -= len(others)
        return first


class _Records:
    """Rows of the file. A row with misplaced quotes is one row with a problem, and does not swallow those below it."""

    def __init__(self, lines: _Lines, delimiter: str, limits: Limits) -> None:
        self._lines = lines
        self._delimiter = delimiter
        self._limits = limits
        self._misplaced = 0

    def __iter__(self) -> Iterator[Record]:
        lines = self._lines
        while True:
            try:
                for cells in csv.reader(iter(lines), delimiter=self._delimiter, strict=True):
                    yield self._record(cells)
                    lines.pending.clear()
                    lines.problem = ""
            except (csv.Error, _Misplaced):
                yield self._misplaced_quote()
            else:
                return

    def _record(self, cells: list[str]) -> Record:
        lines = self._lines
        number = lines.number - len(lines.pending) + 1
        longest = self._limits.cell_characters
        may_be_long = len(lines.pending[0]) > longest or len(lines.pending) > 1
        if may_be_long and any(len(cell) > longest for cell in cells):
            return Record(number, [cell[:80] for cell in cells], "cell_too_long")
        return Record(number, cells, lines.problem)

    def _misplaced_quote(self) -> Record:
        self._misplaced += 1
        if self._misplaced > self._limits.misplaced_quotes:
            raise refused("quotes_everywhere")
        lines = self._lines
        first = lines.restart_after_first()
        record = Record(lines.number, first.rstrip("\r\n").split(self._delimiter), "quotes")
        lines.pending.clear()
        lines.problem = ""
        return record


def _delimiter(lines: _Lines, declared: str) -> str:
    """The declared one, or that which divides most of the first rows into equally many cells."""
    named = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";"}.get(declared.lower(), declared)
    if named and named not in DELIMITERS:
        raise refused("delimiter_unknown")
    sample = lines.peek(_SAMPLE_ROWS)
    if found := _SEPARATOR_LINE.fullmatch(sample[0]):
        lines.drop()
        return named or found[1]
    return named or max(DELIMITERS, key=lambda delimiter: _evenness(sample, delimiter))


def _evenness(sample: list[str], delimiter: str) -> tuple[int, int]:
    """How many rows have the commonest number of cells, and how many those are; nothing where that is one."""
    try:
        widths = Counter(len(cells) for cells in csv.reader(sample, delimiter=delimiter) if any(cells))
    except csv.Error:
        return 0, 0
    width, rows = max(widths.items(), key=lambda item: (item[0] > 1, item[1], item[0]), default=(0, 0))
    return (rows, width) if width > 1 else (0, 0)


CSV = Format("csv", lambda head, name: True, _open)
