"""A workbook is an archive of XML: what it unpacks to is counted before anything parses it."""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from defusedxml.ElementTree import fromstring

from intake.workbook.marks import Marks, TooMuch

_PIECE = 1024 * 1024
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
#: Document type definitions define entities, of which a few lines can unfold to gigabytes. Workbooks have none.
_DEFINITION = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Archive:
    """The parts of a workbook, each checked and unpacked piece by piece. Raises TooMuch with the code of a refusal."""

    def __init__(self, file: BinaryIO, limits: Mapping[str, float]) -> None:
        self._file = file
        self._limits = limits
        self._unpacked = 0
        try:
            self._parts = {part.filename: part for part in self._checked(zipfile.ZipFile(file).infolist())}
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise TooMuch("workbook_broken") from error

    def _checked(self, parts: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
        names = {part.filename for part in parts}
        if "mimetype" in names and "content.xml" in names:
            raise TooMuch("ods")
        if "xl/workbook.bin" in names:
            raise TooMuch("xlsb")
        if not any(name.startswith("xl/") for name in names):
            raise TooMuch("not_a_table")
        size = self._file.seek(0, 2)
        is_odd = len(names) < len(parts) or any(
            part.flag_bits & 1 or part.compress_type not in (0, 8) for part in parts
        )
        # Parts that overlap would be unpacked again and again.
        if is_odd or sum(part.compress_size for part in parts) > size:
            raise TooMuch("workbook_broken")
        if len(parts) > self._limits["parts"]:
            raise TooMuch("workbook_too_large")
        return parts

    @property
    def has_macros(self) -> bool:
        """Whether programs are stored with it. They are never run."""
        return any(name.endswith("vbaProject.bin") for name in self._parts)

    def check(self) -> dict[str, Marks]:
        """Unpack every part that a reader would unpack, within the limits; gives what is marked in each sheet, by part."""
        marks: dict[str, Marks] = {}
        for name in self._parts:
            if name.endswith((".xml", ".rels")):
                sheet = (
                    marks.setdefault(name, Marks(self._limits["rows"]))
                    if name.startswith("xl/worksheets/")
                    else None
                )
                for piece in self._pieces(name):
                    if sheet:
                        sheet.feed(piece)
                if sheet:
                    sheet.close()
        return marks

    def part_of(self, sheet: str) -> str:
        """The part in which the sheet of this name stands, "" where none is named."""
        relations = {
            one.get("Id", ""): one.get("Target", "") for one in fromstring(b"".join(self._pieces(_RELATIONS)))
        }
        for one in fromstring(b"".join(self._pieces(_WORKBOOK))).iter():
            if one.tag.endswith("}sheet") and one.get("name") == sheet:
                target = relations.get(one.get(_RELATION, ""), "")
                return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        return ""

    def _pieces(self, name: str) -> Iterator[bytes]:
        part = self._parts.get(name)
        if part is None:
            return
        unpacked = 0
        for piece in self._unpack(part):
            if not unpacked and _DEFINITION.search(piece[:4096]):
                raise TooMuch("workbook_broken")
            unpacked += len(piece)
            self._unpacked += len(piece)
            too_dense = unpacked > max(self._limits["ratio_from"], self._limits["ratio"] * part.compress_size)
            if too_dense or self._unpacked > self._limits["unpacked_bytes"]:
                raise TooMuch("workbook_too_large")
            yield piece

    def _unpack(self, part: zipfile.ZipInfo) -> Iterator[bytes]:
        """The bytes as they are, whatever sizes the directory claims."""
        self._file.seek(part.header_offset)
        header = self._file.read(_LOCAL_HEADER.size)
        if len(header) < _LOCAL_HEADER.size or not header.startswith(b"PK\3\4"):
            raise TooMuch("workbook_broken")
        *_, name_length, extra_length = _LOCAL_HEADER.unpack(header)
        position = part.header_offset + _LOCAL_HEADER.size + name_length + extra_length
        left, inflate = part.compress_size, zlib.decompressobj(-zlib.MAX_WBITS)
        while left > 0:
            self._file.seek(position)
            packed = self._file.read(min(_PIECE, left))
            if not packed:
                raise TooMuch("workbook_broken")
            position, left = position + len(packed), left - len(packed)
            if part.compress_type == zipfile.ZIP_STORED:
                yield packed
                continue
            while packed:
                try:
                    yield inflate.decompress(packed, _PIECE)
                except zlib.error as error:
                    raise TooMuch("workbook_broken") from error
                packed = inflate.unconsumed_tail
