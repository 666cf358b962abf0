"""Files made to harm: each is refused within two seconds, from memory or a stream, and costs this process nothing."""

import copy
import io
import os
import random
import resource
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.core.exceptions import ValidationError

from intake.sources import LIMITS, Limits, open_source, shown_name
from tests.intake.files import read, refused, stream, workbook

GOOD = workbook([["Имя", "Пол"], ["Олена", "ж"]])
SHEET = "xl/worksheets/sheet1.xml"
ROOT = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
END = b"</sheetData></worksheet>"


def _with(parts: dict[str, bytes]) -> bytes:
    """A workbook in which some parts are replaced or added."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(GOOD)) as before,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            if name not in parts:
                after.writestr(name, before.read(name))
        for name, body in parts.items():
            after.writestr(name, body)
    return target.getvalue()


def _lying_about_size(data: bytes) -> bytes:
    """The archive's directory says that the sheet unpacks to 100 bytes."""
    raw = bytearray(data)
    place = raw.rindex(SHEET.encode())
    struct.pack_into("<L", raw, place - 46 + 24, 100)
    return bytes(raw)


@contextmanager
def _cheap() -> Iterator[None]:
    """Two seconds of processor time, whatever else the machine does, ours and the reader's; and none of our memory."""
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, _seconds()
    yield
    assert _seconds() - begun < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 * 1024


def _seconds() -> float:
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _rows(count: int) -> bytes:
    return ROOT + b"<row><c><v>1</v></c></row>" * count + END


def _huge_cell() -> bytes:
    cell = b'<row r="1"><c r="A1" t="inlineStr"><is><t>' + b"A" * 40_000_000 + b"</t></is></c></row>"
    return _with({SHEET: ROOT + cell + END})


