"""Who is erased is taken out of forms and lists that wait, and whoever looks like them is shown to a person first."""

import io
import json
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Membership, User
from accounts.policy import Role
from displacement.actions.people import change
from displacement.identity import spotting
from displacement.models import Person
from intake.actions import batches, submissions
from intake.content import opened
from intake.models import Batch, StagedRow, Submission
from intake.models.batch import BatchState
from intake.staging import stage
from retention.actions.erasures import approve, ask
from retention.actions.reapplying import apply_ledger
from retention.actions.waiting import answer, unanswered
from retention.ledger import write_down
from retention.models import Answer
from tests.desk.pages import act_url, desk_of, words
from tests.factories.displacement import HouseholdFactory, PersonFactory
from tests.factories.intake import KoboFormFactory
from tests.intake.lists import COLUMNS, checked, clerk, family, organisation_of, people, sent
from tests.refusals import codes
from tests.retention.conftest import erased
from tests.retention.takers import by, officer

pytestmark = pytest.mark.django_db
__all__ = ["by", "officer"]


@pytest.fixture
def zorya(by: User) -> Person:
    """Registered by name, birth date and telephone, with a brother who stays."""
    house = HouseholdFactory.create(organisation=organisation_of(by), phone="+7 919 123 45 67")
    PersonFactory.create(household=house)
    made: Person = PersonFactory.create(
        household=house, family_name="Zqorvenko", given_name="Olha", birth_date=date(1980, 2, 15)
    )
    return Person.objects.get(pk=made.pk)


def payload(*members: dict[str, Any], number: int = 1, **more: Any) -> dict[str, Any]:
    """A form as Kobo sends it."""
    return {"_id": number, "meta/instanceID": f"uuid:inst-{number}", "hh/people": list(members), **more}


def member(family: str = "Zqorvenko", given: str = "Olha", born: str = "1980-02-15") -> dict[str, Any]:
    """One member of a form."""
    return {"hh/people/family_name": family, "hh/people/given_name": given, "hh/people/birth": born}


def waiting(by: User, *payloads: dict[str, Any]) -> list[Submission]:
    """These forms, in the inbox."""
    form = KoboFormFactory.create(organisation=organisation_of(by))
    return [submissions.take(form=form, payload=each, by=by) for each in payloads]


def held(submission: Submission) -> str:
    """What is left in a form."""
    return json.dumps(Submission.objects.get(pk=submission.pk).payload, ensure_ascii=False)


def text_of(batch: Batch) -> str:
    """The file of a list."""
    with opened(batch) as file:
        return file.read().decode()


def test_forms_that_wait_lose_the_member_and_keep_the_others(by: User, officer: User, zorya: Person) -> None:
    theirs, alone, others = waiting(
        by,
        payload(member(), member("Bondar", "Ivan", "1990-01-02")),
        payload(member("ZQORVENKO ", "olha", "15.02.1980"), number=2),
        payload(member("Koval", "Anna", "1980-02-15"), number=3),
    )
    before = held(others)
    erasure = erased(zorya, by, officer)
    assert "Zqorvenko" not in held(theirs)
    assert "Bondar" in held(theirs)
    assert held(others) == before
    assert held(alone) == "{}"
    assert erasure.taken["entries"] == 2


def test_what_was_looked_through_leaves_the_memory_of_the_server(
    by: User, officer: User, zorya: Person
) -> None:
    waiting(by, payload(member(), member("Bondar", "Ivan", "1990-01-02")))
    erased(zorya, by, officer)
    folded = (spotting._plain, spotting._keys, spotting._codes, spotting._days)
    assert [each.cache_info().currsize for each in folded] == [0, 0, 0, 0]


def test_a_form_that_was_emptied_is_not_gathered_and_keeps_its_place(
    by: User, officer: User, zorya: Person
) -> None:
    (theirs,) = waiting(by, payload(member()))
    erased(zorya, by, officer)
    assert held(theirs) == "{}"
    again = submissions.take(form=theirs.form, payload=payload(member()), by=by)
    assert again.pk == theirs.pk
    with pytest.raises(ValidationError) as refusal:
        submissions.gather(form=theirs.form, by=by)
    assert codes(refusal.value) == {"__all__": ["nothing_waits"]}


