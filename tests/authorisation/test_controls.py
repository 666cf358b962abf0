"""With any one layer taken away the generated tests find it: they look, and do not only pass."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db.models import Q

from accounts import acting, fields, permissions, route_policy
from accounts.bounds import WAYS
from accounts.policy import Role
from core.api import pagination, views
from core.database_roles import EVERYBODY
from displacement.models import casualty, document, duplicate, household, incident, movement, person
from intake.models import batch
from shelters.models import shelter, stay
from tests.authorisation import over_api, over_desk
from tests.authorisation.expected import ELSEWHERE, FAR, FOREIGN
from tests.authorisation.grounds import Grounds
from tests.authorisation.sweep import Asker, Report

pytestmark = pytest.mark.django_db

Sweep = Callable[[Asker, Grounds], None]


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> Iterator[None]:
    """Queries that were put together with a layer do not stand in for those without it, nor the other way round."""
    _forget()
    yield
    _forget()


def _forget() -> None:
    pagination.PAGES.forget()
    views.ONES.forget()
    acting.REACHED.forget()
    fields.KNOWN_HIDDEN.clear()


def _everything(*_args: Any, **_options: Any) -> Q:
    return Q()


def _yes(*_args: Any, **_options: Any) -> bool:
    return True


def _all_rows(patch: pytest.MonkeyPatch) -> None:
    for module in (casualty, document, duplicate, household, incident, movement, person, batch, stay):
        patch.setattr(module, "reached", _everything)
    for bounded in (batch, shelter):
        patch.setattr(bounded, "within_reach", _everything)


def _no_wall(patch: pytest.MonkeyPatch) -> None:
    """As if PostgreSQL had no policies: every request works as the service does."""
    for module in ("accounts.rows", "accounts.api.standing"):
        patch.setattr(f"{module}.standing_of", lambda _user: EVERYBODY)


def _neither(patch: pytest.MonkeyPatch) -> None:
    _all_rows(patch)
    _no_wall(patch)


def _no_masks(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(fields, "_masked_fields", lambda *_of: ())
    patch.setattr("config.desk.site.masks_of", lambda _resource: {})


def _all_fields(patch: pytest.MonkeyPatch) -> None:
    _no_masks(patch)
    patch.setattr(fields, "_is_shown", _yes)


def _all_columns(patch: pytest.MonkeyPatch) -> None:
    _no_masks(patch)
    for asked in ("shows", "asks", "shows_of"):
        patch.setattr(f"config.desk.site.{asked}", _yes)


def _no_veils(patch: pytest.MonkeyPatch) -> None:
    """As if all columns came out of the database as they are."""
    for module in ("accounts.rows", "accounts.api.standing"):
        patch.setattr(f"{module}.wear", lambda _veils: None)


def _all_questions(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("core.api.filters.refuse_unknown", _everything)


def _all_acts(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(permissions, "may", _yes)


def _people(who: Asker, grounds: Grounds) -> None:
    over_desk.sweep_records(who, grounds, only=("displacement.person", "displacement.household"))


#: Kinds of record that are behind the wall; places are what everybody in a region sees (shelters), or nobody's.
WALLED = tuple(f" tells {kind} " for kind in sorted({*WAYS, "intake.stagedrow"}))


def _of_others(found: list[str]) -> list[str]:
    """What was told of people of another organisation, or of another region of the own one."""
    there = tuple(f" of {place.name}" for place in (ELSEWHERE, FOREIGN, FAR))
    return [each for each in found if any(kind in each for kind in WALLED) and each.endswith(there)]


def _of_elsewhere(found: list[str]) -> list[str]:
    return [each for each in _of_others(found) if each.endswith(f" of {ELSEWHERE.name}")]


def _found(sweep: Sweep, role: Role, grounds: Grounds, module: Any) -> list[str]:
    report = Report()
    sweep(module.asker(role, grounds, report), grounds)
    return report.unexpected


def _told(found: list[str]) -> list[str]:
    return [each for each in found if " tells " in each]


@pytest.mark.parametrize(
    ("without", "role", "told"),
    [
        (_neither, Role.REGISTRAR, "tells displacement.person"),
        (_all_acts, Role.PUBLISHER, "not 403"),
    ],
)
def test_the_api_without_layers(
    without: Callable[[pytest.MonkeyPatch], None],
    role: Role,
    told: str,
    grounds: Grounds,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without(monkeypatch)
    found = _found(over_api.sweep_places, role, grounds, over_api)
    assert [each for each in found if told in each]


def test_the_desk_without_layers(grounds: Grounds, monkeypatch: pytest.MonkeyPatch) -> None:
    _neither(monkeypatch)
    found = _found(_people, Role.REGISTRAR, grounds, over_desk)
    assert [each for each in found if "tells displacement.person" in each]


#: What a role is not shown of records that it sees: hidden from one, masked for the other.
COLUMNS = [
    (Role.SHELTER_MANAGER, "tells displacement.household phone"),
    (Role.CASEWORKER, "tells displacement.household phone"),
    (Role.CASEWORKER, "tells displacement.person birth_date"),
]


@pytest.mark.parametrize("role", [Role.SHELTER_MANAGER, Role.CASEWORKER, Role.REGISTRAR])
def test_without_listed_fields_and_masks_the_veils_tell_nothing(
    role: Role, grounds: Grounds, monkeypatch: pytest.MonkeyPatch
) -> None:
    _all_fields(monkeypatch)
    _all_columns(monkeypatch)
    assert _told(_found(over_api.sweep_places, role, grounds, over_api)) == []
    assert _told(_found(_people, role, grounds, over_desk)) == []
    assert _told(_found(over_desk.sweep_searches, role, grounds, over_desk)) == []


@pytest.mark.parametrize("role", [Role.SHELTER_MANAGER, Role.CASEWORKER, Role.REGISTRAR])
def test_without_veils_listed_fields_and_masks_tell_nothing(
    role: Role, grounds: Grounds, monkeypatch: pytest.MonkeyPatch
) -> None:
    _no_veils(monkeypatch)
    assert _found(over_api.sweep_places, role, grounds, over_api) == []
    assert _found(_people, role, grounds, over_desk) == []
    assert _found(over_desk.sweep_searches, role, grounds, over_desk) == []


@pytest.mark.parametrize(("role", "told"), COLUMNS)
def test_without_both_columns_are_told(
    role: Role, told: str, grounds: Grounds, monkeypatch: pytest.MonkeyPatch
) -> None:
    for without in (_all_fields, _all_columns, _no_veils):
        without(monkeypatch)
    for found in (
        _found(over_api.sweep_places, role, grounds, over_api),
        _found(_people, role, grounds, over_desk),
    ):
        assert [each for each in found if told in each]


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.CASEWORKER, Role.SHELTER_MANAGER])
def test_without_our_own_layers_the_database_tells_nothing_of_others(
    role: Role, grounds: Grounds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lists, details, searches, the desk: with querysets and permissions that let everything through."""
    for without in (_all_rows, _all_acts):
        without(monkeypatch)
    assert _of_others(_found(over_api.sweep_places, role, grounds, over_api)) == []
    assert _of_others(_found(over_api.sweep_questions, role, grounds, over_api)) == []
    assert _of_others(_found(_people, role, grounds, over_desk)) == []
    assert _of_others(_found(over_desk.sweep_searches, role, grounds, over_desk)) == []
    assert _of_others(_found(over_desk.sweep_matches, role, grounds, over_desk)) == []


