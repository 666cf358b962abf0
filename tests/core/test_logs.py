"""No log line holds what a person said or is called, also not through an exception's text."""

import json
import logging

import pytest

from core.logs import PERSONAL_FIELDS, REDACTED, formatter, redact


def line(message: object, *, error: bool = False) -> str:
    """What the handler would write."""
    info = None
    if error:
        try:
            raise ValueError("Олена Ковальчук is no number")
        except ValueError as raised:
            info = (ValueError, raised, raised.__traceback__)
    return formatter().format(logging.LogRecord("desk", logging.ERROR, "desk.py", 1, message, (), info))


@pytest.mark.parametrize("field", sorted(PERSONAL_FIELDS))
def test_personal_fields_are_redacted_by_name(field: str) -> None:
    assert redact(None, "info", {"event": "saved", field: "Олена"}) == {"event": "saved", field: REDACTED}


def test_ids_and_counts_stay() -> None:
    event = {"event": "saved", "household": "0191-7f", "people": 3}
    assert redact(None, "info", dict(event)) == event


def test_an_exception_keeps_its_kind_and_place_and_loses_its_text() -> None:
    written = json.loads(line("registration failed", error=True))
    assert written["exception"] == "ValueError"
    assert written["raised_at"].endswith(tuple("0123456789"))
    assert "Ковальчук" not in json.dumps(written, ensure_ascii=False)


def test_a_line_is_one_json_object() -> None:
    written = json.loads(line("up"))
    assert (written["event"], written["level"], written["logger"]) == ("up", "error", "desk")
