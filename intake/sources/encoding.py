"""From bytes to letters. A wrong guess spoils every name, so what is not certain is refused, with the way out."""

import codecs
import io
import re

from intake.sources.beginning import HEAD_BYTES, Rejoined
from intake.sources.sentences import refused

#: What a person may declare: encodings in which lists of this region are saved.
DECLARABLE = frozenset(
    [
        "utf-8",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "cp1251",
        "cp1252",
        "cp866",
        "koi8-r",
        "koi8-u",
        "mac-cyrillic",
    ]
)
#: One broken letter among this many whole ones is damage to a file in UTF-8; more is another encoding.
_WHOLE_TO_BROKEN = 20
_BROKEN, _WHOLE = re.compile("[\udc80-\udcff]"), re.compile("[^\x00-\x7f\udc80-\udcff]")
#: Bytes that no text holds.
_CONTROLS = bytes({*range(32), 127} - set(b"\t\n\r\f\v"))


def letters(file: Rejoined, declared: str, notices: list[str]) -> io.TextIOWrapper:
    """The file as text, line ends untouched; letters that are no letters become U+FFFD. Raises ValidationError."""
    encoding = _declared(declared, notices) if declared else _detected(file.head, notices)
    return io.TextIOWrapper(
        io.BufferedReader(file, HEAD_BYTES), encoding=encoding, errors="replace", newline=""
    )


def _declared(name: str, notices: list[str]) -> str:
    try:
        encoding = codecs.lookup(name).name
    except (LookupError, ValueError) as error:
        raise refused("encoding_unknown") from error
    if encoding not in DECLARABLE:
        raise refused("encoding_unknown")
    notices.append("encoding_declared")
    return "utf-8-sig" if encoding == "utf-8" else encoding


def _detected(head: bytes, notices: list[str]) -> str:
    """Certain are: a byte order mark, and bytes that are letters in UTF-8, which those of other encodings hardly ever are."""
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise refused("not_utf8")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        notices.append("read_as_utf16")
        return "utf-16"
    if 5 * (len(head) - len(head.translate(None, _CONTROLS))) > len(head):
        # UTF-16 without its mark, or no text at all.
        raise refused("not_utf8")
    text = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode(head)
    broken = len(_BROKEN.findall(text))
    if broken and len(_WHOLE.findall(text)) < broken * _WHOLE_TO_BROKEN:
        raise refused("not_utf8")
    return "utf-8-sig"
