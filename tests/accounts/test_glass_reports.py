"""The end of emergency access: one report from the trail, told to others than who took it, and signed off by one of them."""

from datetime import timedelta
from threading import Barrier, Event
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.test import Client

from accounts import glass_trail, tasks
from accounts.actions import glass_reports
from accounts.actions.break_glass import break_glass, mend_glass
from accounts.actions.glass_reports import REVIEW_WITHIN, RUNS_OUT, review, tell_again, write_due
from accounts.models import BreakGlass, BreakGlassNotice, BreakGlassReport, Occasion, User
from accounts.policy import Role
from accounts.signing_in.trace import trace
from audit.actions.reading import record_reading
from audit.actions.voiding import void
from audit.models import AuditEvent
from core.clock import database_now
from displacement.models import Person
from tests.audit.test_writers import in_thread
from tests.desk.pages import act_url, desk_of, list_url, record_url, words
from tests.drills.canaries.looking import found_in
from tests.factories.accounts import UserFactory, user_in_role
from tests.factories.displacement import HouseholdFactory, PersonFactory
from tests.refusals import refused

pytestmark = pytest.mark.django_db
PHONE = "+7 900 555 01 47"


@pytest.fixture
def person() -> Person:
    """Somebody whose telephone is known."""
    made: Person = PersonFactory.create(household=HouseholdFactory.create(phone=PHONE))
    return made


@pytest.fixture
def auditor(person: Person) -> User:
    """Who is told."""
    return user_in_role(Role.AUDITOR, organisation=person.organisation)


@pytest.fixture
def keeper(auditor: User) -> User:
    """Who takes it."""
    made: User = UserFactory.create(is_superuser=True)
    return made


def _taken(person: Person, by: User, **options: Any) -> BreakGlass:
    told: dict[str, Any] = {"role": Role.REGISTRAR, "region": None, "reason": "A convoy is hit.", **options}
    return break_glass(organisation=person.organisation, by=by, **told)


def _ended(glass: BreakGlass) -> Any:
    """When its report is due."""
    return glass.ends_at + RUNS_OUT


def _lines(glass: BreakGlass) -> dict[tuple[str, str], dict[str, Any]]:
    lines = BreakGlassReport.objects.get(glass=glass).lines
    return {(line["did"], line["action"] or line["kind"]): line for line in lines}


def _opened_and_voided(person: Person, by: User) -> None:
    """At the desk: the list, a record twice, one that is another's, what is masked; and one is voided."""
    desk: Client = desk_of(by)
    other = PersonFactory.create()
    assert desk.get(list_url(Person)).status_code == 200
    assert desk.get(record_url(person)).status_code == 200
    assert desk.get(record_url(person)).status_code == 200
    assert desk.get(record_url(other)).status_code == 404
    answer = desk.post(act_url(person.household, "reveal"), {"reason": "emergency"})
    assert PHONE in answer.content.decode()
    void(person, by=by, reason="Entered twice.")


def test_it_says_what_was_done_by_the_trail_and_holds_nothing_of_anybody(
    person: Person, keeper: User
) -> None:
    early = user_in_role(Role.REGISTRAR, organisation=person.organisation)
    assert desk_of(early).get(record_url(person)).status_code == 200
    glass = _taken(person, keeper)
    trace("sign_in", keeper)
    _opened_and_voided(person, keeper)
    with transaction.atomic():
        record_reading(
            by=keeper, page="export", resource="displacement.person", record=str(glass.pk), ids=["a"], shown=9
        )
    assert write_due(_ended(glass) - timedelta(seconds=1)) == 0
    assert write_due(_ended(glass)) == 1
    told = _lines(glass)
    kind = "displacement.person"
    assert {key: (line["times"], line["records"]) for key, line in told.items()} == {
        ("read", "displacement.household"): (1, 1),
        ("read", kind): (2, 1),
        ("searched", kind): (1, 1),
        ("revealed", "displacement.household"): (1, 1),
        ("changed", "void"): (1, 1),
        ("exported", kind): (1, 9),
        ("denied", kind): (1, 1),
    }
    assert told["read", kind]["ids"] == [str(person.pk)]
    text = str(BreakGlassReport.objects.values().get())
    assert person.family_name not in text
    assert PHONE not in text
    event = AuditEvent.objects.get(action="report_glass")
    assert (event.object_id, event.detail["records"]["exported"]) == (str(glass.pk), 9)


