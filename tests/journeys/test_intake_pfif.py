"""A register of missing people in PFIF 1.4: who came is registered, who is sought or believed dead is not."""

import pytest

from accounts.models import User
from accounts.policy import Role
from displacement.models import Person
from intake.actions.batches import refused_csv
from intake.models import Finding
from tests.desk.pages import desk_of
from tests.factories.accounts import user_in_role
from tests.factories.regions import RunningOperationFactory, kursk_tree
from tests.intake.sources.test_pfif import HEAD
from tests.journeys.taking import accept, take_in

pytestmark = pytest.mark.django_db


def _person(key: str, family: str, given: str, born: str) -> str:
    return (
        f"<pfif:person><pfif:person_record_id>example.org/{key}</pfif:person_record_id>"
        "<pfif:source_date>2024-08-10T00:00:00Z</pfif:source_date>"
        f"<pfif:full_name>{given} {family}</pfif:full_name><pfif:given_name>{given}</pfif:given_name>"
        f"<pfif:family_name>{family}</pfif:family_name><pfif:sex>female</pfif:sex>"
        f"<pfif:date_of_birth>{born}</pfif:date_of_birth></pfif:person>"
    )


def _note(key: str, at: str, status: str, entered: str) -> str:
    return (
        f"<pfif:note><pfif:note_record_id>example.org/{key}-{at}</pfif:note_record_id>"
        f"<pfif:person_record_id>example.org/{key}</pfif:person_record_id><pfif:entry_date>{entered}</pfif:entry_date>"
        f"<pfif:source_date>{at}</pfif:source_date><pfif:status>{status}</pfif:status></pfif:note>"
    )


def test_who_came_is_registered_and_a_late_note_of_earlier_decides_nothing() -> None:
    kursk_tree()
    RunningOperationFactory.create()
    desk = desk_of(user_in_role(Role.REGISTRAR))
    people = [
        _person("1", "Литвин", "Анна", "1990-05-02"),
        _person("2", "Мельник", "Ольга", "1971"),
        _person("3", "Савченко", "Вера", ""),
        _person("4", "Гончар", "Надія", "1984-11"),
    ]
    notes = [
        _note("1", "2024-08-12T09:00:00Z", "is_note_author", entered="2024-08-12T09:05:00Z"),
        # Written down on the 7th, passed on a week later: what was said on the 12th stands.
        _note("1", "2024-08-07T12:00:00Z", "believed_missing", entered="2024-08-14T08:00:00Z"),
        _note("2", "2024-08-11T00:00:00Z", "information_sought", entered="2024-08-11T00:00:00Z"),
        _note("3", "2024-08-11T00:00:00Z", "believed_dead", entered="2024-08-11T00:00:00Z"),
    ]
    file = f"{HEAD}{''.join(people + notes)}</pfif:pfif>".encode()
    batch = take_in(desk, "people", file, "missing.xml")
    errors = Finding.objects.filter(batch=batch, severity=2).order_by("row").values_list("row", "code")
    assert list(errors) == [(2, "pfif_sought"), (3, "pfif_believed_dead")]
    accept(desk, batch)
    taken = Person.objects.order_by("family_name").values_list("family_name", "birth_precision", "reference")
    assert list(taken) == [("Гончар", "month", "example.org/4"), ("Литвин", "day", "example.org/1")]
    sent_back = "".join(refused_csv(batch=batch, by=User.objects.get(pk=batch.received_by)))
    assert "Мельник" in sent_back
    assert "being looked for" in sent_back
