"""Looking for a text in bytes, in every form in which programs write texts down."""

import base64
import itertools
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

#: Bytes in the hexadecimal form of a dump.
_BYTES = re.compile(rb"\\\\x([0-9a-f]{16,})")
#: A file is read in pieces that overlap, so that a canary on their border is found.
PIECE, OVERLAP = 16 << 20, 1 << 10


def forms(text: str) -> frozenset[bytes]:
    """The text as bytes: in UTF-8 and UTF-16, escaped, in hexadecimal, in base64 at any place; of numbers the digits, too."""
    texts = {text, json.dumps(text)[1:-1]}
    digits = re.sub(r"\D", "", text)
    if len(digits) >= 9:
        texts |= {digits, digits[-9:]}
    found: set[bytes] = set()
    for one in texts:
        for encoded in (one.encode(), one.encode("utf-16-le"), one.encode("utf-16-be")):
            found |= {encoded, encoded.hex().encode(), encoded.hex().upper().encode(), *_base64(encoded)}
    return frozenset(found)


def _base64(data: bytes) -> Iterator[bytes]:
    """What of the text's base64 is the same whatever stands before and behind it."""
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + data)
        first, last = -(-before * 8 // 6), (before + len(data)) * 8 // 6
        for written in (whole, whole.translate(bytes.maketrans(b"+/", b"-_"))):
            yield written[first + (before > 0) : last]


def found_in(data: bytes, canaries: Iterable[str]) -> set[str]:
    """Which of them stand in the bytes, and in what is compressed there."""
    kinds: dict[str, list[str]] = {}
    for canary in canaries:
        kinds.setdefault(canary[:2], []).append(canary)
    found: set[str] = set()
    for alike in kinds.values():
        near = b"".join(_near(b"".join((data, *_unpacked(data))), alike))
        found |= {canary for canary in alike if any(form in near for form in forms(canary))}
    return found


def _near(data: bytes, canaries: list[str]) -> Iterator[bytes]:
    """What stands around the beginning that they have in common, which is looked for much faster than all of them."""
    digits = [re.sub(r"\D", "", canary)[-9:] for canary in canaries]
    cores = forms(_beginning(canaries)) | forms(_beginning(digits))
    # Files of a database are full of zeros: what began with one would be looked for at each of them.
    for core in {core.strip(b"\0") for core in cores} - {b""}:
        at = data.find(core)
        while at >= 0:
            yield data[max(at - 100, 0) : at + 300] + b"\n\n"
            at = data.find(core, at + 1)


def _beginning(texts: list[str]) -> str:
    """What all of them begin with."""
    places = zip(min(texts), max(texts), strict=False)
    return "".join(one for one, other in itertools.takewhile(lambda pair: pair[0] == pair[1], places))


def _unpacked(data: bytes) -> Iterator[bytes]:
    for match in _BYTES.finditer(data):
        try:
            yield zlib.decompress(bytes.fromhex(match.group(1).decode()))
        except (zlib.error, ValueError):
            continue


def found_below(folder: Path, canaries: Iterable[str]) -> tuple[set[str], int]:
    """Which of them stand in files and names of files below a folder, and how many bytes were read."""
    found: set[str] = set()
    size, canaries = 0, list(canaries)
    for path in folder.rglob("*"):
        found |= found_in(str(path).encode(), canaries)
        if path.is_file():
            for piece in _pieces(path):
                size += len(piece)
                found |= found_in(piece, canaries)
    return found, size


def _pieces(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            rest = b""
            while piece := file.read(PIECE):
                yield rest + piece
                rest = piece[-OVERLAP:]
    except FileNotFoundError:  # a server removed it meanwhile
        return
