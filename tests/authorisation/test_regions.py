"""PostgreSQL alone keeps regions of one organisation apart: every table of people, to see, to change and to add."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import ProgrammingError, transaction
from django.db.models import F
from uuid6 import uuid7

from accounts.bounds import BOUNDS, EVERY, WAYS
from accounts.models import User
from accounts.policy import Role
from accounts.rows import standing_of
from config.api_urls import router
from config.row_security import Walled, walled
from core.database_roles import LOGIN, Standing, stand
from displacement.actions.joining import join
from displacement.models import Household, HouseholdChange, HouseholdJoin, Movement, Person
from displacement.models.duplicate import PairWord, Repointing, TakenOver, Verdict
from displacement.models.search import SearchedPerson
from roster.models.export import ExportPart
from shelters.actions.stays import check_in
from shelters.models import Stay
from tests.authorisation.expected import ELSEWHERE, FAR, FOREIGN, OWN
from tests.authorisation.grounds import HERE, THERE, Grounds
from tests.factories.accounts import MembershipFactory, user_in_role
from tests.factories.displacement import AllegedCasualtyFactory
from tests.factories.facts import KURSK_MORNING
from tests.factories.regions import region
from tests.factories.shelters import OpenStayFactory

pytestmark = pytest.mark.django_db

#: What a trigger lets nobody change.
FROZEN = {"displacement.repointing", "displacement.takenover"}
BOUNDED = [wall for wall in walled() if wall.kind in WAYS]


@contextmanager
def standing(held: Standing) -> Iterator[None]:
    """Work so in the block."""
    stand(held)
    try:
        yield
    finally:
        stand(LOGIN)


def _rows(wall: Walled) -> set[Any]:
    """The keys of all rows that are seen now, with no condition at all."""
    return set(wall.model._base_manager.order_by().values_list("pk", flat=True))


def _inside(wall: Walled, organisation: Any, path: str) -> set[Any]:
    """Those that lie in the organisation's region, as their ways say; read by whoever sees all."""
    found = []
    for way in wall.ways:
        there = {way.organisation: organisation, f"{way.region}__path__startswith": path}
        found.append(set(wall.model._base_manager.filter(**there).values_list("pk", flat=True)))
    return set.intersection(*found) if wall.kind in EVERY else set.union(*found)


def _changed(wall: Walled, rows: set[Any]) -> int:
    """How many of the rows can be written, by an UPDATE that alters nothing and is taken back."""
    column = next(each for each in wall.model._meta.concrete_fields if not each.primary_key)
    with transaction.atomic():
        told = wall.model._base_manager.filter(pk__in=list(rows)).update(
            **{column.attname: F(column.attname)}
        )
        transaction.set_rollback(True)
    return told


def test_every_walled_kind_that_regions_bound_has_a_way() -> None:
    """One table for both layers: row security knows no other lookup, and no kind is bounded by its organisation alone."""
    bounded = {kind for kind, bounds in BOUNDS.items() if "region" in bounds}
    walls = {wall.kind: wall for wall in walled()}
    # A partner's system may read in several regions, and in all: whose pages show its webhooks, their queryset says.
    assert (bounded & walls.keys()) - WAYS.keys() == {"exchange.endpoint"}
    assert WAYS.keys() - walls.keys() == set()
    assert [kind for kind, wall in walls.items() if not all(way.region for way in wall.ways)] == [
        "exchange.endpoint"
    ]


def test_acts_are_bounded_by_the_same_lookups() -> None:
    """What a page or an address asks for an act is a way of its kind of record."""
    views: list[tuple[str, Any, str]] = router.registry
    desks: list[Any] = list(admin.site._registry.values())
    told = [
        (view.resource, view.reach.get("organisation", "organisation_id"), view.reach.get("region", ""))
        for _prefix, view, _name in views
        if getattr(view, "reach", None)
    ]
    told += [
        (desk.resource, desk.reach_organisation, desk.reach_region)
        for desk in desks
        if getattr(desk, "reach_region", "")
    ]
    for kind, organisation, place in told:
        if kind in WAYS:
            assert (organisation.removesuffix("_id"), place) in WAYS[kind], kind


