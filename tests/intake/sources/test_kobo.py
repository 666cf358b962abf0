"""Kobo's and ODK's exports as files."""

import json
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from intake.sources import open_source
from intake.sources.limits import LIMITS, Limits
from tests.intake.sources.test_pfif import HEAD

ONE = {"_id": 1, "_uuid": "a", "hh/phone": "1", "people": [{"people/given_name": "Анна"}]}


def _rows(raw: bytes, limits: Limits = LIMITS) -> list[tuple[str, ...]]:
    with open_source(BytesIO(raw), "export.json", limits=limits) as source:
        assert source.format == "kobo"
        return [row.values for row in source.rows]


@pytest.mark.parametrize(
    "shape", [[ONE], {"count": 1, "next": None, "results": [ONE]}, ONE, {"value": [ONE]}]
)
def test_submissions_are_found_in_what_the_servers_answer(shape: Any) -> None:
    assert _rows(json.dumps(shape, ensure_ascii=False).encode()) == [("a", "", "1", "Анна")]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"[]", "header_only"),
        (b'{"results": []}', "header_only"),
        (b'[{"a": 1}, 2]', "not_submissions"),
        (b'{"results": [1]}', "not_submissions"),
        (b'[{"a": 1, "a": 2}]', "json_broken"),
        (b'[{"a": NaN}]', "json_broken"),
        (b'[{"a": ' + b"[" * 60 + b"]" * 60 + b"}]", "json_broken"),
        (b'[{"a": ' + b"[" * 100_000, "json_broken"),
        (b'[{"a": "\xff"}]', "json_broken"),
        (b'[{"a": 1}', "json_broken"),
    ],
)
def test_what_is_no_export_is_refused(raw: bytes, code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        _rows(raw)
    assert [error.code for error in refusal.value.error_dict["file"]] == [code]


def test_an_export_that_is_too_large_is_refused() -> None:
    with pytest.raises(ValidationError) as refusal:
        _rows(json.dumps([ONE] * 50).encode(), Limits(json_bytes=1_000))
    assert [error.code for error in refusal.value.error_dict["file"]] == ["file_too_large"]


def test_pfif_is_known_by_what_it_is() -> None:
    with open_source(BytesIO((HEAD + "</pfif:pfif>").encode()), "people.txt") as source:
        assert source.format == "pfif"