@pytest.mark.parametrize("said", [Answer.SAME, Answer.OTHER])
def test_who_looks_like_them_is_shown_and_answered_first(
    by: User, officer: User, zorya: Person, said: Answer
) -> None:
    (like,) = waiting(by, payload(member(born="")))
    erasure = ask(subject=zorya, ground="asked", by=by)
    with pytest.raises(ValidationError) as refusal:
        approve(erasure=erasure, by=officer)
    assert codes(refusal.value) == {"__all__": ["look_first"]}
    assert "Zqorvenko" not in str(refusal.value)
    (found,) = unanswered(erasure=erasure)
    answer(erasure=erasure, answers={found.key: said}, by=officer)
    done = approve(erasure=erasure, by=officer)
    assert ("Zqorvenko" in held(like)) is (said is Answer.OTHER)
    assert done.answers == {}


def test_a_file_that_nobody_read_loses_the_row_and_can_be_read(
    by: User, officer: User, zorya: Person
) -> None:
    rows = [*family("2"), *family("1", given=["Olha"], Family="Zqorvenko", Born="1980-02-15")]
    unread = sent(people(*rows), by)
    assert unread.state == BatchState.NEEDS_MAPPING
    assert "Zqorvenko" in text_of(unread)
    erased(zorya, by, officer)
    batch = Batch.objects.get(pk=unread.pk)
    assert "Zqorvenko" not in text_of(batch)
    assert batch.state == BatchState.NEEDS_MAPPING
    batches.map_columns(batch=batch, columns=COLUMNS, by=by)
    stage(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batches.summary(batch).rows) == (BatchState.READY, 2)


def test_a_list_that_waits_for_a_review_is_read_again_without_them(
    by: User, officer: User, zorya: Person
) -> None:
    rows = [
        *family("2"),
        *family("1", given=["Olha"], Family="Zqorvenko", Born="1980-02-15", Left="31.02.2024"),
    ]
    ready = checked(people(*rows), by)
    assert StagedRow.objects.filter(batch=ready).count() == 3
    erased(zorya, by, officer)
    assert not StagedRow.objects.filter(batch=ready).exists()
    stage(ready.pk)
    ready.refresh_from_db()
    assert (ready.state, batches.summary(ready).rows) == (BatchState.READY, 2)
    with pytest.raises(ValidationError) as refusal:  # the same bytes are known by their digest
        batches.receive(
            organisation=ready.organisation,
            kind="people",
            file=io.BytesIO(people(*rows)),
            name="again.csv",
            by=by,
            registered_in=ready.registered_in,
        )
    assert codes(refusal.value) == {"file": ["file_known"]}


def test_a_list_of_nobody_else_is_discarded(by: User, officer: User, zorya: Person) -> None:
    only = sent(people(*family("1", given=["Olha"], Family="Zqorvenko", Born="1980-02-15")), by)
    erased(zorya, by, officer)
    only.refresh_from_db()
    assert (only.state, only.parts.count()) == (BatchState.DISCARDED, 0)


def test_a_file_that_cannot_be_read_is_named_and_answered_by_a_person(
    by: User, officer: User, zorya: Person
) -> None:
    broken = sent(people(*family("2")), by)
    broken.parts.all().delete()
    erasure = ask(subject=zorya, ground="asked", by=by)
    (found,) = unanswered(erasure=erasure)
    answer(erasure=erasure, answers={found.key: Answer.SAME}, by=officer)  # so it has to be discarded
    with pytest.raises(ValidationError):
        approve(erasure=erasure, by=officer)
    answer(erasure=erasure, answers={found.key: Answer.LOOKED}, by=officer)
    assert approve(erasure=erasure, by=officer).approved_by == officer.pk


