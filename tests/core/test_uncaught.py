"""What a program says that ends by an error nobody caught: its kind and its place, and no word of its text."""

import json
import os
import pty
import subprocess
import sys
from contextlib import closing, suppress

import pytest
from django.db import connection

from config.embedded.directory import PROJECT
from displacement.actions.nightly import search_when_due
from displacement.models.search import DuplicateSearch
from tests.factories.displacement import PersonFactory
from tests.workers import database_url

NAME = "Жхцкваащыф"
#: As a rule of the database does that quotes the row which breaks it.
_REFUSES = f"""
CREATE FUNCTION refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'Failing row contains ({NAME}).'; END $$;
CREATE TRIGGER refuses BEFORE INSERT ON displacement_duplicatesearch EXECUTE FUNCTION refuses();
"""


@pytest.mark.django_db(transaction=True)
def test_a_command_that_a_worker_starts(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its errors go where the worker's lines go."""
    PersonFactory.create()
    monkeypatch.setenv("DATABASE_URL", database_url())
    with connection.cursor() as cursor:
        cursor.execute(_REFUSES)
        try:
            search_when_due()
        finally:
            cursor.execute("DROP FUNCTION refuses() CASCADE")
    assert not DuplicateSearch.objects.exists(), "the control: it did end by that error"
    said = capfd.readouterr().err
    assert NAME not in said
    assert NAME not in said.encode().decode("unicode_escape", "replace")
    told = json.loads(said.splitlines()[0])
    assert (told["event"], told["level"], told["exception"]) == (
        "The program ended.",
        "critical",
        "ProgrammingError",
    )


_FAILS = f"""
import django, gc, threading
django.setup()
class Late:
    def __del__(self):
        raise ValueError("{NAME}")
thread = threading.Thread(target=int, args=("{NAME}",))
thread.start(), thread.join()
thread = threading.Thread(target=exit, args=("{NAME}",))
thread.start(), thread.join()
Late()
gc.collect()
raise ValueError("{NAME}")
"""


def test_threads_and_what_is_cleared_away() -> None:
    """One that ends itself is no error."""
    command = [sys.executable, "-c", _FAILS]
    done = subprocess.run(
        command, cwd=PROJECT, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [line["exception"] for line in lines] == ["ValueError"] * 3
    assert [line["event"] for line in lines] == [
        "A thread ended.",
        "Something did not end in order.",
        "The program ended.",
    ]
    assert NAME not in json.dumps(lines, ensure_ascii=False)
    assert done.returncode == 1


def test_who_called_it_from_a_terminal_reads_the_whole() -> None:
    """The control, too: the text is there."""
    ours, theirs = pty.openpty()
    with closing(os.fdopen(ours, "rb", buffering=0)) as terminal:
        command = [sys.executable, "-c", f"import django; django.setup(); int('{NAME}')"]
        subprocess.run(command, cwd=PROJECT, stdin=theirs, stdout=theirs, stderr=theirs, check=False)
        os.close(theirs)
        said = b""
        with suppress(OSError):  # Linux says so that nobody writes any more
            while piece := terminal.read(4096):
                said += piece
    assert f"invalid literal for int() with base 10: '{NAME}'" in said.decode()
