"""The catalogues as they lie in the repository, and the texts of the code that they must hold, both read without gettext."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from gettext import GNUTranslations
from pathlib import Path

from django.conf import settings
from django.utils.translation.template import templatize

from config.management.commands.collect_messages import texts_in

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE)
#: How a text is marked in the code: the places of its context (or None), the text, and the text for many (or None).
MARKS = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "ngettext": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
}
_KEYWORD = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[(\d)\])?) (".*")')
_IN_TEMPLATE = re.compile(r"""\b(?:_|gettext)\((u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))\)""")


@dataclass
class Entry:
    """A text with its translations: one, or one for each plural form."""

    context: str = ""
    text: str = ""
    plural: str = ""
    said: list[str] = field(default_factory=list)
    is_fuzzy: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """What gettext looks it up by."""
        return (self.context, self.text, self.plural)


def entries(language: str) -> list[Entry]:
    """Everything in the written catalogue but its header."""
    found = [_entry(block) for block in _file(language, "po").read_text("utf-8").split("\n\n")]
    return [entry for entry in found if entry is not None and entry.text]


def _entry(block: str) -> Entry | None:
    entry, parts = Entry(), {"msgctxt": "", "msgid": "", "msgid_plural": ""}
    last = ""
    for line in block.splitlines():
        if line.startswith("#"):
            entry.is_fuzzy |= line.startswith("#,") and "fuzzy" in line
        elif found := _KEYWORD.fullmatch(line):
            last = found[1]
            parts[last] = ast.literal_eval(found[3])
        elif line:
            parts[last] += ast.literal_eval(line)
    entry.context, entry.text, entry.plural = parts["msgctxt"], parts["msgid"], parts["msgid_plural"]
    entry.said = [said for name, said in parts.items() if name.startswith("msgstr")]
    return entry if last else None


def compiled(language: str) -> GNUTranslations:
    """The catalogue that programs read."""
    with _file(language, "mo").open("rb") as file:
        return GNUTranslations(file)


def _file(language: str, suffix: str) -> Path:
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / f"django.{suffix}"


def texts_of_code() -> set[tuple[str, str, str]]:
    """Every text that the code of reports marks, as gettext looks it up."""
    return {key for file in texts_in(Path(settings.BASE_DIR)) for key in _texts(file)}


def _texts(file: Path) -> Iterator[tuple[str, str, str]]:
    source = file.read_text("utf-8")
    if file.suffix == ".html":
        for found in _IN_TEMPLATE.finditer(templatize(source)):
            yield ("", ast.literal_eval(found[1]), "")
        return
    for call in ast.walk(ast.parse(source)):
        name = getattr(call.func, "id", "") if isinstance(call, ast.Call) else ""
        if isinstance(call, ast.Call) and name in MARKS:
            yield tuple("" if place is None else _said(call, place) for place in MARKS[name])  # type: ignore[misc]


def _said(call: ast.Call, place: int) -> str:
    """The text at this place of the call; a text that is put together there cannot be translated."""
    text = ast.literal_eval(call.args[place])
    assert isinstance(text, str)
    return text
