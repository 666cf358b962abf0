"""Log lines as JSON, without personal data: fields that may hold it are dropped by name."""

import logging
import sys
import threading
from collections.abc import Mapping, MutableMapping
from types import TracebackType
from typing import Any

import structlog
from django.core.exceptions import ImproperlyConfigured

from core.addresses import told_path, told_urls

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

#: What Celery names in its lines and what may quote records.
_QUOTING = frozenset({"exc", "traceback", "return_value", "args", "kwargs"})


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


class UnquotingFormatter(structlog.stdlib.ProcessorFormatter):
    """Takes the texts of exceptions out of a line's own words: Celery writes them there, with the values that they quote."""

    def format(self, record: logging.LogRecord) -> str:
        """The line. The record stays as it is, since other handlers may read it.

        One that cannot be put together says where it stands: Python would print its values beside the error.
        """
        try:
            return self._told(record)
        except Exception:
            words = f"A line could not be put together, {record.filename}:{record.lineno}"
            lost = {"name": record.name, "levelno": record.levelno, "levelname": record.levelname}
            return super().format(logging.makeLogRecord({**lost, "msg": words, "exc_info": sys.exc_info()}))

    def _told(self, record: logging.LogRecord) -> str:
        if isinstance(record.msg, (str, BaseException)):
            record = logging.makeLogRecord({**record.__dict__, "msg": _words_of(record), "args": ()})
        return super().format(record)


def _words_of(record: logging.LogRecord) -> str:
    """What the line says, with the kinds of exceptions in place of them and nothing that Celery names beside them."""
    if isinstance(record.msg, BaseException):
        return type(record.msg).__name__
    told, raised = record.args, record.exc_info[1] if record.exc_info else None
    if isinstance(told, Mapping):
        words = record.msg % {
            name: REDACTED if name in _QUOTING else _kind_of(value) for name, value in told.items()
        }
    else:
        words = record.msg % tuple(map(_kind_of, told)) if told else record.msg
    for text in (repr(raised), str(raised)) if raised else ():
        words = words.replace(text, type(raised).__name__) if text else words
    return told_urls(_without_path(str(words), record))


def _without_path(words: str, record: logging.LogRecord) -> str:
    """Where the line is about a request, which Django sends along with it: its path as a log may hold it."""
    path = str(getattr(getattr(record, "request", None), "path", ""))
    # Django writes it in escapes.
    for written in (path, path.encode("unicode_escape").decode()):
        words = words.replace(written, told_path(path)) if written.strip("/") else words
    return words


def _kind_of(value: object) -> object:
    return type(value).__name__ if isinstance(value, BaseException) else value


def _raised_at(traceback: Any) -> str:
    """File and line where the error was raised."""
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    if traceback is None:
        return ""
    return f"{traceback.tb_frame.f_code.co_filename}:{traceback.tb_lineno}"


def configure() -> None:
    """Let what is logged with structlog, and what nobody caught, go the way of all other lines: by level, redacted, as JSON."""
    sys.excepthook = _ended
    threading.excepthook = lambda told: _uncaught("A thread ended.", told)
    sys.unraisablehook = lambda told: _uncaught("Something did not end in order.", told)
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


def _ended(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    """Python itself would write the text of what ended a program, with the row that PostgreSQL quotes in it.

    Whoever called it from a terminal reads the whole. What is wrong with the settings is told everywhere: it speaks of nobody.
    """
    if issubclass(kind, KeyboardInterrupt) or _is_at_a_terminal():
        sys.__excepthook__(kind, error, traceback)
    elif issubclass(kind, ImproperlyConfigured):
        logging.getLogger(__name__).critical("The program does not start. %s", str(error))
    else:
        logging.getLogger(__name__).critical("The program ended.", exc_info=(kind, error, traceback))


def _is_at_a_terminal() -> bool:
    try:
        return sys.stdin.isatty() and sys.stderr.isatty()
    except (AttributeError, ValueError):  # there is none, or it is closed
        return False


def _uncaught(words: str, told: Any) -> None:
    if issubclass(told.exc_type, SystemExit):  # a thread's own way to end
        return
    raised = (told.exc_type, told.exc_value or told.exc_type(), told.exc_traceback)
    logging.getLogger(__name__).error(words, exc_info=raised)


def formatter() -> logging.Formatter:
    """The formatter of every handler."""
    return UnquotingFormatter(
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
