"""A ledger's file: a JSON object on each line, added and never changed, so that it outlives the database beside it."""

import json
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

Entry = TypeVar("Entry")


def line_of(told: dict[str, Any]) -> str:
    """As it stands in the file: ids as text, moments in ISO 8601."""
    return json.dumps(told, default=_plain) + "\n"


def read_lines(file: Path, read: Callable[[str], Entry]) -> tuple[tuple[Entry, ...], tuple[int, ...]]:
    """The entries in their order, and the numbers of lines that are none, from 1; neither where there is no file yet.

    `read` raises ValueError, KeyError, TypeError or AttributeError for a line that is none. One that was cut off and written
    whole after it, as by a full disk, is no loss and not among these.
    """
    if not file.exists():
        return (), ()
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    found, damaged = [], {}
    for number, line in enumerate(lines, start=1):
        try:
            found.append(read(line))
        except (ValueError, KeyError, TypeError, AttributeError):
            damaged[number] = line
    lost = (n for n, cut in damaged.items() if not any(whole.startswith(cut) for whole in lines[n:]))
    return tuple(found), tuple(lost)


def append(file: Path, text: str) -> None:
    """After a line that was cut off, as by a full disk, on a line of its own."""
    descriptor = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        is_cut = size and os.pread(descriptor, 1, size - 1) != b"\n"
        os.write(descriptor, (("\n" if is_cut else "") + text).encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
