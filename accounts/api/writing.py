"""What holds of every write: nothing is done twice under one key, and nothing over what the caller has not seen."""

import hashlib
import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.datastructures import MultiValueDict
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions.idempotency import Claim, InFlight, Outcome, Reused, once
from accounts.authentication import acts_for_client
from core.api.etags import require_fitting, tags_of
from core.api.faults import NotInThisWay
from core.api.views import Answer

KEY, REPLAYED = "Idempotency-Key", "Idempotent-Replayed"
#: A UUID, or whatever else the caller counts by; the quotes of the IETF's draft may stand around it.
_READABLE = re.compile(r'"[\x21\x23-\x7e]{1,255}"|[\x21\x23-\x7e]{1,255}')
_IN_FLIGHT_SECONDS = 1

Handler = Callable[..., Answer]


class Writing:
    """Wraps the acts of a view. A partner's client must send `Idempotency-Key` with what makes a record, and `If-Match` with
    what changes one; people at the desk may. A view whose act has ids of its own names it in `by_themselves`.
    """

    by_themselves: ClassVar[frozenset[str]] = frozenset()

    def makes_records(self: Any) -> bool:
        """Whether the present act adds records."""
        return self.action in self.adding | {"create", "bulk"}

    def _write(self: Any, handler: Handler, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Carry out one act, once, and only on the record that the caller saw."""
        if self.action in self.by_themselves:
            return handler(request, *args, **kwargs)
        tags, key = self._needed(request, kwargs.get("pk"))
        act = partial(handler, request, *args, **kwargs)
        if tags is not None:
            act = partial(self._on_what_was_seen, kwargs["pk"], tags, act)
        if key is None:
            return act()
        route = " ".join(filter(None, (f"{self.basename}.{self.action}", kwargs.get("pk"))))
        claim = Claim.of(by=self.user, route=route, key=key, body=_sent(request))
        try:
            done = once(claim, act, outcome=_outcome)
        except InFlight as error:
            raise NotInThisWay(409, "idempotency_key_in_flight", retry_seconds=_IN_FLIGHT_SECONDS) from error
        except Reused as error:
            raise NotInThisWay(422, "idempotency_key_reused") from error
        answer, outcome = done
        return answer if answer is not None else self._told_again(outcome)

    def _needed(self: Any, request: Request, pk: Any) -> tuple[list[str] | None, str | None]:
        """Tags and key of the request. Raises the refusals 400 and 428 where a partner's client left one out."""
        tags, key = None, _key_of(request)
        is_system = acts_for_client(self.user)
        if pk is not None:
            self.named(pk)
            tags = tags_of(request)
            if tags is None and is_system:
                raise NotInThisWay(428, "precondition_needed")
        if key is None and is_system and self.makes_records():
            raise NotInThisWay(400, "idempotency_key_needed")
        return tags, key

    def _on_what_was_seen(self: Any, pk: Any, tags: list[str], act: Callable[[], Answer]) -> Answer:
        """Lock the record, then look whether it is as the caller saw it, then act. One query more than to show it."""
        with transaction.atomic():
            record = self.one(pk)
            self.model._base_manager.select_for_update(no_key=True).values_list("pk").get(pk=record.pk)
            require_fitting(tags, partial(self.shown, pk))
            return act()

    def _told_again(self: Any, outcome: Outcome) -> Response:
        answer: Response = self.again(outcome.told, outcome.status)
        answer[REPLAYED] = "true"
        return answer


def _outcome(answer: Answer) -> Outcome:
    return Outcome(answer.status_code, answer.outcome)


def _key_of(request: Request) -> str | None:
    given = request.headers.get(KEY)
    if given is None:
        return None
    if not _READABLE.fullmatch(given):
        raise NotInThisWay(400, "idempotency_key_unreadable")
    return given.strip('"')


def _sent(request: Request) -> bytes:
    """What was sent, written in one way: the order of keys and blanks between them say nothing."""
    sent = request.data
    if isinstance(sent, MultiValueDict):
        sent = {name: [_part(each) for each in sent.getlist(name)] for name in sent}
    return json.dumps(sent, sort_keys=True).encode()


def _part(part: Any) -> str:
    """A field of a form as it is, a file by its digest."""
    if not isinstance(part, UploadedFile):
        return str(part)
    digest = hashlib.sha256()
    for chunk in part.chunks():
        digest.update(chunk)
    part.seek(0)
    return digest.hexdigest()
