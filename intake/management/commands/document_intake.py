"""`manage.py document_intake`: write the reference page of files that are taken in, from what reads them."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from intake.kinds.kind import Kind
from intake.kinds.registry import KINDS
from intake.sources import LIMITS
from intake.sources import SENTENCES as OF_FILES
from intake.values import SENTENCES as OF_CELLS
from intake.values.words import NOT_SAID, VOCABULARIES

PAGE = Path(settings.BASE_DIR) / "docs" / "reference" / "intake-files.md"
_HEAD = Path(__file__).with_name("document_intake.md")


class Command(BaseCommand):
    """What is read, how much of it, under which headings, in which words, and every sentence that refuses."""

    help = "Write docs/reference/intake-files.md from the readers of files."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to write."""
        parser.add_argument("--output", type=Path, default=PAGE)

    def handle(self, *_args: Any, output: Path, **_options: Any) -> None:
        """Write the page."""
        output.write_text(page(), encoding="utf-8")
        self.stdout.write(f"{len(KINDS)} kinds of lists written to {output.name}.")


def page() -> str:
    """The whole page, in English."""
    with translation.override("en"):
        return "\n".join([*_limits(), *_headings(), *_words(), *_sentences()]) + "\n"


def _limits() -> Iterator[str]:
    megabyte = 1024 * 1024
    limits = [
        ("file", f"{LIMITS.file_bytes // megabyte} MB"),
        ("rows", f"{LIMITS.rows:,}"),
        ("columns", f"{LIMITS.columns}"),
        ("characters in a cell", f"{LIMITS.cell_characters:,}"),
        ("header or hashtags stand within the first rows", f"{LIMITS.head_rows}"),
        ("characters in a line of a text file", f"{LIMITS.line_characters:,}"),
        ("lines within one quoted cell", f"{LIMITS.quoted_lines}"),
        ("unpacked workbook", f"{LIMITS.unpacked_bytes // megabyte:,} MB"),
        ("unpacked to packed bytes of one part", f"{LIMITS.ratio} to 1"),
        ("empty rows above something that still stands", f"{LIMITS.empty_rows:,}"),
        (
            "processor time for a workbook",
            f"{LIMITS.processor_seconds} s + {LIMITS.processor_seconds_per_megabyte} s a packed MB",
        ),
        (
            "memory for a workbook",
            f"{LIMITS.memory_bytes // megabyte} MB + {LIMITS.memory_per_packed_byte} MB a packed MB",
        ),
    ]
    yield _HEAD.read_text(encoding="utf-8")
    yield from _table(("limit", "most"), limits)


def _headings() -> Iterator[str]:
    yield "\n## Headings\n"
    yield "Case, declension, punctuation and abbreviation make no difference. HXL tags may carry more attributes than these."
    for kind in KINDS.values():
        yield from _kind(kind)


def _kind(kind: Kind) -> Iterator[str]:
    yield f"\n### {kind.label}\n"
    rows = [
        (
            f"`{field.name}`{' (needed)' if field.is_required else ''}",
            ", ".join(field.words),
            " ".join(field.tags),
        )
        for field in kind.fields
    ]
    yield from _table(("field", "headings", "HXL tags"), rows)


def _words() -> Iterator[str]:
    yield "\n## Words\n"
    yield "A code means itself; so do its labels on the desk. Everything else is refused and not guessed."
    for name, meaning in VOCABULARIES.items():
        if name not in NOT_SAID:
            said: dict[str, list[str]] = {}
            for word, code in meaning.items():
                said.setdefault(code, []).append(word)
            yield f"\n### {name.replace('_', ' ')}\n"
            yield from _table(
                ("code", "words"), ((f"`{code}`", ", ".join(words)) for code, words in said.items())
            )


def _sentences() -> Iterator[str]:
    for title, sentences in (("Files and rows", OF_FILES), ("Cells", OF_CELLS)):
        yield f"\n## {title}: codes and sentences\n"
        yield from _table(("code", "sentence"), _said(sentences))


def _said(sentences: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for code, sentence in sentences.items():
        yield f"`{code}`", str(sentence)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
