"""`manage.py load_scenario`: the same rows for the same seed, all or nothing, never twice."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts.models import Organisation, User
from accounts.service import service_user
from audit.models import AuditEvent
from displacement.models import Claim, HouseholdGroup, Person
from intake.management.commands import load_scenario as command
from intake.scenarios.kursk_2024 import load as kursk_2024
from intake.scenarios.kursk_2024.chance import shares
from intake.scenarios.kursk_2024.load import load
from regions.models import Operation

pytestmark = pytest.mark.django_db

#: When somebody loaded it, and passwords that are random because they open nothing, differ each time.
_ASIDE = ("audit_auditevent", "audit_rowchange", "audit_seal", "accounts_user")
_OURS = ("accounts", "audit", "displacement", "regions", "shelters")
#: Twice the same telephone gives two ciphertexts; what stands for it beside it is the same.
_SEALED = re.compile(r"mp1\.[a-z0-9-]+\.[\w-]+")
_TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1"
_RESTART = """
    SELECT setval(format('%%I', sequencename)::regclass, 1, false) FROM pg_sequences
    WHERE split_part(sequencename, '_', 1) = ANY(%s)
"""


def rows_of(people: int, seed: int) -> dict[str, str]:
    """All tables after one load into an empty database, as PostgreSQL prints them; the load is taken back."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_RESTART, [list(_OURS)])
        load(people=people, seed=seed, by=service_user())
        cursor.execute(_TABLES)
        names = [name for (name,) in cursor.fetchall() if name.startswith(_OURS) and name not in _ASIDE]
        tables = {}
        for name in names:
            with cursor.copy(f"COPY (SELECT * FROM {name} ORDER BY 1) TO STDOUT") as source:
                tables[name] = _SEALED.sub("sealed", b"".join(bytes(block) for block in source).decode())
        transaction.set_rollback(True)
    return tables


def run(*args: str) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("load_scenario", "kursk-2024", *args, stdout=out)
    return out.getvalue()


def test_two_loads_of_one_seed_are_alike_row_for_row() -> None:
    first, second = rows_of(2_000, seed=5), rows_of(2_000, seed=5)
    assert len(first["displacement_person"].splitlines()) > 1_500
    assert {name for name in first if first[name] != second[name]} == set()


def test_another_seed_invents_other_people_and_says_the_same_claims() -> None:
    first, second = rows_of(200, seed=5), rows_of(200, seed=6)
    assert first["displacement_person"] != second["displacement_person"]
    said = [
        [line.split("\t")[1:8] for line in sorted(t["displacement_claim"].splitlines())]
        for t in (first, second)
    ]
    assert sorted(said[0]) == sorted(said[1])


@pytest.mark.parametrize("people", [1, 9, 500])
def test_any_number_of_people_is_met_exactly(people: int) -> None:
    said = run("--people", str(people))
    counted = sum(HouseholdGroup.objects.current().values_list("people", flat=True))
    assert Person.objects.current().count() + counted == people
    assert f"{people} people in " in said


def test_a_second_load_is_refused_and_changes_nothing() -> None:
    run("--people", "20")
    before = Person.objects.count(), Claim.objects.count(), AuditEvent.objects.count()
    with pytest.raises(CommandError, match=r"is in this database already; nothing was changed\."):
        run("--people", "20")
    assert (Person.objects.count(), Claim.objects.count(), AuditEvent.objects.count()) == before


def test_a_load_that_is_cut_off_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(kursk_2024, "headcounts", stop)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        run("--people", "50")
    assert not Operation.objects.exists()
    assert not Person.objects.exists()
    assert not Organisation.objects.exists()


@pytest.mark.parametrize("people", ["0", "-3", "many"])
def test_a_number_of_people_that_is_none_is_refused_with_a_sentence(people: str) -> None:
    with pytest.raises(CommandError, match="Give a whole number of people above zero"):
        run(f"--people={people}")


def test_nobody_of_the_scenario_can_sign_in() -> None:
    run("--people", "5")
    staff = User.objects.filter(username__startswith="scenario.")
    assert staff.count() == 15
    assert not any(user.is_active or user.has_usable_password() for user in staff)
    assert set(User.objects.exclude(pk__in=staff).values_list("username", flat=True)) <= {"musterpoint"}


class Terminal(StringIO):
    """Somebody watches."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_a_bar_that_fills() -> None:
    out = Terminal()
    call_command("load_scenario", "kursk-2024", "--people", "3000", stdout=out)
    steps = out.getvalue().split("\r")
    assert "#." in steps[1]
    assert steps[-1].startswith(f"[{'#' * command.BAR}] 3,000 of 3,000 people\n")


def test_a_log_shows_a_line_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "QUIET", 0.0)
    said = run("--people", "30")
    assert "30 of 30 people\n" in said
    assert "\r" not in said


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (10, [1, 1, 1], [4, 3, 3]),
        (0, [2, 1], [0, 0]),
        (1, [1, 5, 4], [0, 1, 0]),
        (121, [0.63, 0.37], [76, 45]),
    ],
)
def test_shares_sum_to_their_total(total: int, weights: list[float], parts: list[int]) -> None:
    assert shares(total, weights) == parts
    assert sum(parts) == total
