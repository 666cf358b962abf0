"""Text files with delimiters, as they come: with every delimiter, quotes that nobody closed, rows too short."""

from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from intake.sources import LIMITS, Limits, SourceRow, open_source
from tests.intake.files import csv_bytes, read, refused, stream

ROWS = [["Фамилия", "Имя", "Пол"], ["Ковальчук", "Олена", "ж"], ["O'Brien", "Шолом, второй", ""]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("declared", [True, False])
def test_any_delimiter_is_declared_or_found(delimiter: str, declared: bool) -> None:
    found = read(csv_bytes(ROWS, delimiter), delimiter=delimiter if declared else "")
    assert found.names == ROWS[0]
    assert found.values == [tuple(row) for row in ROWS[1:]]
    assert found.format == "csv"


def test_decimal_commas_are_no_delimiters() -> None:
    assert read("Дом;Метры\nА;1,5\nБ;2,5\n").names == ["Дом", "Метры"]


def test_a_declared_delimiter_is_one_of_four() -> None:
    assert refused("a:b\n1:2\n", delimiter=":") == "delimiter_unknown"


def test_a_first_line_may_name_the_delimiter() -> None:
    found = read("sep=|\r\na|b;c\r\n1|2\r\n")
    assert found.names == ["a", "b;c"]
    assert found.rows == [SourceRow(3, ("1", "2"))]


def test_a_file_with_one_column_is_a_table() -> None:
    assert read("Фамилия\nКовальчук\n").values == [("Ковальчук",)]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_rows_are_numbered_as_lines_are(ends: str) -> None:
    found = read(ends.join(["a,b", "", '1,"two', 'lines"', ",", "3,4"]))
    assert [row.number for row in found.rows] == [3, 6]
    assert found.rows[0].values == ("1", f"two{ends}lines")


def test_an_unclosed_quote_swallows_no_other_row() -> None:
    found = read('a,b,c\n1,"x\n2,y,z\n3,q,w\n4,"t",u\n5,v,w\n')
    assert found.problems == {2: "quotes"}
    assert [row.values[0] for row in found.rows if not row.problem] == ["2", "3", "4", "5"]


def test_an_unclosed_quote_in_the_last_row_is_found() -> None:
    assert read('a,b\n1,2\n3,"x\n').problems == {3: "quotes"}


def test_an_unclosed_quote_does_not_swallow_a_long_file() -> None:
    found = read("a,b\n" + '1,"x\n' + "2,y\n" * 5_000)
    assert found.problems == {2: "quotes"}
    assert len(found.values) == 5_000
    assert found.rows[-1].number == 5_002


def test_a_quoted_cell_spans_no_more_lines_than_a_cell_does() -> None:
    assert read('a,b\n1,"' + "x\n" * 50 + '"\n2,y\n').problems == {}
    found = read('a,b\n1,"' + "x\n" * 70 + '"\n2,y\n')
    assert found.problems[2] == "quotes"
    assert found.values == [("2", "y")]


def test_a_file_full_of_unclosed_quotes_is_given_up() -> None:
    assert refused("a,b\n" + '1,"x,\n' * 1_001) == "quotes_everywhere"


def test_a_quote_inside_a_cell_is_a_letter() -> None:
    assert read('a,b\n1,Anna "Anya" K\n').values == [("1", 'Anna "Anya" K')]


def test_ragged_rows_are_refused_one_by_one() -> None:
    found = read("a,b,c\n1,2\n1,2,3\n1,2,3,4\n1,2,3,,\n")
    assert found.problems == {2: "ragged", 4: "ragged"}
    assert found.values == [("1", "2", "3"), ("1", "2", "3")]


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("a\0b", "invisible"),
        ("abc\u202egnp", "invisible"),
        ("\u2066x", "invisible"),
        ("a\ufffdb", "broken_text"),
    ],
)
def test_what_nobody_can_see_refuses_its_row(cell: str, problem: str) -> None:
    found = read(f"a,b\n1,2\n{cell},3\n4,5\n")
    assert found.problems == {3: problem}
    assert len(found.values) == 2
    assert all("\0" not in value and "\u202e" not in value for row in found.rows for value in row.values)


def test_what_looks_like_a_formula_is_text() -> None:
    assert read('a,b\n"=HYPERLINK(""x"")",+1\n').values == [('=HYPERLINK("x")', "+1")]


@pytest.mark.parametrize("empty", ["", "\n\n\n", "\ufeff", ";;;\n;;\n", "   \n"])
def test_an_empty_file_is_refused(empty: str) -> None:
    assert refused(empty) == "file_empty"


@pytest.mark.parametrize("header", ["a,b\n", "a,b", "a,b\n,\n\n"])
def test_a_header_alone_is_refused(header: str) -> None:
    assert refused(header) == "header_only"


def test_limits_refuse() -> None:
    assert refused("a,b\n" + "1,2\n" * 30, limits=Limits(rows=29)) == "too_many_rows"
    assert (
        refused(",".join("abcdef") + "\n" + ",".join("123456"), limits=Limits(columns=5))
        == "too_many_columns"
    )
    assert refused("a,b\n" + "1,2\n" * 40_000, limits=Limits(file_bytes=100_000)) == "file_too_large"


def test_a_line_without_end_costs_no_memory_and_one_row() -> None:
    found = read("a,b\n1," + "x" * 500_000 + "\n2,y\n")
    assert found.problems == {2: "line_too_long"}
    assert found.values == [("2", "y")]
    assert read("a,b\n1," + "x" * 40_000 + "\n2,y\n").problems == {2: "cell_too_long"}


def test_a_stream_that_comes_once_is_read() -> None:
    data = csv_bytes([ROWS[0], *([ROWS[1]] * 5_000)])
    with open_source(stream(data), "list.csv", limits=LIMITS) as source:
        assert sum(1 for _ in source.rows) == 5_000


CELL = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"], exclude_characters="\ufffd"), max_size=12
)


@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=8), st.sampled_from(",;\t|"))
def test_no_cell_is_altered(rows: list[tuple[str, str, str]], delimiter: str) -> None:
    header = ("Фамилия", "Имя", "Пол")
    marked = [(f"row {number}", second, third) for number, (_, second, third) in enumerate(rows)]
    found = read(csv_bytes([header, *marked], delimiter), delimiter=delimiter)
    assert found.values == marked


@given(
    st.lists(
        st.sampled_from(
            [b"a", b",", b'"', b"\n", b"\r", b";", b"\0", b"\xd0\x96", b"\xff", b"#adm1", b" ", b"7"]
        ),
        max_size=60,
    )
)
def test_whatever_comes_is_read_or_refused(pieces: list[bytes]) -> None:
    """With a sentence: any other error passes through here."""
    found = None
    with suppress(ValidationError):
        found = read(b"".join(pieces))
    if found:
        assert len(set(found.names)) == len(found.names)
        assert all(
            "\0" not in value
            for values in [found.names, *(row.values for row in found.rows)]
            for value in values
        )
        assert {len(values) for values in found.values} <= {len(found.names)}
