"""Honey records are in no file, feed, queue or hint; without each guard they would be."""

import pytest

from accounts.models import Organisation, User
from displacement.actions import duplicates
from displacement.actions.duplicates import propose
from displacement.identity import lookup
from displacement.identity.lookup import likely_duplicates
from displacement.models import Person
from displacement.models import honey as models
from displacement.models.honey import NOBODY, HoneyRecordQuerySet
from roster.actions.exports import approve
from roster.actions.making import make_due
from roster.models import PeopleExport
from tests.exchange.test_feed import Reader
from tests.factories.honey import house_of, laid_out
from tests.roster.conftest import asked

pytestmark = pytest.mark.django_db


def made(own: Organisation, by: User, officer: User) -> int:
    """How many people a new export has."""
    export = approve(export=asked(own, by), by=officer)
    assert make_due() == 1
    return int(PeopleExport.objects.get(pk=export.pk).people or 0)


def test_an_export_has_the_same_people(
    own: Organisation, people: list[Person], clerk: User, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid_out(own, 5)
    assert made(own, clerk, officer) == len(people)
    monkeypatch.setattr(HoneyRecordQuerySet, "laid", lambda _self: NOBODY)
    assert made(own, clerk, officer) > len(people)


def test_the_feed_tells_of_none(
    own: Organisation, people: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Reader(own)
    laid_out(own, 3)
    assert reader.read() == []
    monkeypatch.setattr(models.HoneyRecordQuerySet, "laid", lambda _self: NOBODY)
    laid_out(own, 1)
    assert {kind for kind, _id, _change in reader.read()} == {"household", "person", "movement"}


def test_nobody_is_like_one(own: Organisation, people: list[Person], monkeypatch: pytest.MonkeyPatch) -> None:
    decoy = Person.objects.filter(household=house_of(laid_out(own, 1)[0])).earliest("pk")
    identity = decoy.identity()
    assert likely_duplicates(identity) == []
    assert propose([(decoy.pk, people[0].pk, 0.99)]) == 0
    monkeypatch.setattr(lookup, "is_marked", lambda _value: False)
    monkeypatch.setattr(duplicates, "is_marked", lambda _value: False)
    assert [likely.person_id for likely in likely_duplicates(identity)] == [decoy.pk]
    assert propose([(decoy.pk, people[0].pk, 0.99)]) == 1
