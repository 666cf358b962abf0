"""Workbooks, read by a process of their own: a hostile one costs that process, and us a sentence."""

import dataclasses
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import IO, Any

import orjson

from core.refusals import INVISIBLE
from intake.sources.beginning import Rejoined, on_disk
from intake.sources.limits import Limits
from intake.sources.sentences import refused
from intake.sources.source import Format, Options, Record, Source
from intake.sources.table import table

_ROOT = Path(__file__).resolve().parents[2]
_MEGABYTE = 1024 * 1024


@contextmanager
def _open(file: Rejoined, options: Options, limits: Limits) -> Iterator[Source]:
    """A workbook's sheet. Raises ValidationError with a code of SENTENCES."""
    with on_disk(file) as copy, _reader(copy, options, limits) as process:
        messages = _messages(process, limits)
        notices: list[str] = next(messages)["notices"]
        yield table("xlsx", _records(messages), notices, limits)


@contextmanager
def _reader(copy: IO[bytes], options: Options, limits: Limits) -> Iterator[subprocess.Popen[bytes]]:
    """The process, which ends with the context, however that ends."""
    size = os.fstat(copy.fileno()).st_size
    seconds = limits.processor_seconds + limits.processor_seconds_per_megabyte * size / _MEGABYTE
    asked = {
        "limits": dataclasses.asdict(limits),
        "sheet": options.sheet,
        "memory_bytes": limits.memory_bytes + limits.memory_per_packed_byte * size,
        "processor_seconds": int(seconds),
    }
    process = subprocess.Popen(  # noqa: S603  # our own program, and limits as its only argument
        [sys.executable, "-s", "-m", "intake.workbook", orjson.dumps(asked).decode()],
        stdin=copy,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": str(_ROOT), "LC_ALL": "C.UTF-8"},
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def _messages(process: subprocess.Popen[bytes], limits: Limits) -> Iterator[Any]:
    """What the process says, until its end. Raises ValidationError where it refuses, falls silent or dies."""
    assert process.stdout is not None
    pipe, rest = process.stdout.fileno(), b""
    while select.select([pipe], [], [], limits.silent_seconds)[0] and (piece := os.read(pipe, _MEGABYTE)):
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            message = orjson.loads(line)
            if isinstance(message, dict) and "refused" in message:
                raise refused(message["refused"])
            if isinstance(message, dict) and "end" in message:
                return
            yield message
    process.kill()
    # Killed, by us for its silence or by a limit, before it could say so; or it gave up by itself.
    raise refused("workbook_too_large" if process.wait() < 0 else "workbook_broken")


def _records(messages: Iterator[list[tuple[int, list[str], str]]]) -> Iterator[Record]:
    for number, cells, problem in chain.from_iterable(messages):
        if not "".join(cells).isprintable() and INVISIBLE.search("\n".join(cells)):
            yield Record(number, [INVISIBLE.sub("\ufffd", cell) for cell in cells], "invisible")
        else:
            yield Record(number, cells, problem)


def _recognises(head: bytes, name: str) -> bool:
    return head.startswith(b"PK\3\4")


XLSX = Format("xlsx", _recognises, _open)
