"""Pulling submissions from a KoboToolbox server (API v2), page by page, from where the last pull ended."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import httpx
import orjson
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import require_reach
from accounts.models import User
from audit.actions.record import record
from core.refusals import refusal
from core.strict_json import NotStrict, loads
from intake.actions.submissions import take_all
from intake.models import KoboForm

#: Submissions of one page, and the most bytes of one: attachments are never fetched.
PAGE, MOST_BYTES = 1_000, 64 * 1024 * 1024
_DEEPEST = 16
_TIMEOUT = httpx.Timeout(30.0, connect=10.0)


class Pulled(NamedTuple):
    """How many submissions the server gave, and how many of them were new."""

    seen: int
    new: int


def pull(*, form: KoboForm, token: str, by: User, again: bool = False) -> Pulled:
    """Take in what the server has beyond the last pull, or all of it `again`, which finds edits of earlier submissions.

    Each page is committed with the place that it ends at: a pull that breaks off goes on there. Raises ValidationError with a
    sentence where the form names no server, and where the server does not answer as Kobo does (`token` is in none of them);
    PermissionDenied for a form out of reach.
    """
    require_reach(by, form, "intake.submission", "add", region="registered_in")
    if not (form.server and form.asset):
        raise refusal(
            _("This form names no server and no id there. Write both down on its page first."),
            code="no_server",
        )
    seen = new = 0
    after = None if again else form.pulled_through
    with httpx.Client(timeout=_TIMEOUT, follow_redirects=False, trust_env=False) as client:
        for page in _pages(client, form, token, after):
            with transaction.atomic():
                found = take_all(form=form, payloads=page, by=by)
                highest = max(submission["_id"] for submission in page)
                form.pulled_through = max(form.pulled_through or 0, highest)
                form.save(update_fields=["pulled_through"])
                record(
                    "pull", form, by=by, detail={"submissions": len(page), "new": found, "through": highest}
                )
            seen, new = seen + len(page), new + found
    return Pulled(seen, new)


def _pages(
    client: httpx.Client, form: KoboForm, token: str, after: int | None
) -> Iterator[list[Mapping[str, Any]]]:
    """Pages in the order of the server's numbers: asked for by number and not by place, so that none is missed or doubled."""
    while page := _page(client, form, token, after):
        yield page
        after = max(submission["_id"] for submission in page)


def _page(client: httpx.Client, form: KoboForm, token: str, after: int | None) -> list[Mapping[str, Any]]:
    query = {"_id": {"$gt": after}} if after is not None else {}
    asked = {
        "format": "json",
        "query": orjson.dumps(query).decode(),
        "sort": '{"_id": 1}',
        "limit": str(PAGE),
    }
    address = f"{form.server.rstrip('/')}/api/v2/assets/{form.asset}/data/"
    try:
        with client.stream(
            "GET", address, params=asked, headers={"Authorization": f"Token {token}"}
        ) as answer:
            return _read(answer)
    except httpx.HTTPError as error:
        raise refusal(
            _("The server of this form did not answer (%(what)s). Nothing is lost: pull again later.")
            % {"what": type(error).__name__},
            code="server_away",
        ) from None


def _read(answer: httpx.Response) -> list[Mapping[str, Any]]:
    if answer.status_code in {401, 403}:
        raise refusal(
            _(
                "The server does not take this token for this form. Give one of an account that may view its data."
            ),
            code="token_refused",
        )
    if answer.status_code != httpx.codes.OK:
        raise refusal(
            _("The server answered with status %(status)d. Check its address and the id of the form.")
            % {"status": answer.status_code},
            code="server_refused",
        )
    raw = bytearray()
    for piece in answer.iter_bytes():
        raw += piece
        if len(raw) > MOST_BYTES:
            raise _unread()
    try:
        found = loads(bytes(raw), deepest=_DEEPEST)
    except NotStrict:
        raise _unread() from None
    rows = found.get("results") if isinstance(found, dict) else None
    if not isinstance(rows, list) or not all(
        isinstance(row, dict) and isinstance(row.get("_id"), int) for row in rows
    ):
        raise _unread()
    return rows


def _unread() -> Exception:
    return refusal(
        _(
            "What the server sent is no list of submissions. Check that its address is that of KoboToolbox's API."
        ),
        code="server_unread",
    )
