"""No log line holds what a person said or is called, also not through an exception's text."""

import json
import logging

import pytest
from celery import Celery
from celery.app.trace import build_tracer

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


NAME = "Ковальчук"


def test_what_celery_says_of_a_task_that_failed_quotes_no_exception(caplog: pytest.LogCaptureFixture) -> None:
    """It writes what was raised into the words of the line, where nothing of it is an exception's any more."""

    def failing(edition: str) -> None:
        raise ValueError(f"Key (family_name)=({NAME}) already exists.")

    app = Celery("logs", set_as_current=False)
    task = app.task(shared=False)(failing)
    build_tracer(task.name, task, app=app)("an-id", ["0191-7f"], {}, {"id": "an-id", "hostname": "here"})
    record = next(each for each in caplog.records if each.name == "celery.app.trace")
    assert NAME in record.getMessage()  # what any other formatter would write
    written = json.loads(formatter().format(record))
    assert NAME not in json.dumps(written, ensure_ascii=False)
    assert written["event"].startswith(f"Task {task.name}[an-id] raised unexpected")
    assert written["exception"] == "ValueError"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("not sent: %s", (ValueError(NAME),)),
        ("not sent: %r after %d tries", (ValueError(NAME), 3)),
        ("not sent: %(exc)s", ({"exc": repr(ValueError(NAME))},)),
    ],
)
def test_an_exception_among_the_words_of_a_line_leaves_its_kind(words: str, told: tuple[object, ...]) -> None:
    record = logging.LogRecord("desk", logging.ERROR, "desk.py", 1, words, told, None)
    assert NAME in record.getMessage()
    written = json.loads(formatter().format(record))
    assert written["event"].startswith("not sent: ")
    assert NAME not in json.dumps(written, ensure_ascii=False)


def test_an_exception_that_was_written_into_the_words_beforehand_is_found_in_them() -> None:
    error = ValueError(NAME)
    for text in (str(error), repr(error)):
        record = logging.LogRecord(
            "desk", logging.ERROR, "desk.py", 1, f"failed: {text}", (), (ValueError, error, None)
        )
        assert json.loads(formatter().format(record))["event"] == "failed: ValueError"


def test_a_line_that_cannot_be_put_together_shows_no_values(capfd: pytest.CaptureFixture[str]) -> None:
    """Python prints the words and the values of such a line beside its own error."""
    told, bare = logging.StreamHandler(), logging.StreamHandler()
    told.setFormatter(formatter())
    record = logging.LogRecord("desk", logging.ERROR, "desk.py", 7, "given up after %d tries", (NAME,), None)
    told.handle(record)
    line = json.loads(capfd.readouterr().err)
    assert line["event"] == "A line could not be put together, desk.py:7"
    assert line["exception"] == "TypeError"
    bare.handle(record)
    assert NAME in capfd.readouterr().err, "the control"
