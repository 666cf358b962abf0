"""A situation report as JSON, and back: what an edition freezes, and what every format can be made from again.

The fields stand in the order in which the contract declares them, whatever order they were read in, so that
the same report always gives the same bytes.
"""

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from django.utils.translation import gettext as _

from reports.editions.corrections import Correction
from reports.editions.report import SituationReport

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]


class NotAReport(ValueError):
    """What was given is not the JSON of a situation report; the message names the field."""

    def __init__(self, where: str, expected: str) -> None:
        """`where` is the path of the field, `expected` what should stand there."""
        super().__init__(
            _("This is not a situation report: %(expected)s is expected at %(where)s.")
            % {"where": where, "expected": expected}
        )


def to_json(report: SituationReport) -> bytes:
    """The report as UTF-8 JSON with times in UTC and a newline at the end. Same report, same bytes.

    Raises NotAReport for a time without zone, which would mean another moment on another machine.
    """
    text = json.dumps(to_plain(report), ensure_ascii=False, indent=1, allow_nan=False)
    return f"{text}\n".encode()


def to_plain(report: SituationReport | Correction) -> dict[str, Plain]:
    """The report, or a correction of one, as lists and dictionaries, for a JSON column or an API answer."""
    return _plain_fields(report)


def correction_from(data: Mapping[str, Any]) -> Correction:
    """A correction again, from a JSON column. Raises NotAReport as `from_json`."""
    correction: Correction = _read(data, Correction, "$")
    return correction


def from_json(data: bytes | str | Mapping[str, Any]) -> SituationReport:
    """The report again, equal to the one encoded; also from a JSON column, which forgets the order of keys.

    A field that a later contract added with a default may be missing: editions outlive versions. Raises
    NotAReport with the field's path where anything else is missing, unknown or of another kind.
    """
    if not isinstance(data, Mapping):
        try:
            data = json.loads(data)
        except ValueError as error:
            raise NotAReport("$", _("valid JSON in UTF-8")) from error
    report: SituationReport = _read(data, SituationReport, "$")
    return report


def _plain(value: object) -> Plain:
    match value:
        case StrEnum():
            return value.value
        case None | bool() | int() | float() | str():
            return value
        case datetime() if value.tzinfo is None:
            raise NotAReport(value.isoformat(), _("a time with its zone"))
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case tuple():
            return [_plain(item) for item in value]
    return _plain_fields(value)


def _plain_fields(value: Any) -> dict[str, Plain]:
    kind: type = type(value)
    return {name: _plain(getattr(value, name)) for name in _contract(kind)}


@lru_cache(maxsize=32)
def _contract(kind: type) -> dict[str, Any]:
    """Names and types of a dataclass's fields, in the order in which they are declared."""
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


@lru_cache(maxsize=32)
def _required(kind: type) -> frozenset[str]:
    return frozenset(f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING)


def _read(value: Any, kind: Any, where: str) -> Any:
    """The value as the type that the contract names: dataclass, tuple, optional, enum, time or plain."""
    if get_origin(kind) is UnionType:
        if value is None and NoneType in get_args(kind):
            return None
        kind = _part(value, [part for part in get_args(kind) if part is not NoneType])
    if get_origin(kind) is tuple:
        if not isinstance(value, list):
            raise NotAReport(where, _("a list"))
        return tuple(_read(item, get_args(kind)[0], f"{where}[{n}]") for n, item in enumerate(value))
    if is_dataclass(kind):
        return _read_fields(value, kind, where)
    return _read_scalar(value, kind, where)


def _part(value: Any, parts: list[Any]) -> Any:
    """Which part of a union a value is of: a mark in place of a number is text."""
    marks = [part for part in parts if isinstance(part, type) and issubclass(part, StrEnum)]
    return marks[0] if marks and isinstance(value, str) else next(p for p in parts if p not in marks)


def _read_fields(value: Any, kind: Any, where: str) -> Any:
    if not isinstance(value, Mapping):
        raise NotAReport(where, _("an object"))
    contract = _contract(kind)
    for name in value:
        if name not in contract:
            raise NotAReport(where, _("none but the known fields"))
    for name in _required(kind):
        if name not in value:
            raise NotAReport(f"{where}.{name}", _("a value"))
    return kind(
        **{name: _read(value[name], contract[name], f"{where}.{name}") for name in contract if name in value}
    )


def _read_scalar(value: Any, kind: Any, where: str) -> Any:
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if kind in (bool, int, float, str):
        if type(value) is not kind:
            raise NotAReport(where, kind.__name__)
        return value
    if not isinstance(value, str):
        raise NotAReport(where, _("text"))
    try:
        if issubclass(kind, StrEnum):
            return kind(value)
        moment = kind.fromisoformat(value)
    except ValueError as error:
        raise NotAReport(where, kind.__name__) from error
    if isinstance(moment, datetime) and moment.tzinfo is None:
        raise NotAReport(where, _("a time with its zone"))
    return moment
