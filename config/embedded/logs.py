"""Log files of children: one per program, one former kept."""

from pathlib import Path
from typing import BinaryIO

from config.embedded.directory import writing

LARGEST_LOG = 10 * 1024 * 1024


def open_log(path: Path) -> BinaryIO:
    """The log to append to; a new one begins when the present one has grown large."""
    with writing(path):
        if path.exists() and path.stat().st_size > LARGEST_LOG:
            path.rename(path.with_suffix(".log.1"))
        return path.open("ab")
