"""What is wrong with one part of a request: where, which rule, and a sentence that says what to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.core.exceptions import ValidationError as Refusal
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from rest_framework.exceptions import APIException, ErrorDetail

MEDIA_TYPE = "application/problem+json"
#: Refusals that are about the present state of a record and not about what was sent: 409 instead of 400.
CONFLICTS = frozenset(
    {
        "already_checked_in",
        "already_checked_out",
        "another_waits",
        "conflict",
        "edited_since",
        "edition_exists",
        "file_known",
        "household_is_named",
        "informed_already",
        "name_taken",
        "not_counted",
        "nothing_proposed",
        "out_of_use",
        "rows_removed",
        "shelter_full",
        "shelter_not_open",
        "version_conflict",
        "void",
        "withdrawn",
        "not_published",
        "wrong_state",
        "wrong_status",
        "wrong_step",
    }
)
#: Words of the frameworks that would repeat what was sent, by their code. What was sent may be a name.
_NEVER_ECHOED = {
    "invalid_choice": gettext_noop("Use one of the values that the documentation lists for this field."),
    "does_not_exist": gettext_noop("No record with this id is open to you. Look the id up in the list."),
    "incorrect_type": gettext_noop("Send the id of a record, as text."),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend. `pointer` leads to it in the body (RFC 6901); `parameter` names it in the address."""

    code: str
    detail: str
    pointer: str | None = None
    parameter: str | None = None

    def as_dict(self) -> dict[str, str]:
        """As the answer carries it: the place that does not apply is left out."""
        place = (
            {"parameter": self.parameter} if self.parameter is not None else {"pointer": self.pointer or ""}
        )
        return {**place, "code": self.code, "detail": self.detail}


class BadParameters(APIException):
    """Something in the address is wrong: a filter, an order, a page. `candidates` are what an unclear name may mean."""

    status_code = 400
    default_code = "bad_parameters"

    def __init__(self, faults: list[Fault], candidates: list[dict[str, str]] | None = None) -> None:
        super().__init__()
        self.faults = faults
        self.candidates = candidates or []


class BodyTooLarge(APIException):
    """More was sent than one request may carry."""

    status_code = 413
    default_code = "too_large"
    default_detail = ""


class NotNow(APIException):
    """The service could take this and cannot just now; the caller sends it again after `retry_seconds`."""

    status_code = 503
    default_code = "unavailable"
    default_detail = ""
    retry_seconds = 600


class NotInThisWay(APIException):
    """The request as such lacks something, or comes at the wrong time: one of the codes of core.api.sentences says what."""

    default_detail = ""

    def __init__(self, status: int, code: str, *, retry_seconds: int | None = None) -> None:
        super().__init__()
        self.status_code, self.default_code, self.retry_seconds = status, code, retry_seconds


def bad_parameter(parameter: str, code: str, detail: str) -> BadParameters:
    """The refusal of one parameter of the address."""
    return BadParameters([Fault(code, detail, parameter=parameter)])


def refused_parameters(errors: dict[str, list[Refusal]]) -> BadParameters:
    """The refusal of parameters by their name, with what an unclear name may mean."""
    faults, candidates = [], []
    for name, refusals in errors.items():
        for refusal in refusals:
            code = refusal.code or "invalid"
            faults.append(Fault(code, sentence(code, " ".join(refusal.messages)), parameter=name))
            # regions.models.AmbiguousRegion carries them.
            candidates += [
                {"key": region.key, "name": region.name, "kind": region.kind}
                for region in getattr(refusal, "candidates", [])
            ]
    return BadParameters(faults, candidates)


def faults_of_input(detail: Any, pointer: str = "") -> Iterator[Fault]:
    """The faults that a serializer found, flattened. `detail` is nested as the body was."""
    if isinstance(detail, dict):
        for key, inner in detail.items():
            name = "" if key == "non_field_errors" else f"/{_escaped(str(key))}"
            yield from faults_of_input(inner, pointer + name)
    elif isinstance(detail, ErrorDetail):
        code = str(detail.code)
        yield Fault(code, sentence(code, str(detail)), pointer=pointer)
    elif isinstance(detail, (list, tuple)):
        for position, inner in enumerate(detail):
            is_row = isinstance(inner, (dict, list))
            yield from faults_of_input(inner, f"{pointer}/{position}" if is_row else pointer)


def faults_of_refusal(refusal: Refusal) -> Iterator[Fault]:
    """The faults for which an action refused, each at the field that it named (`people.2.birth_date`)."""
    by_field = (
        refusal.error_dict if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: refusal.error_list}
    )
    for field, errors in by_field.items():
        pointer = "" if field == NON_FIELD_ERRORS else "/" + _escaped(field).replace(".", "/")
        for error in errors:
            code = error.code or "invalid"
            yield Fault(code, sentence(code, " ".join(error.messages)), pointer=pointer)


def sentence(code: str, words: str) -> str:
    """The words, or ours where those of the framework would repeat what was sent."""
    return _(_NEVER_ECHOED[code]) if code in _NEVER_ECHOED else words


def _escaped(key: str) -> str:
    """A key as one step of a JSON pointer, cut short: a key that we do not know may be anything."""
    return key[:60].replace("~", "~0").replace("/", "~1")
