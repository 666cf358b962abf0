"""The report as plain text of 72 columns: for terminals, and for those whose mail program shows no HTML.

It begins with what was counted and what is claimed, side by side, because a reader may get no further.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from reports.editions.report import SituationReport
from reports.rendering.content.compose import compose
from reports.rendering.content.document import Card, Cell, Column, Document, Origin, Reading, Section, Table
from reports.rendering.lines import WIDTH, beside, width, wrap

_SIDE = (WIDTH - 3) // 2
_NAME = 26  # columns of a table's first column, at most
_LABEL = 17  # columns of the labels in the heading


def render_text(report: SituationReport) -> bytes:
    """The whole report in UTF-8, ending in a newline; no line is longer than 72 columns."""
    return text_of(compose(report)).encode()


@lru_cache(maxsize=2)
def text_of(document: Document) -> str:
    """A composed report as plain text. Kept for a moment: it is a file, and a part of the mail."""
    lines = [*_heading(document), *_cards(document), *_highlights(document)]
    for section in document.sections:
        lines += _section(section)
    lines += ["", "-" * WIDTH, *wrap(document.marking, WIDTH)]
    return "\n".join(lines) + "\n"


def _heading(document: Document) -> Iterator[str]:
    yield from wrap(document.overline.upper(), WIDTH)
    yield from wrap(document.title, WIDTH)
    yield from wrap(document.marking, WIDTH)
    yield "=" * WIDTH
    for fact in document.facts:
        columns = (_LABEL, WIDTH - _LABEL - 1)
        yield from beside(
            (wrap(fact.label, _LABEL), wrap(fact.text, columns[1])), columns, (False, False), " "
        )
    for warning in document.warnings:
        yield from ("", *wrap(f"! {warning}", WIDTH, indent="  "))


def _highlights(document: Document) -> Iterator[str]:
    if document.highlights:
        yield from _title(document.headings.highlights)
        yield from _items(document.highlights)


def _cards(document: Document) -> Iterator[str]:
    words = document.headings
    yield from _title(words.key_figures)
    yield from wrap(words.cards_note, WIDTH)
    yield ""
    yield from _sides([words.counted_only.upper()], [words.claimed.upper()])
    yield "-" * (_SIDE + 1) + "+" + "-" * (_SIDE + 1)
    for card in (*document.pairs, *document.claimed_only, *document.counted_only):
        left, right = _counted(card, words.nothing_counted), _claimed(card, words.nothing_claimed)
        yield from _sides(list(left), list(right))
        yield " " * (_SIDE + 1) + "|"


def _sides(left: Sequence[str], right: Sequence[str]) -> list[str]:
    return beside((left, right), (_SIDE, _SIDE), (False, False), " | ")


def _counted(card: Card, silence: str) -> Iterator[str]:
    yield from wrap(card.subject, _SIDE)
    for reading in card.counted:
        yield from _reading(reading, f"{reading.label}: ")
    if not card.counted:
        yield from _indented(silence, 2)


def _claimed(card: Card, silence: str) -> Iterator[str]:
    for reading in card.claimed:
        yield from wrap(reading.label, _SIDE)
        yield from _reading(reading, "")
    if card.more:
        yield from _indented(card.more, 2)
    if not card.claimed:
        yield from _indented(silence, 0)


def _reading(reading: Reading, label: str) -> Iterator[str]:
    change = f" ({reading.change})" if reading.change else ""
    yield from _indented(f"{label}{reading.value}{change}", 2)
    yield from _indented(f"{reading.source}, {reading.as_of}", 4)
    if reading.note:
        yield from _indented(reading.note, 4)


def _indented(text: str, spaces: int) -> list[str]:
    return [f"{' ' * spaces}{line}" for line in wrap(text, _SIDE - spaces)]


def _section(section: Section) -> Iterator[str]:
    yield from _title(section.title)
    for sentence in section.sentences:
        yield from wrap(sentence, WIDTH)
    yield from _items(section.items)
    for picture in section.pictures:
        yield from wrap(f"[{picture.alt}]", WIDTH)
    for table in section.tables:
        if table.title != section.title:
            yield from ("", *wrap(table.title, WIDTH))
        yield from _table(table)
        for note in table.notes:
            yield from wrap(f"  {note}", WIDTH, indent="  ")


def _title(title: str) -> list[str]:
    lines = wrap(title.upper(), WIDTH)
    return ["", *lines, "-" * max(width(line) for line in lines)]


def _items(items: Sequence[str]) -> Iterator[str]:
    for item in items:
        yield from wrap(f"* {item}", WIDTH, indent="  ")


def _table(table: Table) -> Iterator[str]:
    """Numbers in columns, in as many parts as the width asks for; rows of prose as paragraphs."""
    if all(column.is_number for column in table.columns[1:]):
        yield from _number_table(table)
        return
    for row in table.rows:
        labelled = (
            f"{column.label}: {cell.text}"
            for column, cell in zip(table.columns[1:], row.cells[1:], strict=True)
            if cell.text
        )
        yield from wrap(f"* {row.cells[0].text}. {'; '.join(labelled)}.", WIDTH, indent="  ")


def _number_table(table: Table) -> Iterator[str]:
    longest = max(width(text) for row in table.rows for text in (row.cells[0].text, row.cells[0].under))
    first = min(max(longest, width(table.columns[0].label)), _NAME)
    for turn, part in enumerate(_parts(table, WIDTH - first)):
        widths = [first, *(_width(table, place) for place in part)]
        rights = [False, *(True for _place in part)]
        heads = [
            wrap(table.columns[0].label, first),
            *(_head(table.columns[place], table, place) for place in part),
        ]
        tallest = max(len(head) for head in heads)
        heads = [[""] * (tallest - len(head)) + head for head in heads]
        yield ""
        yield from beside(heads, widths, rights, "  ")
        yield "-" * (sum(widths) + 2 * len(part))
        for row in table.rows:
            name = row.cells[0]
            under = wrap(name.under, first) if name.under and turn == 0 else []
            cells = [[*wrap(name.text, first), *under], *([_words(row.cells[place])] for place in part)]
            yield from beside(cells, widths, rights, "  ")


def _parts(table: Table, room: int) -> list[list[int]]:
    """Which columns stand together, as many as fit; counted and claimed ones never in one part."""
    parts: list[list[int]] = []
    used = 0
    for place in range(1, len(table.columns)):
        needed = _width(table, place) + 2
        is_same = place > 1 and table.columns[place - 1].origin in (Origin.NONE, table.columns[place].origin)
        if not parts or not is_same or used + needed > room:
            parts.append([])
            used = 0
        parts[-1].append(place)
        used += needed
    return parts


def _width(table: Table, place: int) -> int:
    longest = max((width(_words(row.cells[place])) for row in table.rows), default=0)
    word = max(width(word) for word in table.columns[place].label.split())
    return max(longest, word, 5)


def _head(column: Column, table: Table, place: int) -> list[str]:
    return wrap(column.label, _width(table, place))


def _words(cell: Cell) -> str:
    return f"{cell.text} {cell.mark}" if cell.mark else cell.text
