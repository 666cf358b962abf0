"""Two records of one human being become one, and two again."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import User
from accounts.policy import Role
from audit.actions.voiding import void
from audit.models import AuditEvent
from displacement.actions import movements, people
from displacement.actions.merging import merge, unmerge
from displacement.models import Merge, Movement, Person, PossibleDuplicate, Repointing
from shelters.actions import stays
from shelters.models import Stay
from tests.factories.accounts import OrganisationFactory, almighty, user_in_role
from tests.factories.displacement import (
    AllegedCasualtyFactory,
    ArrivedMovementFactory,
    MovementFactory,
    PersonFactory,
    PersonNeedFactory,
)
from tests.factories.facts import KURSK_MORNING
from tests.factories.shelters import EndedStayFactory, OpenShelterFactory, OpenStayFactory
from tests.refusals import refused

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def clerk() -> User:
    """Reaches everybody."""
    user: User = almighty()
    return user


def test_every_row_of_the_merged_names_the_survivor(clerk: User) -> None:
    kept, merged = PersonFactory.create(), PersonFactory.create()
    rows: list[Any] = [
        MovementFactory.create(person=merged),
        PersonNeedFactory.create(person=merged),
        EndedStayFactory.create(person=merged),
        AllegedCasualtyFactory.create(person=merged),
    ]
    done = merge(kept=kept, merged=merged, by=clerk, reason="same card")
    for row in rows:
        row.refresh_from_db()
        assert row.person_id == kept.pk
    merged.refresh_from_db()
    assert (merged.merged_into_id, list(Person.objects.unmerged())) == (kept.pk, [kept])
    assert Repointing.objects.filter(merge=done).count() == 5
    assert PossibleDuplicate.objects.get().state == "same"
    trace = AuditEvent.objects.get(action="merge")
    assert trace.object_id == str(kept.pk)
    assert trace.detail["rows"] == {
        "displacement.casualty": 1,
        "displacement.movement": 1,
        "displacement.personneed": 1,
        "shelters.stay": 1,
    }


def test_what_came_after_the_merge_stays_with_the_survivor_and_is_named(clerk: User) -> None:
    kept, merged = PersonFactory.create(), PersonFactory.create()
    own = MovementFactory.create(person=merged)
    stay = OpenStayFactory.create(person=merged)
    done = merge(kept=kept, merged=merged, by=clerk)
    later = ArrivedMovementFactory.create(person=kept, recorded_at=timezone.now())
    stays.check_out(stay=stay, by=clerk)
    result = unmerge(merge=done, by=clerk, reason="two cousins of one name")
    assert (result.later, result.edited) == ((later,), (stay,))
    assert set(Movement.objects.filter(person=merged)) == {own}
    assert set(Movement.objects.filter(person=kept)) == {later}
    stay.refresh_from_db()
    assert (stay.person_id, stay.ended_at is not None) == (merged.pk, True)
    assert PossibleDuplicate.objects.get().state == "different"


def test_stays_at_one_time_are_in_the_way_until_one_is_voided(clerk: User) -> None:
    kept, merged = PersonFactory.create(), PersonFactory.create()
    OpenStayFactory.create(person=kept)
    EndedStayFactory.create(person=merged, occurred_at=KURSK_MORNING - 5 * DAY)
    double = OpenStayFactory.create(person=merged, occurred_at=KURSK_MORNING + DAY)
    words = refused("in_the_way", "", merge, kept=kept, merged=merged, by=clerk)
    assert "Void one of the two, or end the first before the second begins" in words
    merge(kept=kept, merged=merged, by=clerk, is_clearing=True)
    double.refresh_from_db()
    assert double.is_void
    assert AuditEvent.objects.filter(action="void", object_id=str(double.pk)).exists()
    assert Stay.objects.current().filter(person=kept).count() == 2


def test_what_cannot_be_merged_is_refused_with_what_to_do(clerk: User) -> None:
    kept, merged = PersonFactory.create(), PersonFactory.create()
    refused("merge_of_two", "", merge, kept=kept, merged=kept, by=clerk)
    refused("void", "", merge, kept=PersonFactory.create(voided=True), merged=merged, by=clerk)
    done = merge(kept=kept, merged=merged, by=clerk)
    refused("merged", "", merge, kept=PersonFactory.create(), merged=merged, by=clerk)
    refused("merged", "", merge, kept=merged, merged=PersonFactory.create(), by=clerk)
    for either in (kept, merged, kept.household):
        refused("held", "", void, fact=either, by=clerk, reason="wrong")
    refused("reason_needed", "reason", unmerge, merge=done, by=clerk, reason=" ")
    unmerge(merge=done, by=clerk, reason="no")
    refused("unmerged", "", unmerge, merge=done, by=clerk, reason="no")
    void(merged, by=clerk, reason="wrong")


def test_only_who_reaches_both_records_merges_or_takes_back(clerk: User) -> None:
    own = OrganisationFactory.create()
    kept = PersonFactory.create(household__organisation=own)
    merged, other = PersonFactory.create(household__organisation=own), PersonFactory.create()
    registrar = user_in_role(Role.REGISTRAR, organisation=own)
    for first, second in ((kept, other), (other, kept)):
        with pytest.raises(PermissionDenied):
            merge(kept=first, merged=second, by=registrar)
    done = merge(kept=kept, merged=merged, by=registrar)
    with pytest.raises(PermissionDenied):
        unmerge(merge=done, by=user_in_role(Role.SHELTER_MANAGER, organisation=own), reason="no")
    across = merge(kept=other, merged=kept, by=clerk)
    with pytest.raises(PermissionDenied):
        unmerge(merge=across, by=registrar, reason="no")
    assert Merge.objects.visible_to(registrar).get() == done


def test_nothing_is_written_for_a_merged_person(clerk: User) -> None:
    own = OrganisationFactory.create()
    kept = PersonFactory.create(household__organisation=own)
    merged = PersonFactory.create(household__organisation=own)
    merge(kept=kept, merged=merged, by=clerk)
    step = {"kind": "left", "occurred_at": KURSK_MORNING}
    words = refused("merged", "person", movements.record, person=merged, by=clerk, **step)
    assert words.endswith(f"Go on with number {kept.number}.")
    shelter = OpenShelterFactory.create()
    refused("merged", "person", stays.check_in, person=merged, shelter=shelter, by=clerk)
    refused("merged", "", people.change, person=merged, version=1, by=clerk, given_name="Ira")
    refused(
        "nobody_named",
        "household",
        stays.check_in_household,
        household=merged.household,
        shelter=shelter,
        by=clerk,
    )
    foreign = PersonFactory.create()
    merge(kept=foreign, merged=kept, by=clerk)
    words = refused("merged", "person", movements.record, person=kept, by=clerk, **step)
    assert foreign.number not in words
    assert "another organisation" in words
