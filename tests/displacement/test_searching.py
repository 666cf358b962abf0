"""Searching the register: who is found, who is left out, and that only what is new is searched again."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from audit.models import AuditEvent
from displacement.actions import nightly, searching
from displacement.actions.nightly import is_search_due, search_when_due
from displacement.actions.searching import search
from displacement.identity.bulk import against_register
from displacement.identity.frequencies import forget
from displacement.models import DuplicateSearch, Person, PossibleDuplicate, SearchedPerson
from tests.factories.displacement import PersonFactory

pytestmark = pytest.mark.django_db

WHO: dict[str, Any] = {"family_name": "Ковальчук", "given_name": "Олена", "birth_date": date(1984, 5, 17)}


@pytest.fixture(autouse=True)
def _fresh_shares() -> None:
    forget()


def _twice() -> tuple[Person, Person]:
    return PersonFactory.create(**WHO), PersonFactory.create(
        **WHO | {"family_name": "Kovalchuk", "given_name": "Olena"}
    )


def _searched() -> DuplicateSearch:
    result = search()
    assert result is not None
    return result


def test_who_stands_twice_is_found_and_the_pair_names_the_search() -> None:
    one, other = _twice()
    PersonFactory.create(**WHO | {"given_name": "Тетяна"}, household=one.household)
    result = _searched()
    pair = PossibleDuplicate.objects.get()
    assert {pair.first_id, pair.second_id} == {one.pk, other.pk}
    assert (pair.run, pair.probability is not None and pair.probability > 0.9) == (result.pk, True)
    assert (result.people_searched, result.pairs_found, result.pairs_new) == (3, 1, 1)
    event = AuditEvent.objects.get(action="search_duplicates")
    assert (event.object_id, event.detail) == (str(result.pk), {"people": 3, "pairs": 1, "new": 1})


def test_only_who_is_new_or_changed_is_searched_again() -> None:
    one, _other = _twice()
    assert _searched().people_searched == 2
    assert _searched().people_searched == 0
    PersonFactory.create(**WHO | {"birth_date": date(1950, 1, 2)})
    assert _searched().people_searched == 1
    one.given_name = "Олег"
    one.save()
    assert _searched().people_searched == 1
    one.household.phone = "+380501112233"
    one.household.save()
    assert _searched().people_searched == 1
    whole = search(is_whole=True)
    assert whole is not None
    assert (whole.people_searched, whole.pairs_new) == (3, 0)


def test_a_new_person_is_compared_with_those_of_before() -> None:
    one = PersonFactory.create(**WHO)
    assert _searched().pairs_found == 0
    other = PersonFactory.create(**WHO)
    assert _searched().pairs_new == 1
    pair = PossibleDuplicate.objects.get()
    assert {pair.first_id, pair.second_id} == {one.pk, other.pk}


def test_reading_everybody_finds_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    one = PersonFactory.create(**WHO)
    _searched()
    other = PersonFactory.create(**WHO)
    monkeypatch.setattr(searching, "FEW", 0)
    assert _searched().people_searched == 1
    pair = PossibleDuplicate.objects.get()
    assert {pair.first_id, pair.second_id} == {one.pk, other.pk}


def test_voided_and_merged_people_are_left_out() -> None:
    kept = PersonFactory.create(**WHO)
    PersonFactory.create(**WHO, voided=True)
    PersonFactory.create(**WHO, merged_into=kept)
    assert (_searched().people_searched, PossibleDuplicate.objects.count()) == (1, 0)


def test_a_search_that_was_killed_simply_runs_again(monkeypatch: pytest.MonkeyPatch) -> None:
    _twice()

    def killed(*args: Any, **options: Any) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(searching, "propose", killed)
        with pytest.raises(KeyboardInterrupt):
            search()
    assert not SearchedPerson.objects.exists()
    assert not DuplicateSearch.objects.exists()
    assert _searched().pairs_new == 1


def test_two_searches_at_once_are_one() -> None:
    other = connections["default"].copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [searching.LOCK])
            assert search() is None
            with pytest.raises(CommandError, match="Another search is at work"):
                call_command("find_duplicates")
            cursor.execute("SELECT pg_advisory_unlock(%s)", [searching.LOCK])
    finally:
        other.close()
    assert _searched().people_searched == 0


def test_the_command_says_what_it_found(capsys: pytest.CaptureFixture[str]) -> None:
    _twice()
    call_command("find_duplicates")
    assert "2 people were searched for, 1 pairs compared: 1 possible duplicates, 1 of them new" in (
        capsys.readouterr().out
    )


def test_a_list_against_the_register() -> None:
    one, other = _twice()
    found = list(against_register([("7", one.identity())], threshold=0.5, excluding=[one.pk]))
    assert [(name, person) for name, person, _ in found] == [("7", other.pk)]
    assert all(isinstance(person, UUID) for _, person, _ in found)


@pytest.mark.parametrize(
    ("ended", "is_due"),
    [(None, True), ("2024-08-09 23:05", False), ("2024-08-09 22:55", True), ("2024-08-10 09:00", False)],
)
def test_once_a_night(ended: str | None, is_due: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(nightly, "database_now", lambda: datetime(2024, 8, 10, 12, tzinfo=UTC))

    def run(command: list[str], **_: Any) -> Any:
        ran.append(command)
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr("displacement.actions.nightly.subprocess.run", run)
    if ended:
        finished_at = datetime.fromisoformat(ended).replace(tzinfo=UTC)
        DuplicateSearch.objects.create(
            finished_at=finished_at,
            seconds=1,
            is_whole=False,
            people_searched=0,
            pairs_compared=0,
            pairs_found=0,
            pairs_new=0,
        )
    assert is_search_due() is is_due
    search_when_due()
    assert [command[-1] for command in ran] == (["find_duplicates"] if is_due else [])
