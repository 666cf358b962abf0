"""Everybody asks for everything: each role at each place, over all addresses of the API and the desk, with every act sent.

`make drill-access`. What the generated test of `make test` opens, and all that it leaves out for time: further acts of each
kind of record, acts that are sent and not only opened, good bodies where none is allowed, lists with an item of somebody
else. Canaries lie in every personal column of text; each answer, mail and line of the log is read for them.
"""

from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from accounts.policy import Role
from tests.authorisation import over_api, over_desk
from tests.authorisation.acts import sweep_acts
from tests.authorisation.below import sweep_below
from tests.authorisation.expected import FOREIGN, OWN
from tests.authorisation.grounds import Grounds
from tests.authorisation.sweep import Asker, Report
from tests.authorisation.writes import sweep_bulks, sweep_fields, sweep_writes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_static_files")]

#: What the sweeps of all roles counted.
TOTAL: Counter[str] = Counter()
SHOWN: set[tuple[str, str, str]] = set()
_API = (
    over_api.sweep_places,
    over_api.sweep_bodies,
    over_api.sweep_questions,
    sweep_writes,
    sweep_bulks,
    sweep_fields,
)
_DESK = (
    over_desk.sweep_records,
    over_desk.sweep_searches,
    over_desk.sweep_matches,
    sweep_below,
    sweep_acts,
)
_SURFACES = [("API", over_api.asker, _API), ("desk", over_desk.asker, _DESK)]


@pytest.fixture(scope="module")
def grounds(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Grounds]:
    """The four places and a user in every role."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Grounds()
        transaction.set_rollback(True)


@pytest.mark.parametrize(("surface", "asker", "sweeps"), _SURFACES, ids=["api", "desk"])
@pytest.mark.parametrize("role", list(Role))
def test_everything_at_every_place(
    role: Role,
    surface: str,
    asker: Callable[..., Asker],
    sweeps: tuple[Callable[..., None], ...],
    grounds: Grounds,
    capsys: pytest.CaptureFixture[str],
) -> None:
    report = Report()
    who = asker(role, grounds, report)
    for sweep in sweeps:
        sweep(who, grounds)
    told = {
        "requests": report.requests,
        "expected": report.cases - len(report.unexpected),
        "unexpected": len(report.unexpected),
        "canaries seen where they may be": len(report.shown),
    }
    TOTAL.update(told)
    SHOWN.update(report.shown)
    with capsys.disabled():
        numbers = "  ".join(f"{number:>6} {name}" for name, number in told.items())
        print(f"\n{role:<22} {surface:<5}{numbers}")  # noqa: T201
    assert report.unexpected == [], report.told()


def test_what_is_to_be_seen_was_seen(capsys: pytest.CaptureFixture[str]) -> None:
    """The control: a sweep that is shown nothing finds nothing."""
    with capsys.disabled():
        print(f"\nall roles: {', '.join(f'{number} {name}' for name, number in TOTAL.items())}")  # noqa: T201
    assert {told for told in SHOWN if told[2] == OWN.name} >= {
        ("displacement.person", "family_name", OWN.name),
        ("displacement.household", "phone", OWN.name),
        ("displacement.casualty", "victim_name", OWN.name),
        ("intake.stagedrow", "raw", OWN.name),
    }
    assert ("displacement.casualtysource", "note", FOREIGN.name) in SHOWN