def test_a_list_is_called_by_its_name_only_to_whoever_sees_it_otherwise(
    by: User, officer: User, zorya: Person
) -> None:
    """Its name may say what is in it; by its id a colleague finds it."""
    broken = sent(people(*family("2")), by)
    broken.parts.all().delete()
    Batch.objects.filter(pk=broken.pk).update(name="Hidden village.csv")
    erasure = ask(subject=zorya, ground="asked", by=by)
    page = words(desk_of(officer).get(act_url(erasure, "look")))
    assert str(broken.pk) in page
    assert "Hidden village" not in page
    Membership.objects.create(user=officer, organisation=organisation_of(by), role=Role.REGISTRAR)
    assert "Hidden village" in words(desk_of(officer).get(act_url(erasure, "look")))


def test_nobody_is_erased_while_a_worker_reads_a_list(by: User, officer: User, zorya: Person) -> None:
    batch = sent(people(*family("2")), by)
    batches.map_columns(batch=batch, columns=COLUMNS, by=by)
    erasure = ask(subject=zorya, ground="asked", by=by)
    with pytest.raises(ValidationError) as refusal:
        approve(erasure=erasure, by=officer)
    assert codes(refusal.value) == {"__all__": ["busy"]}


def test_a_restored_database_is_told_what_was_taken_out(by: User, officer: User, zorya: Person) -> None:
    (sure, like) = waiting(by, payload(member()), payload(member(born=""), number=2))
    before = transaction.savepoint()
    erasure = ask(subject=zorya, ground="asked", by=by)
    (found,) = unanswered(erasure=erasure)
    answer(erasure=erasure, answers={found.key: Answer.SAME}, by=officer)
    approve(erasure=erasure, by=officer)
    write_down()
    transaction.savepoint_rollback(before)
    Submission.objects.filter(pk=sure.pk).delete()  # it came after the backup was made
    assert "Zqorvenko" in held(like)
    assert apply_ledger().done == 1
    assert held(like) == "{}"
    kept = submissions.take(form=sure.form, payload=payload(member()), by=by)
    assert kept.payload == {}


def test_another_organisations_forms_are_not_opened(by: User, officer: User, zorya: Person) -> None:
    stranger = clerk()
    (theirs,) = waiting(stranger, payload(member()))
    erased(zorya, by, officer)
    assert "Zqorvenko" in held(theirs)


def test_rows_that_were_refused_and_never_read_are_emptied(by: User, officer: User, zorya: Person) -> None:
    rows = [
        *family("2"),
        *family("1", given=["Olha"], Family="Zqorvenko", Born="31.02.1980", Phone="+79191234567"),
    ]
    batch = checked(people(*rows), by)
    batches.accept(batch=batch, by=by, with_warnings=False)
    Batch.objects.filter(pk=batch.pk).update(state=BatchState.ACCEPTED)
    StagedRow.objects.filter(batch=batch, severity=2).update(keys=[])
    erased(zorya, by, officer)
    assert not any("Zqorvenko" in str(row.raw) for row in StagedRow.objects.filter(batch=batch))


def test_a_birth_date_that_changed_since_is_looked_for_as_it_is_now(
    by: User, officer: User, zorya: Person
) -> None:
    change(person=zorya, version=zorya.version, by=by, birth_date=date(1981, 3, 3))
    (theirs,) = waiting(by, payload(member(born="03.03.1981")))
    erased(Person.objects.get(pk=zorya.pk), by, officer)
    assert held(theirs) == "{}"


def test_answered_on_the_desk(by: User, officer: User, zorya: Person) -> None:
    (like,) = waiting(by, payload(member(born=""), phone="+7 900 111 22 33"))
    erasure = ask(subject=zorya, ground="asked", by=by)
    browser = desk_of(officer)
    assert "may be theirs" in words(browser.post(act_url(erasure, "approve")))
    page = words(browser.get(act_url(erasure, "look")))
    assert "Zqorvenko" in page
    assert desk_of(by).get(act_url(erasure, "look")).status_code == 403
    assert browser.post(act_url(erasure, "look"), {"row_0": "same"}).status_code == 302
    assert browser.post(act_url(erasure, "approve")).status_code == 302
    assert held(like) == "{}"