def _cells_at(*places: str) -> bytes:
    rows = b"".join(
        b'<row r="%s"><c r="%s"><v>1</v></c></row>'
        % (place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ").encode(), place.encode())
        for place in places
    )
    return _with({SHEET: ROOT + rows + END})


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "two million rows in 0.3 MB": (lambda: _with({SHEET: _rows(2_000_000)}), "workbook_too_large"),
    "one cell of 40 MB": (_huge_cell, "workbook_too_large"),
    "a size that lies": (lambda: _lying_about_size(_with({SHEET: _rows(2_000_000)})), "workbook_too_large"),
    "five kilobytes that claim all rows": (lambda: _cells_at("A1", "A2", "A1048576"), "sheet_with_gap"),
    "five kilobytes that claim all cells": (lambda: _cells_at("A1", "XFD1048576"), "workbook_too_large"),
    "all columns": (lambda: _cells_at("A1", "XFD2"), "too_many_columns"),
    "entities": (
        lambda: _with({SHEET: b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa">]>' + ROOT + END}),
        "workbook_broken",
    ),
    "thousands of parts": (
        lambda: _with({f"xl/media/{n}.txt": b"" for n in range(2_500)}),
        "workbook_too_large",
    ),
    "no sheet": (lambda: _with({SHEET: b""}), "workbook_broken"),
    "broken XML": (lambda: _with({SHEET: ROOT + b"<row><c"}), "workbook_broken"),
    "cut off": (lambda: GOOD[: len(GOOD) // 2], "workbook_broken"),
    "an empty archive": (lambda: b"PK\3\4" + b"\0" * 40, "workbook_broken"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_refused_quickly_and_elsewhere(what: str) -> None:
    make, code = HOSTILE[what]
    data = make()
    with _cheap():
        assert refused(data) == code


def test_it_is_the_limits_that_refuse() -> None:
    """The control: nothing else about the file."""
    data = _with({SHEET: _rows(45_000).replace(b"<v>1</v>", b"<v>7</v>", 1)})
    assert refused(data, limits=Limits(ratio_from=1024 * 1024)) == "workbook_too_large"
    assert len(read(data).rows) == 44_999


def test_from_a_stream_too() -> None:
    data = _with({SHEET: _rows(2_000_000)})
    with _cheap(), pytest.raises(ValidationError), open_source(stream(data), "list.xlsx") as source:
        list(source.rows)


def test_overlapping_parts_are_refused() -> None:
    """One packed part under a hundred names: each is small, and all of them are the same bytes of the file."""
    target = io.BytesIO(GOOD)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/other.xml", random.Random(1).randbytes(100_000).hex())
        part = archive.getinfo("xl/other.xml")
        for number in range(100):
            again = copy.copy(part)
            again.filename = f"xl/{number:05}.xml"
            archive.filelist.append(again)
    assert refused(target.getvalue()) == "workbook_broken"


def test_memory_is_limited_by_the_operating_system() -> None:
    """The reader of the workbook dies, and we say a sentence; with more memory it lives to see what is wrong."""
    data = _cells_at("A1", "IV20500")
    assert refused(data, limits=Limits(memory_bytes=128 * 1024 * 1024)) == "workbook_too_large"
    assert refused(data) == "sheet_with_gap"


def test_time_is_limited_by_the_operating_system() -> None:
    tight = Limits(ratio=2_000, processor_seconds=1, processor_seconds_per_megabyte=0)
    data = _with({SHEET: _rows(1_090_000)})
    with _cheap():
        assert refused(data, limits=tight) == "workbook_too_large"


def test_a_reader_that_says_nothing_is_ended() -> None:
    assert refused(GOOD, limits=Limits(silent_seconds=0)) == "workbook_too_large"
    assert _children() == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"), ("C:\\lists\\Люди.xlsx", "Люди.xlsx"), ("a\nb\0.csv", "a b .csv"),
        ("..", "list"), ("", "list"),
        ("gnp\u202excod.csv", "gnp xcod.csv"), ("x" * 300 + ".csv", "x" * 146 + ".csv"),
    ],
)  # fmt: skip
def test_names_of_files_are_shown_clean(name: str, shown: str) -> None:
    assert shown_name(name) == shown


def test_the_reader_has_no_secrets_and_ends_with_us(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    with open_source(io.BytesIO(workbook([["a", "b"], *[["x", "y" * 100]] * 30_000])), "list.xlsx") as source:
        next(source.rows)
        (child,) = _children()
        with open(f"/proc/{child}/environ", "rb") as file:
            assert b"secret" not in file.read()
    assert _children() == []


def _children() -> list[int]:
    """Processes that read a workbook for us."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with (
                    open(f"/proc/{entry}/stat", "rb") as stat,
                    open(f"/proc/{entry}/cmdline", "rb") as command,
                ):
                    if (
                        int(stat.read().rsplit(b")", 1)[1].split()[1]) == os.getpid()
                        and b"intake.workbook" in command.read()
                    ):
                        found.append(int(entry))
            except (FileNotFoundError, ProcessLookupError):
                continue
    return found


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 70_000


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (OLD, "xls"),
        (OLD + "EncryptedPackage".encode("utf-16-le") + b"\0" * 500, "encrypted"),
        (b"%PDF-1.7\n", "not_a_table"),
        (b"<html><table><tr><td>a</td></tr></table></html>", "web_page"),
        (b'<?xml version="1.0"?><people/>', "not_a_table"),
        (b"\x1f\x8b\x08", "not_a_table"),
    ],
)
def test_what_is_no_table_is_refused_with_the_way_to_one(data: bytes, code: str) -> None:
    assert refused(data) == code


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        (["mimetype", "content.xml"], "ods"),
        (["xl/workbook.bin"], "xlsb"),
        (["word/document.xml"], "not_a_table"),
    ],
)
def test_other_archives_are_refused_with_the_way_to_a_table(parts: list[str], code: str) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in parts:
            archive.writestr(name, "x")
    assert refused(target.getvalue()) == code


def test_a_name_never_decides_what_a_file_is() -> None:
    assert read(GOOD, name="../../list\n.csv").format == "xlsx"
    assert read("a,b\n1,2\n", name="list.xlsx").format == "csv"
    assert refused("a,b\n1,2\n", format="exe") == "format_unknown"
    assert read("a,b\n1,2\n", format="hxl").format == "csv"
    assert LIMITS.rows >= 1_000_000
