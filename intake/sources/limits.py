"""How much of a file is read before it is refused."""

from dataclasses import dataclass

_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What a list may cost us. A register of a million people passes; whatever is larger is sent in parts.

    Memory and processor time of the process that reads a workbook grow with the packed bytes that somebody took the trouble
    to send, so that a small file is refused within two seconds whatever it claims to hold.
    """

    file_bytes: int = 256 * _MEGABYTE
    unpacked_bytes: int = 2_048 * _MEGABYTE
    #: Unpacked to packed bytes, once more than `ratio_from` bytes are unpacked. Lists of people come to 5 to 15.
    ratio: int = 60
    ratio_from: int = 4 * _MEGABYTE
    #: Parts in a workbook's archive.
    parts: int = 2_000
    rows: int = 1_100_000
    columns: int = 300
    #: Empty rows in one run, after which something still stands.
    empty_rows: int = 20_000
    #: What one cell of a spreadsheet can hold.
    cell_characters: int = 32_767
    #: A line of a text file.
    line_characters: int = 200_000
    #: Lines that one quoted cell of a text file may span, and rows with an unclosed quote until the file is given up.
    quoted_lines: int = 60
    unclosed_quotes: int = 200
    #: Rows from the top within which the header (or the row of hashtags) stands.
    head_rows: int = 25
    memory_bytes: int = 384 * _MEGABYTE
    memory_per_packed_byte: int = 24
    processor_seconds: int = 2
    processor_seconds_per_megabyte: float = 1.0
    #: How long that process may say nothing.
    silent_seconds: int = 60


LIMITS = Limits()