def test_it_is_written_however_the_access_ended_and_long_after(person: Person, keeper: User) -> None:
    by_time, by_themselves = _taken(person, keeper), _taken(person, keeper)
    by_another = _taken(person, keeper)
    admin = user_in_role(Role.ORGANISATION_ADMIN, organisation=person.organisation)
    mend_glass(glass=by_themselves, by=keeper)
    mend_glass(glass=by_another, by=admin)
    assert write_due() == 0, "what is still running has two minutes"
    assert write_due(database_now() + RUNS_OUT) == 2
    assert not BreakGlassReport.objects.filter(glass=by_time).exists()
    assert write_due(by_time.ends_at + timedelta(days=90)) == 1, "the service was down for a season"
    assert write_due(by_time.ends_at + timedelta(days=90)) == 0
    glass = BreakGlass.objects.get(pk=by_time.pk)
    BreakGlass.objects.filter(pk=glass.pk).update(opened_at=database_now() - timedelta(days=1))
    BreakGlass.objects.filter(pk=glass.pk).update(ends_at=database_now() - timedelta(hours=1))
    assert mend_glass(glass=glass, by=keeper).ended_at is None, "what is over is not ended once more"


def test_who_was_told_of_the_start_is_told_of_the_end_with_counts_and_a_link(
    person: Person, keeper: User, auditor: User
) -> None:
    admin = user_in_role(Role.ORGANISATION_ADMIN, organisation=person.organisation)
    glass = _taken(person, keeper)
    tasks.tell_broken_glasses()
    mail.outbox.clear()
    _opened_and_voided(person, keeper)
    late = user_in_role(Role.AUDITOR, organisation=person.organisation)
    admin.memberships.all().delete()
    _let_it_end(glass)
    tasks.tell_broken_glasses()
    tasks.tell_broken_glasses()
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted([admin.email, auditor.email, late.email])
    text = f"{mail.outbox[0].subject}\n{mail.outbox[0].body}"
    assert (
        "- opened: 2\n- shown in lists and searches: 1\n- read without masks: 1\n- changed or added: 1"
        in text
    )
    assert f"/accounts/breakglass/{glass.pk}/change/" in text
    for secret in (person.family_name, str(person.pk), str(person.household_id), PHONE, keeper.username):
        assert secret not in text


def _let_it_end(glass: BreakGlass) -> None:
    """By time: as if it had been taken and had ended earlier than all that was done under it a moment ago."""
    now = database_now()
    BreakGlass.objects.filter(pk=glass.pk).update(opened_at=now - timedelta(hours=1), ends_at=now - RUNS_OUT)


def test_the_reason_stands_on_the_page_and_in_no_mail(person: Person, keeper: User, auditor: User) -> None:
    """It is written by people in a hurry, who say whom they look for."""
    why = f"The mother of {person.family_name} waits at the gate, {PHONE}."
    glass = _taken(person, keeper, reason=why)
    tasks.tell_broken_glasses()
    _let_it_end(glass)
    tasks.tell_broken_glasses()
    assert len(mail.outbox) == 2
    for letter in mail.outbox:
        whole = letter.message().as_bytes()
        for canary in (person.family_name, PHONE, "waits at the gate"):
            assert canary not in f"{letter.subject}{letter.body}"
            assert not found_in(whole, [canary])
        assert f"/accounts/breakglass/{glass.pk}/change/" in letter.body
    assert why in words(desk_of(auditor).get(record_url(glass)))


