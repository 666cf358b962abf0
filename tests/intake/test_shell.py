"""`manage.py intake`: a list from a shell, said in sentences, with an exit code that a script can read."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from accounts.policy import Role
from displacement.models import Person
from intake.models import Batch
from intake.models.batch import BatchState
from tests.factories.accounts import user_in_role
from tests.factories.regions import RunningOperationFactory, kursk_tree, region
from tests.lists import table

pytestmark = pytest.mark.django_db(transaction=True)
FINE = ("family name,given name,date of birth,origin", "Kovalchuk,Olena,1980-03-14,RU-KRS-SUDZHANSKY")
STRANGER = "Zxqvky,Petro,1950-11-17,RU-KRS-SUDZHANSKY"
REFUSED = "Zxqvky,Petro,1950-11-17,Atlantis"


@pytest.fixture
def clerk() -> User:
    """A registrar of Kursk."""
    kursk_tree()
    RunningOperationFactory.create()
    return user_in_role(Role.REGISTRAR, region=region("RU-KRS"))


def run(file: Path, by: str, *options: str) -> tuple[int, str]:
    """The exit code and what was printed."""
    out = io.StringIO()
    try:
        call_command("intake", str(file), "--kind=people", f"--by={by}", *options, stdout=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def test_a_list_is_read_and_written(clerk: User, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(table(*FINE))
    code, said = run(file, clerk.username, "--accept=fine")
    assert code == 0
    assert "1 rows: 1 fine, 0 with a warning, 0 refused." in said
    assert "Written: 1 people, 1 households" in said
    assert Person.objects.count() == 1


def test_refused_rows_are_said_in_sentences_and_in_the_exit_code(clerk: User, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(table(*FINE, REFUSED))
    code, said = run(file, clerk.username)
    assert code == 3
    assert "Row 3, origin, refused: No region has this code or name." in said
    assert "Zxqvky" not in said
    assert Batch.objects.get().state == BatchState.READY
    assert not Person.objects.exists()


def test_what_cannot_be_done_is_one_sentence(clerk: User, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(table(*FINE))
    stranger = user_in_role(Role.AUDITOR, region=region("RU-KRS"))
    for by, path, options, sentence in (
        ("nobody", file, [], "No active user has this name"),
        (clerk.username, tmp_path / "none.csv", [], "This file cannot be opened"),
        (clerk.username, file, ["--organisation=XX"], "No organisation has this short name"),
        (clerk.username, file, ["--mapping=none"], "The organisation has no mapping of this name"),
        (clerk.username, file, ["--region=Atlantis"], "No region"),
        (stranger.username, file, [], "This user has no role that may do this"),
    ):
        with pytest.raises(CommandError, match=sentence):
            run(path, by, *options)
    run(file, clerk.username)
    with pytest.raises(CommandError, match="The same file was received"):
        run(file, clerk.username)
    assert Batch.objects.count() == 1


def test_other_spellings_are_looked_for_before_anything_is_said_or_written(
    clerk: User, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_bytes(table(*FINE))
    assert run(first, clerk.username, "--accept=fine")[0] == 0
    second.write_bytes(table(FINE[0], "Ковальчук,Олена,1980-03-14,RU-KRS-SUDZHANSKY", STRANGER))
    code, said = run(second, clerk.username, "--accept=fine")
    assert code == 0
    assert "2 rows: 1 fine, 1 with a warning, 0 refused." in said
    assert "Written: 1 people" in said
    assert "likely" in Batch.objects.get(name="second.csv").counts
