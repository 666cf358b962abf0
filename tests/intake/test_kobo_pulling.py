"""Pulling from a server that answers as KoboToolbox does: a small one of our own, since theirs is not ours to run."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from accounts.models import User
from accounts.policy import Role
from intake.kobo import pulling
from intake.kobo.pulling import pull
from intake.models import Batch, KoboForm, Submission
from tests.factories.accounts import user_in_role
from tests.factories.intake import KoboFormFactory
from tests.intake.test_kobo_inbox import submission
from tests.refusals import codes

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-theirs"


class Kobo:
    """The server's submissions, how it answers instead where it misbehaves, and what it was asked."""

    def __init__(self) -> None:
        self.submissions: list[dict[str, Any]] = []
        self.instead: tuple[int, bytes] | None = None
        self.asked: list[dict[str, list[str]]] = []

    def answer(self, path: str, token: str) -> tuple[int, bytes]:
        """The status and the body for one request."""
        if token != f"Token {TOKEN}":
            return 401, b"{}"
        if self.instead:
            return self.instead
        asked = parse_qs(urlsplit(path).query)
        self.asked.append(asked)
        after = json.loads(asked["query"][0]).get("_id", {}).get("$gt", 0)
        rows = [each for each in self.submissions if each["_id"] > after]
        return 200, json.dumps({"results": rows[: int(asked["limit"][0])]}).encode()


@pytest.fixture
def kobo(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Kobo, str]]:
    """A running server and its address; pages of two."""
    monkeypatch.setattr(pulling, "PAGE", 2)
    state = Kobo()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = state.answer(self.path, self.headers.get("Authorization", ""))
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield state, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def registrar() -> User:
    """Works everywhere for one organisation."""
    return user_in_role(Role.REGISTRAR)


@pytest.fixture
def form(kobo: tuple[Kobo, str], registrar: User) -> KoboForm:
    """A form on the server."""
    own = registrar.memberships.get().organisation
    return KoboFormFactory.create(organisation=own, server=kobo[1], asset="aXYZ", name="Reception")


def test_all_pages_come_in_and_the_next_pull_goes_on_there(
    kobo: tuple[Kobo, str], form: KoboForm, registrar: User
) -> None:
    server = kobo[0]
    server.submissions = [submission(number) for number in (3, 5, 8, 9, 12)]
    assert pull(form=form, token=TOKEN, by=registrar) == (5, 5)
    server.submissions.append(submission(13))
    assert pull(form=form, token=TOKEN, by=registrar) == (1, 1)
    assert KoboForm.objects.get().pulled_through == 13
    assert Submission.objects.count() == 6
    assert server.asked[-2]["query"] == ['{"_id":{"$gt":12}}']


def test_a_pull_from_the_beginning_finds_edits_and_doubles_nothing(
    kobo: tuple[Kobo, str], form: KoboForm, registrar: User
) -> None:
    server = kobo[0]
    server.submissions = [submission(1), submission(2)]
    pull(form=form, token=TOKEN, by=registrar)
    server.submissions[0] = submission(
        1, **{"meta/instanceID": "uuid:new", "meta/deprecatedID": "uuid:inst-1"}
    )
    assert pull(form=form, token=TOKEN, by=registrar, again=True) == (2, 1)


@pytest.mark.parametrize(
    ("instead", "code"),
    [
        ((403, b"{}"), "token_refused"),
        ((404, b"{}"), "server_refused"),
        ((302, b""), "server_refused"),
        ((200, b"<html>"), "server_unread"),
        ((200, b'{"results": [{"name": "no id"}]}'), "server_unread"),
        ((200, b'{"results": 7}'), "server_unread"),
    ],
)
def test_a_server_that_misbehaves_is_told_in_a_sentence(
    kobo: tuple[Kobo, str], form: KoboForm, registrar: User, instead: tuple[int, bytes], code: str
) -> None:
    kobo[0].instead = instead
    with pytest.raises(ValidationError) as refusal:
        pull(form=form, token=TOKEN, by=registrar)
    assert codes(refusal.value) == {"__all__": [code]}
    assert TOKEN not in refusal.value.messages[0]
    assert not Submission.objects.exists()


def test_a_server_that_is_away_loses_nothing(form: KoboForm, registrar: User) -> None:
    form.server = "http://127.0.0.1:9"
    with pytest.raises(ValidationError) as refusal:
        pull(form=form, token=TOKEN, by=registrar)
    assert codes(refusal.value) == {"__all__": ["server_away"]}


def test_the_command_pulls_and_makes_a_batch(
    kobo: tuple[Kobo, str], form: KoboForm, registrar: User, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    kobo[0].submissions = [submission(1), submission(2), submission(3)]
    with pytest.raises(CommandError, match="KOBO_TOKEN"):
        call_command("pull_kobo", "Reception", by=registrar.username)
    monkeypatch.setenv("KOBO_TOKEN", TOKEN)
    call_command("pull_kobo", "Reception", by=registrar.username, batch=True)
    assert "3 submissions seen, 3 of them new" in capsys.readouterr().out
    assert Batch.objects.get().submissions.count() == 3
    with pytest.raises(CommandError, match="No form has this name"):
        call_command("pull_kobo", "Nowhere", by=registrar.username)
