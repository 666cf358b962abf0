"""Letters: certain, declared, or refused; never guessed, since a wrong guess spoils every name."""

import pytest

from tests.intake.files import read, refused

TEXT = "Фамилия,Имя\nКовальчук,Олена\nЩербина,Їжак\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_utf8_is_read_with_and_without_mark(encoding: str) -> None:
    found = read(TEXT.encode(encoding))
    assert found.names == ["Фамилия", "Имя"]
    assert found.notices == []


def test_utf16_is_read_by_its_mark_with_a_notice() -> None:
    found = read(TEXT.replace(",", "\t").encode("utf-16"))
    assert found.values[1] == ("Щербина", "Їжак")
    assert found.notices == ["read_as_utf16"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32", "cp1251", "koi8-u", "cp866"])
def test_what_is_not_certain_is_refused(encoding: str) -> None:
    letters = TEXT.replace("Їжак", "Ежик") if encoding == "cp866" else TEXT
    assert refused(letters.encode(encoding)) == "not_utf8"


def test_one_foreign_letter_is_enough() -> None:
    assert refused("Name,Place\nJosé,Kursk\n".encode("latin-1")) == "not_utf8"


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-u", "utf-16-le"])
def test_a_declared_encoding_is_read_with_a_notice(encoding: str) -> None:
    found = read(TEXT.encode(encoding), encoding=encoding)
    assert found.values[1] == ("Щербина", "Їжак")
    assert found.notices == ["encoding_declared"]


@pytest.mark.parametrize("encoding", ["rot13", "utf-7", "no such", "base64", "idna", "\0"])
def test_only_encodings_of_letters_may_be_declared(encoding: str) -> None:
    assert refused(TEXT, encoding=encoding) == "encoding_unknown"


def test_damage_within_utf8_refuses_its_row_only() -> None:
    raw = (TEXT * 20).encode()
    where = raw.index("Щербина".encode(), 600)
    found = read(raw[:where] + b"\xd0\xff" + raw[where + 2 :])
    assert list(found.problems.values()) == ["broken_text"]


def test_another_encoding_far_below_the_head_spoils_no_name() -> None:
    found = read(b"Name,Place\n" + b"Anna,Kursk\n" * 10_000 + "Анна,Курск\n".encode("cp1251") * 3)
    assert set(found.problems.values()) == {"broken_text"}
    assert len(found.problems) == 3