@pytest.fixture(autouse=True)
def _rows_of_merges_joins_and_searches(grounds: Grounds, db: None) -> None:
    """What the grounds have none of, at both places of the organisation."""
    for place in (OWN, ELSEWHERE):
        ground = grounds.at[place.name]
        more: dict[str, Any] = ground.more
        one, other = ground.somebody(), ground.somebody()
        said = {"at": KURSK_MORNING, "model": "displacement.person", "field": "name", "row": one.pk}
        fact = {"occurred_at": KURSK_MORNING, "recorded_at": KURSK_MORNING, "recorded_by": one.pk}
        merge = more["displacement.merge"]
        HouseholdJoin.objects.create(household=one.household, into=other.household, **fact)
        HouseholdChange.objects.create(
            person=one, from_household=one.household, to_household=other.household, **fact
        )
        Repointing.objects.create(merge=merge, **said)
        TakenOver.objects.create(merge=merge, old={}, new={}, **said)
        SearchedPerson.objects.create(person=one, fingerprint=1)
        ExportPart.objects.create(export=more["roster.peopleexport"], number=1, data=b"")
        PairWord.objects.create(
            pair=more["displacement.possibleduplicate"],
            organisation=ground.organisation,
            verdict=Verdict.LATER,
            decided_at=KURSK_MORNING,
            decided_by=one.pk,
        )


@pytest.mark.parametrize("wall", BOUNDED, ids=lambda wall: str(wall.kind))
def test_one_region_of_an_organisation_is_seen_and_changed(wall: Walled, grounds: Grounds) -> None:
    """The control: whose role covers all regions sees and changes what lies elsewhere."""
    organisation = grounds.at[OWN.name].organisation
    inside = _inside(wall, organisation, region(HERE).path)
    elsewhere = _inside(wall, organisation, "") - inside
    with standing(standing_of(grounds.users[Role.REGISTRAR])):
        assert _rows(wall) == inside
        assert wall.kind in FROZEN or _changed(wall, elsewhere) == 0
    with standing(standing_of(user_in_role(Role.REGISTRAR, organisation=organisation))):
        assert _rows(wall) >= inside | elsewhere
        if wall.kind not in FROZEN:
            assert _changed(wall, elsewhere) == len(elsewhere)


def test_there_is_something_elsewhere_of_every_kind(grounds: Grounds) -> None:
    """Or the test above would hold with nothing in it."""
    organisation, here = grounds.at[OWN.name].organisation, region(HERE).path
    for wall in BOUNDED:
        inside = _inside(wall, organisation, here)
        assert inside, wall.kind
        assert _inside(wall, organisation, "") - inside, wall.kind


def test_nothing_is_added_to_another_region_or_moved_there(grounds: Grounds) -> None:
    own, there = grounds.at[OWN.name], grounds.at[ELSEWHERE.name]
    changes: list[tuple[Any, dict[str, Any]]] = [
        (Household.objects.filter(pk=own.household.pk), {"registered_in": region(THERE)}),
        (Person.objects.filter(pk=own.person.pk), {"household": there.household}),
        (Movement.objects.filter(person=own.person), {"person": there.person}),
        (Stay.objects.filter(shelter=own.shelter), {"shelter": there.shelter}),
    ]
    copy = Household.objects.get(pk=own.household.pk)
    copy.pk, copy.serial, copy.reference, copy.registered_in = uuid7(), 987654, "", region(THERE)
    limited = standing_of(grounds.users[Role.REGISTRAR])
    for role, refused in ((limited, True), (standing_of(_of_all_regions(grounds)), False)):
        for rows, values in changes:
            assert rows.exists()
            with standing(role), transaction.atomic():
                _expect(refused, partial(rows.update, **values))
                transaction.set_rollback(True)
        with standing(role), transaction.atomic():
            _expect(refused, partial(copy.save, force_insert=True))
            transaction.set_rollback(True)


def _expect(refused: bool, act: Callable[[], Any]) -> None:
    if not refused:
        act()
        return
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        act()


