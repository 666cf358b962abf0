"""The beginning of a file, by which it is known what it is, and the whole of it again from there."""

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO

from intake.sources.limits import Limits
from intake.sources.sentences import refused

#: As much as is looked at before anything is decided.
HEAD_BYTES = 65_536


class Rejoined(io.RawIOBase):
    """A file whose first bytes were looked at already, read from its beginning, and refused when it turns out too large."""

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        self.head = _read_head(file)
        self._file = file
        self._rest = memoryview(self.head)
        self._left = limits.file_bytes

    def readable(self) -> bool:
        """It is for reading only."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # the stub's buffer has no length
        """The next bytes. Raises ValidationError beyond the limit."""
        if self._rest:
            taken = min(len(buffer), len(self._rest))
            buffer[:taken], self._rest = self._rest[:taken], self._rest[taken:]
        else:
            read = self._file.read(len(buffer))
            taken = len(read)
            buffer[:taken] = read
        self._left -= taken
        if self._left < 0:
            raise refused("file_too_large")
        return taken


def _read_head(file: BinaryIO) -> bytes:
    head = b""
    while len(head) < HEAD_BYTES and (more := file.read(HEAD_BYTES - len(head))):
        head += more
    return head


@contextmanager
def on_disk(file: Rejoined) -> Iterator[IO[bytes]]:
    """The whole file as one without a name that can be read at any place; it is gone when the context ends."""
    with tempfile.TemporaryFile(prefix="musterpoint-") as copy:
        while piece := file.read(HEAD_BYTES):
            copy.write(piece)
        copy.flush()
        copy.seek(0)
        yield copy