@pytest.mark.parametrize(("language", "said"), [("uk", "Екстрений доступ"), ("ru", "Экстренный доступ")])
def test_the_letter_is_in_the_language_of_who_reads_it(
    language: str, said: str, person: Person, keeper: User, auditor: User
) -> None:
    User.objects.filter(pk=auditor.pk).update(language=language)
    glass = _taken(person, keeper)
    tasks.tell_broken_glasses()
    mail.outbox.clear()
    _let_it_end(glass)
    tasks.tell_broken_glasses()
    BreakGlassReport.objects.update(written_at=database_now() - REVIEW_WITHIN)
    tasks.tell_broken_glasses()
    ended, again = mail.outbox
    assert said in ended.subject
    assert said in again.subject
    for english in ("reason", "signed", "nothing", "access"):
        assert english not in f"{ended.subject}{ended.body}{again.subject}{again.body}".lower().replace(
            "breakglass", ""
        )


def test_another_signs_it_off_with_a_sentence(person: Person, keeper: User, auditor: User) -> None:
    admin = user_in_role(Role.ORGANISATION_ADMIN, organisation=person.organisation)
    glass = _taken(person, admin)
    refused("state", "", review, glass=glass, finding="Fine.", by=auditor)
    write_due(_ended(glass))
    with pytest.raises(PermissionDenied):
        review(glass=glass, finding="I was right.", by=admin)
    for other in (Role.REGISTRAR, Role.ORGANISATION_ADMIN):
        with pytest.raises(PermissionDenied):
            review(glass=glass, finding="Fine.", by=user_in_role(other))
    refused("reason_needed", "reason", review, glass=glass, finding=" ", by=auditor)
    review(glass=glass, finding="Needed, and no more than was needed.", by=auditor)
    report = BreakGlassReport.objects.get()
    assert (report.reviewed_by, report.finding) == (auditor.pk, "Needed, and no more than was needed.")
    refused("state", "", review, glass=glass, finding="Once more.", by=keeper)
    event = AuditEvent.objects.get(action="review_glass")
    assert (event.actor_id, event.reason) == (auditor.pk, report.finding)


def test_what_nobody_signs_off_is_told_again_each_week_until_somebody_does(
    person: Person, keeper: User, auditor: User
) -> None:
    glass = _taken(person, keeper)
    write_due(_ended(glass))
    written = BreakGlassReport.objects.get().written_at
    assert tell_again(written + REVIEW_WITHIN - timedelta(seconds=1)) == 0
    again = BreakGlassNotice.objects.filter(occasion=Occasion.WAITS)
    for week in (1, 2):
        assert tell_again(written + week * REVIEW_WITHIN) == 1
        assert tell_again(written + week * REVIEW_WITHIN) == 0
        assert again.get().sent_at is None
        tasks.tell_broken_glasses()
        assert mail.outbox[-1].subject.startswith("Not signed off yet: ")
        assert again.get().sent_at is not None
    review(glass=glass, finding="Needed.", by=auditor)
    assert tell_again(written + 9 * REVIEW_WITHIN) == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_guarded", [True, False])
def test_of_many_schedulers_one_writes_it(
    is_guarded: bool, person: Person, keeper: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: without the lock several come to write it, and the database lets one of them."""
    glass = _taken(person, keeper)
    if not is_guarded:
        monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_options: self)
    racers, clashes, wrote = 8, [], []
    barrier, second = Barrier(racers), Event()
    asked = glass_trail.lines_of

    def slowly(*told: Any) -> list[dict[str, Any]]:
        wrote.append(told)
        if len(wrote) > 1:
            second.set()
        assert is_guarded or second.wait(timeout=60)
        return asked(*told)

    monkeypatch.setattr(glass_reports, "lines_of", slowly)

    def work() -> None:
        barrier.wait(timeout=30)
        try:
            write_due(_ended(glass))
        except IntegrityError as error:
            clashes.append(error)

    for thread in [in_thread(work) for _ in range(racers)]:
        thread.join(timeout=60)
    assert BreakGlassReport.objects.count() == 1
    assert BreakGlassNotice.objects.filter(occasion=Occasion.ENDED).count() == 1
    assert AuditEvent.objects.filter(action="report_glass").count() == 1
    assert bool(clashes) is not is_guarded
    assert (len(wrote) == 1) is is_guarded