def test_without_the_wall_our_own_layers_tell_nothing(
    grounds: Grounds, monkeypatch: pytest.MonkeyPatch
) -> None:
    _no_wall(monkeypatch)
    assert _found(over_api.sweep_places, Role.REGISTRAR, grounds, over_api) == []
    assert _found(over_desk.sweep_searches, Role.REGISTRAR, grounds, over_desk) == []
    assert _found(_people, Role.REGISTRAR, grounds, over_desk) == []


def test_without_both_others_are_told(grounds: Grounds, monkeypatch: pytest.MonkeyPatch) -> None:
    _neither(monkeypatch)
    for found in (
        _found(over_api.sweep_places, Role.REGISTRAR, grounds, over_api),
        _found(_people, Role.REGISTRAR, grounds, over_desk),
    ):
        assert _of_elsewhere(found)
        assert set(_of_others(found)) - set(_of_elsewhere(found))


def test_questions_without_their_list(grounds: Grounds, monkeypatch: pytest.MonkeyPatch) -> None:
    _all_questions(monkeypatch)
    assert _found(over_api.sweep_questions, Role.REGISTRAR, grounds, over_api)


def test_the_first_door_stands_alone(grounds: Grounds, monkeypatch: pytest.MonkeyPatch) -> None:
    """Taken away, the pages still refuse by themselves: no layer is the only one."""
    monkeypatch.setattr(route_policy, "may", _yes)
    assert [each for each in _found(_people, Role.PUBLISHER, grounds, over_desk) if "tells" in each] == []
