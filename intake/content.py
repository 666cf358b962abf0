"""The bytes of a list, kept in the database in sealed parts, so that any worker on any machine reads the same file."""

import hashlib
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO
from uuid import UUID

from core.encryption import Place, decrypt_bytes, encrypt_bytes
from intake.models import Batch, BatchPart

#: Bytes of one part: small beside the memory of a worker.
PART = 1 << 20


def keep(batch: Batch, file: BinaryIO) -> tuple[str, int]:
    """Write the file's bytes beside the batch; answers their SHA-256 in hexadecimal and how many they are.

    Memory stays at one part. One query for each megabyte.
    """
    digest, size, number = hashlib.sha256(), 0, 0
    while data := file.read(PART):
        digest.update(data)
        size += len(data)
        number += 1
        # Lists shrink to a fifth; the database would try the same, at three times the cost.
        sealed = encrypt_bytes(zlib.compress(data, 1), place_of(batch.pk, number))
        BatchPart.objects.create(batch=batch, number=number, data=sealed)
    return digest.hexdigest(), size


@contextmanager
def opened(batch: Batch) -> Iterator[BinaryIO]:
    """The file as it was sent, for reading: a nameless temporary file that is gone with the block. One query a megabyte."""
    with tempfile.TemporaryFile() as file:
        number = 1
        while (
            part := BatchPart.objects.filter(batch=batch, number=number)
            .values_list("data", flat=True)
            .first()
        ):
            file.write(zlib.decompress(decrypt_bytes(bytes(part), place_of(batch.pk, number))))
            number += 1
        file.seek(0)
        yield file


def place_of(batch: UUID, number: int) -> Place:
    """Where a part of the file lies."""
    return Place("intake_batchpart", f"{batch}:{number}", "data")
