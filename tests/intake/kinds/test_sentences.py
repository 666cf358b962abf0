"""Whatever is found about a row is said in a sentence."""

import re
from pathlib import Path

import intake.kinds
from intake.findings import sentence
from intake.kinds.registry import KINDS
from intake.values.words import VOCABULARIES

#: How the modules of kinds name a code: as what is found of a column, set-wise or of a row by itself.
_FOUND = re.compile(
    r'(?:refuse|warn)\(\s*"([a-z_]+)",\s*["_a-z]|row\.(?:refuse|warn)\("[a-z_]*", "([a-z_]+)"\)'
    r'|append\(\("[a-z_]+", "([a-z_]+)"\)'
)


def test_every_code_of_a_kind_has_a_sentence() -> None:
    folder = Path(intake.kinds.__path__[0])
    texts = [path.read_text(encoding="utf-8") for path in folder.glob("*.py")]
    rows = {code for text in texts for found in _FOUND.findall(text) for code in found if code}
    named = rows - {name for name in rows if re.fullmatch(r"number|region|value|cover|until|said_at", name)}
    assert {"unknown_person", "over_capacity", "people_range", "says_otherwise"} <= named
    assert [code for code in sorted(named) if sentence(code) == sentence("no such code")] == []


def test_every_word_that_is_not_in_a_list_has_a_sentence() -> None:
    readers = {field.read for kind in KINDS.values() for field in kind.fields}
    tables = {getattr(read, "__name__", "").removeprefix("read_") for read in readers} & set(VOCABULARIES)
    assert {"cover", "outcome", "claim_unit"} <= tables
    assert [table for table in sorted(tables) if sentence(f"{table}_word") == sentence("no such code")] == []
