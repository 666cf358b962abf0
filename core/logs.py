"""Log lines as JSON, without personal data: fields that may hold it are dropped by name."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

REDACTED = "[redacted]"
#: Fields of a log event that may carry what a person said or is called.
PERSONAL_FIELDS = frozenset(
    {
        "name",
        "given_name",
        "patronymic",
        "family_name",
        "phone",
        "number",
        "document_number",
        "email",
        "address",
        "birth_date",
        "body",
        "data",
    }
)


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace the values of personal fields; exceptions keep their type only, since their text quotes values."""
    for field in PERSONAL_FIELDS & event.keys():
        event[field] = REDACTED
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()
    if isinstance(error, tuple) and error[0] is not None:
        event["exception"] = error[0].__name__
        event["raised_at"] = _raised_at(error[2])
    return event


def _raised_at(traceback: Any) -> str:
    """File and line where the error was raised."""
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    if traceback is None:
        return ""
    return f"{traceback.tb_frame.f_code.co_filename}:{traceback.tb_lineno}"


def configure() -> None:
    """Let what is logged with structlog go the way of all other lines: by level, redacted, as JSON."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def formatter() -> logging.Formatter:
    """The formatter of every handler."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            redact,
            structlog.processors.JSONRenderer(),
        ],
    )
