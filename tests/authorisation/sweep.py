"""Asking as everybody for everything, and writing down what the policy did not expect."""

import io
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core import mail
from django.db import transaction
from django.http import HttpResponse

from accounts.policy import MASKED, POLICY, Role
from audit.models import AuditEvent
from tests.authorisation.canaries import Canaries
from tests.authorisation.expected import Place, class_of, may, sees

#: What differs from answer to answer and says nothing: ids of requests, tokens against forgery, nonces, what was asked for,
#: how much the account may still ask. A page's links are in its body, too, but for the first, which is what was asked for.
_CHANGING = re.compile(
    r'"request_id":"[^"]*"|"instance":"[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|nonce-[\w+/=-]+'
)
_CHANGING_HEADERS = {
    "X-Request-ID",
    "Content-Security-Policy",
    "Content-Length",
    "Set-Cookie",
    "RateLimit",
    "Link",
}
#: Kinds of record that the policy speaks of by another name: whoever sees a list sees its rows.
_WITHIN = {"intake.stagedrow": "intake.batch"}


@dataclass
class Report:
    """How many cases there were, and which came out otherwise."""

    cases: int = 0
    requests: int = 0
    unexpected: list[str] = field(default_factory=list)
    #: The canaries that were shown where the policy shows them: kind of record, column and place.
    shown: set[tuple[str, str, str]] = field(default_factory=set)

    def case(self, is_as_expected: bool, *what: object) -> None:
        """One case."""
        self.cases += 1
        if not is_as_expected:
            self.unexpected.append(" ".join(str(each) for each in what))

    def told(self) -> str:
        """The first of what came out otherwise, a line each."""
        return "\n".join(["", *self.unexpected[:40]])


@dataclass
class Asker:
    """Somebody in a role with a client, each of whose requests is taken back again, and read for what it tells."""

    role: Role
    client: Any
    canaries: Canaries
    report: Report
    #: Kinds of record that the present request opens one by one, beside their masks.
    opening: frozenset[str] = frozenset()

    def ask(self, method: str, url: str, *, echo: str = "", **options: Any) -> HttpResponse:
        """The answer. Whatever it, a mail or the log tells beyond the policy is unexpected; `echo` is what was typed."""
        mail.outbox.clear()
        self.client.cookies.pop("messages", None)  # what the last page wanted to say
        with _listening() as log, transaction.atomic():
            answer: HttpResponse = getattr(self.client, method)(url, **options)
            told = _text(answer).replace(echo, "") if echo else _text(answer)
            if method != "get":
                answer.traces = AuditEvent.objects.count()  # type: ignore[attr-defined]  # before all is taken back
            transaction.set_rollback(True)
        self.report.requests += 1
        for resource, column, place in self.canaries.found_in(told):
            is_fine = sees(self.role, resource, column, place) or self._sees_within(resource, place)
            if is_fine or self._is_opened(resource, column, place):
                self.report.shown.add((resource, column, place.name))
            else:
                self.report.case(False, self.role, method, url, "tells", resource, column, "of", place.name)
        letters = "".join(str(letter.message()) for letter in mail.outbox)
        for resource, column, _place in self.canaries.found_in(log.getvalue() + letters):
            self.report.case(False, self.role, method, url, "writes", resource, column)
        return answer

    def _sees_within(self, resource: str, place: Place) -> bool:
        """Of a list of people its rows, where somebody registers people, too."""
        is_within = resource in _WITHIN and may(self.role, _WITHIN[resource], "view", place)
        return is_within and may(self.role, "displacement.household", "add", place)

    def _is_opened(self, resource: str, column: str, place: Place) -> bool:
        """A masked column of a kind that is being opened one by one, by who may."""
        is_masked = column in MASKED.get(resource, {}) and resource in self.opening
        seen = POLICY[self.role][resource].sees if is_masked and resource in POLICY[self.role] else ()
        return may(self.role, resource, "reveal", place) and class_of(resource, column) in seen

    def expect(
        self, status: int | tuple[int, ...], method: str, url: str, *about: object, **options: Any
    ) -> Any:
        """Ask, and count whether the answer has the status, or one of them."""
        wanted = status if isinstance(status, tuple) else (status,)
        answer = self.ask(method, url, **options)
        self.report.case(
            answer.status_code in wanted, self.role, method, url, answer.status_code, "not", status, *about
        )
        return answer


@contextmanager
def _listening() -> Iterator[io.StringIO]:
    """All that is logged meanwhile, as text."""
    heard, root = io.StringIO(), logging.getLogger()
    others, root.handlers = root.handlers, [logging.StreamHandler(heard)]
    try:
        yield heard
    finally:
        root.handlers = others


def _text(answer: Any) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    answer.told = body.decode("utf-8", errors="replace")
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return f"{answer.told}{headers}"


def bare(answer: Any) -> str:
    """The answer without what changes each time."""
    headers = sorted((name, value) for name, value in answer.headers.items() if name not in _CHANGING_HEADERS)
    told: str = _CHANGING.sub("", answer.told)
    return f"{answer.status_code} {headers} {told}"


def first_difference(one: str, other: str) -> str:
    """Where two answers begin to differ, for whoever has to find out why."""
    at = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    return (
        "" if one == other else f"{one[max(0, at - 60) : at + 60]!r} / {other[max(0, at - 60) : at + 60]!r}"
    )
