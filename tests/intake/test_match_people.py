"""`manage.py match_people`: lists of partners side by side, nothing imported."""

import csv
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

LEFT = """Код;Фамилия;Имя;Дата рождения
A-1;Ковальчук;Олена;17.05.1984
A-2;Бойко;Микола;03.02.1961
A-3;Мельник;Ірина;09.09.1975
"""
RIGHT = """ref,surname,first name,dob
x,Kovalchuk,Olena,1984-05-17
y,Petrenko,Ivan,1990-01-07
"""


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    (tmp_path / "a.csv").write_text(LEFT, encoding="utf-8")
    (tmp_path / "b.csv").write_text(RIGHT, encoding="utf-8")
    return tmp_path


def _pairs(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_headings_are_guessed_in_two_languages(lists: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = lists / "pairs.csv"
    call_command("match_people", lists / "a.csv", lists / "b.csv", out=out, threshold=0.2)
    header, (left, right, probability) = _pairs(out)
    assert header == ["left_id", "right_id", "probability"]
    assert (left, right) == ("A-1", "x")
    assert 0.2 <= float(probability) <= 1
    assert "3 / 2 rows compared by given, family, born: 1 pairs." in capsys.readouterr().out


def test_columns_can_be_named_and_rows_without_an_id_go_by_their_number(lists: Path) -> None:
    out = lists / "pairs.csv"
    columns = "given=Имя|first name,family=Фамилия|surname,born=Дата рождения|dob"
    call_command("match_people", lists / "a.csv", lists / "b.csv", out=out, columns=columns, threshold=0.2)
    assert [row[:2] for row in _pairs(out)[1:]] == [["2", "2"]]


def test_doubles_within_one_list(lists: Path) -> None:
    twice = lists / "twice.csv"
    twice.write_text(LEFT + "A-9;Kovalchuk;Olena;17.05.1984\n", encoding="utf-8")
    call_command("match_people", twice, out=lists / "pairs.csv")
    assert [row[:2] for row in _pairs(lists / "pairs.csv")[1:]] == [["A-1", "A-9"]]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"columns": "given"}, "Write columns as given=Name"),
        ({"columns": "age=Имя"}, "The columns are: id, given"),
        ({"columns": "given=Vorname"}, "a.csv has no column Vorname. Its columns are: Код, Фамилия"),
        ({"columns": "id=Код"}, "No column of a.csv tells of people"),
    ],
)
def test_columns_that_are_not_there(lists: Path, options: dict[str, str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("match_people", lists / "a.csv", out=lists / "pairs.csv", **options)
    assert not (lists / "pairs.csv").exists()


def test_files_that_cannot_be_read_or_written(lists: Path) -> None:
    with pytest.raises(CommandError, match=r"There is no file nowhere.csv"):
        call_command("match_people", lists / "nowhere.csv", out=lists / "pairs.csv")
    with pytest.raises(CommandError, match=r"pairs.csv cannot be written"):
        call_command("match_people", lists / "a.csv", out=lists / "nowhere" / "pairs.csv")
    (lists / "empty.csv").write_bytes(b"")
    with pytest.raises(CommandError, match="This file is empty"):
        call_command("match_people", lists / "empty.csv", out=lists / "pairs.csv")


@pytest.mark.parametrize("threshold", ["0", "1.5", "much"])
def test_a_threshold_is_a_probability(lists: Path, threshold: str) -> None:
    with pytest.raises(CommandError, match="Give a probability above 0 and up to 1"):
        call_command("match_people", str(lists / "a.csv"), "--out", "pairs.csv", "--threshold", threshold)


def test_rows_that_cannot_be_read_are_named(lists: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (lists / "ragged.csv").write_text(RIGHT + "z,Moroz\n", encoding="utf-8")
    call_command("match_people", lists / "a.csv", lists / "ragged.csv", out=lists / "pairs.csv")
    assert "1 rows could not be read and were left out, such as: 4." in capsys.readouterr().err