def _of_all_regions(grounds: Grounds) -> User:
    return user_in_role(Role.REGISTRAR, organisation=grounds.at[OWN.name].organisation)


def test_regions_of_one_organisation_are_none_of_another(grounds: Grounds) -> None:
    """Who works for two organisations in two regions sees each in its own one, and not each in both."""
    own, far = grounds.at[OWN.name], grounds.at[FAR.name]
    user = user_in_role(Role.REGISTRAR, organisation=own.organisation, region=region(HERE))
    MembershipFactory.create(
        user=user, organisation=far.organisation, role=Role.REGISTRAR, region=region(THERE)
    )
    with standing(standing_of(User.objects.get(pk=user.pk))):
        seen = set(Household.objects.values_list("pk", flat=True))
    asked = {place: ground.household.pk in seen for place, ground in grounds.at.items()}
    assert asked == {OWN.name: True, FAR.name: True, ELSEWHERE.name: False, FOREIGN.name: False}


def test_one_role_without_a_region_makes_its_own_organisation_whole(grounds: Grounds) -> None:
    own = grounds.at[OWN.name]
    user = user_in_role(Role.REGISTRAR, organisation=own.organisation, region=region(HERE))
    MembershipFactory.create(user=user, organisation=own.organisation, role=Role.CASEWORKER)
    user = User.objects.get(pk=user.pk)
    assert standing_of(user).is_everywhere
    with standing(standing_of(user)):
        seen = set(Household.objects.values_list("pk", flat=True))
    asked = {place: ground.household.pk in seen for place, ground in grounds.at.items()}
    assert asked == {OWN.name: True, ELSEWHERE.name: True, FAR.name: False, FOREIGN.name: False}


def test_guests_and_victims_from_other_regions_are_seen_and_left_as_they_are(grounds: Grounds) -> None:
    """By whom they are named here: the person alone, and neither the household nor the papers."""
    own, there = grounds.at[OWN.name], grounds.at[ELSEWHERE.name]
    guest, victim, nobody = (there.somebody() for _ in range(3))
    OpenStayFactory.create(person=guest, shelter=own.shelter)
    OpenStayFactory.create(person=nobody, shelter=there.shelter)
    AllegedCasualtyFactory.create(person=victim, incident=own.incident)
    with standing(standing_of(grounds.users[Role.REGISTRAR])):
        people = Person.objects.filter(pk__in=[guest.pk, victim.pk, nobody.pk])
        assert set(people.values_list("pk", flat=True)) == {guest.pk, victim.pk}
        assert not Household.objects.filter(people__in=[guest, victim]).exists()
        assert people.update(reference="") == 0


def test_whose_bed_is_in_another_region_is_not_checked_in_twice(grounds: Grounds) -> None:
    """That stay is not seen here: a second one is refused all the same, and nothing is told of where the first is."""
    own, there = grounds.at[OWN.name], grounds.at[ELSEWHERE.name]
    person = own.somebody()
    OpenStayFactory.create(person=person, shelter=there.shelter)
    with standing(standing_of(grounds.users[Role.REGISTRAR])), pytest.raises(ValidationError) as refused:
        check_in(person=person, shelter=own.shelter, by=grounds.users[Role.REGISTRAR])
    assert [each.code for each in refused.value.error_dict["person"]] == ["already_checked_in"]
    assert there.shelter.name not in str(refused.value)


def test_who_was_joined_into_a_household_of_another_region_is_not_written_to(grounds: Grounds) -> None:
    own, there = grounds.at[OWN.name], grounds.at[ELSEWHERE.name]
    household = own.somebody().household
    into = there.another_household()
    join(household=household, into=into, by=_of_all_regions(grounds))
    with standing(standing_of(grounds.users[Role.REGISTRAR])), pytest.raises(ValidationError) as refused:
        join(household=household, into=own.household, by=grounds.users[Role.REGISTRAR])
    assert [each.code for each in refused.value.error_dict["household"]] == ["joined_already"]
    assert into.number not in str(refused.value)
