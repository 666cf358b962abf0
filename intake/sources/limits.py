"""How much of a file is read before it is refused."""

from dataclasses import dataclass

_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What a list may cost us. A list of a million people passes; whatever is larger is sent in parts.

    Memory and processor time of the process that reads a workbook grow with the packed bytes that somebody took the trouble
    to send, so that a small file is refused within two seconds whatever it claims to hold.
    """

    file_bytes: int = 256 * _MEGABYTE
    rows: int = 1_100_000
    columns: int = 300
    #: What one cell of a spreadsheet can hold.
    cell_characters: int = 32_767
    #: Rows from the top within which the header, or the row of hashtags, stands (HXL 1.1: the first 25).
    head_rows: int = 25
    #: Of a text file: its longest line, lines within one quoted cell, and rows with misplaced quotes until it is given up.
    line_characters: int = 100_000
    quoted_lines: int = 60
    misplaced_quotes: int = 200
    #: Of a workbook: parts in its archive, bytes unpacked, and unpacked to packed bytes once `ratio_from` are unpacked.
    #: Lists of people come to a ratio of 5 to 18.
    parts: int = 2_000
    #: Submissions are read whole: some 40,000 households.
    json_bytes: int = 32 * _MEGABYTE
    unpacked_bytes: int = 2_048 * _MEGABYTE
    ratio: int = 60
    ratio_from: int = 4 * _MEGABYTE
    #: Empty rows in one run, after which something still stands.
    empty_rows: int = 20_000
    memory_bytes: int = 384 * _MEGABYTE
    memory_per_packed_byte: int = 24
    #: Starting Python alone takes half a second of a busy machine.
    processor_seconds: int = 3
    processor_seconds_per_megabyte: float = 1.5
    #: How long the process that reads the workbook may say nothing.
    silent_seconds: int = 120


LIMITS = Limits()
