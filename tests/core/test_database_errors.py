"""What PostgreSQL refuses reaches a person as a sentence, without the values that it quotes."""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models

from core.database_errors import whole_or_refused
from core.refusals import Refusals, refusal
from displacement.models import Person
from tests.factories.accounts import MembershipFactory
from tests.factories.displacement import HouseholdFactory, PersonFactory
from tests.factories.shelters import HeadcountFactory
from tests.refusals import codes

pytestmark = pytest.mark.django_db


@whole_or_refused()
def break_a_rule() -> None:
    """Write something good, then a person without any name."""
    HouseholdFactory.create()
    PersonFactory.create(given_name="", family_name="")


@whole_or_refused({"membership_once": "member_already"})
def join_twice() -> None:
    """A rule over several fields, with a code of the act's own."""
    first = MembershipFactory.create()
    MembershipFactory.create(user=first.user, organisation=first.organisation)


@whole_or_refused()
def point_nowhere() -> None:
    """Name a household that is not there, and let PostgreSQL look at once."""
    person = PersonFactory.create()
    Person.objects.filter(pk=person.pk).update(household_id="00000000-0000-0000-0000-000000000000")
    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_broken_rule_is_a_sentence_and_nothing_is_saved() -> None:
    with pytest.raises(ValidationError) as caught:
        break_a_rule()
    assert codes(caught.value) == {"__all__": ["person_has_a_name"]}
    assert caught.value.messages == ["Write at least one name, given or family."]
    assert not Person.objects.exists()
    assert caught.value.__suppress_context__  # the cause quotes the row


def test_an_act_gives_a_rule_its_own_code() -> None:
    with pytest.raises(ValidationError) as caught:
        join_twice()
    assert codes(caught.value) == {"region": ["member_already"]}


def test_a_record_that_is_gone_is_a_sentence() -> None:
    with pytest.raises(ValidationError) as caught:
        point_nowhere()
    assert codes(caught.value) == {"__all__": ["gone"]}


def test_a_rule_without_a_sentence_stays_an_error_of_the_program() -> None:
    connection.cursor().execute("ALTER TABLE shelters_headcount ADD CONSTRAINT unsaid CHECK (people < 5)")
    with pytest.raises(IntegrityError), whole_or_refused():
        HeadcountFactory.create(people=7)


def test_every_check_that_input_can_break_has_a_sentence_of_its_own() -> None:
    """Django's own sentence names the constraint, which tells nobody what to do."""
    internal = {"region_path_ends_in_key"}
    mute = [
        rule.name
        for model in apps.get_models()
        for rule in model._meta.constraints
        if isinstance(rule, models.CheckConstraint)
        and rule.name not in internal
        and rule.violation_error_message == rule.default_violation_error_message
        and model._meta.app_label in {"regions", "accounts", "displacement", "shelters"}
    ]
    assert mute == []


def test_refusals_are_collected_and_said_at_once() -> None:
    rows, one = Refusals(), Refusals("people.3.")
    one.add("age", "Too high.", "age")
    one.add("", "All wrong.", "whole")
    rows.take(one)
    with pytest.raises(ValidationError) as caught:
        rows.raise_any()
    assert codes(caught.value) == {"people.3.age": ["age"], "__all__": ["whole"]}
    assert codes(refusal("No.", code="no")) == {"__all__": ["no"]}
    Refusals().raise_any()
