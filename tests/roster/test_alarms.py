"""Each rule finds what it is for and leaves ordinary work alone; alarms are told to others, and answered by name."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied

from accounts.models import Client, ClientAsk, Organisation, User
from accounts.policy import Role
from audit.actions.reading import EXPORT, REFUSED
from audit.models import AuditEvent, Reading
from core.clock import database_now
from displacement.models import Person
from roster.actions.alarms import answer, look, tell_alarms
from roster.alarms import rules
from roster.alarms.letters import SENTENCES
from roster.alarms.rules import RULES, Found
from roster.models import Alarm, AlarmRule, AlarmState
from tests.desk.pages import desk_of
from tests.factories.accounts import MembershipFactory, user_in_role
from tests.factories.clients import partner_client
from tests.factories.displacement import PersonFactory
from tests.refusals import refused

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 8, 12, 10, 30, tzinfo=UTC)


def read(by: User, at: datetime, shown: int = 20, page: str = "desk list", record: str = "") -> None:
    """One reading of so many records that nobody else was shown."""
    ids = [str(uuid4()) for _ in range(min(shown, 50))]
    Reading.objects.create(
        actor_id=by.pk,
        at=at,
        page=page,
        object_type="displacement.person",
        object_id=record,
        shown=shown,
        ids=ids,
    )


def worked(by: User, shown: int = 60, days: int = 10) -> None:
    """Two weeks of ordinary mornings."""
    for day in range(1, days + 1):
        read(by, NOW - timedelta(days=day), shown)


def test_many_more_than_on_other_days(clerk: User) -> None:
    worked(clerk, shown=200)
    read(clerk, NOW, 800)
    read(clerk, NOW, 5_000, page=EXPORT)
    read(partner_client()[0].account, NOW, 5_000)
    assert list(rules.much_more(NOW)) == []
    read(clerk, NOW, 1)
    assert list(rules.much_more(NOW)) == [Found(clerk.pk, 801, 200)]


def test_the_role_of_systems_silences_nothing_about_a_person(clerk: User, own: Organisation) -> None:
    worked(clerk)
    read(clerk, NOW, 5_000)
    MembershipFactory.create(user=clerk, organisation=own, role=Role.PARTNER_SYSTEM)
    assert list(rules.much_more(NOW)) == [Found(clerk.pk, 5_000, 60)]


def test_few_are_never_many(clerk: User) -> None:
    worked(clerk, shown=1)
    read(clerk, NOW, rules.FLOOR)
    assert list(rules.much_more(NOW)) == []


def test_a_row_of_refusals(clerk: User) -> None:
    def tries(count: int, start: int) -> None:
        for n in range(count):
            read(clerk, NOW - timedelta(seconds=60 - start - n), 0, REFUSED, str(uuid4()))

    tries(rules.IN_A_ROW - 1, 0)
    read(clerk, NOW - timedelta(seconds=50), 1, "desk person", str(uuid4()))
    tries(rules.IN_A_ROW - 1, 11)
    assert list(rules.refused(NOW)) == []
    tries(1, 30)
    assert list(rules.refused(NOW)) == [Found(clerk.pk, rules.IN_A_ROW)]
    assert list(rules.refused(NOW + timedelta(hours=2))) == []


def test_looks_at_the_door_without_registrations(clerk: User) -> None:
    """Who tries what fits is found, and who registers three hundred families a day is not."""
    organisation = clerk.memberships.get().organisation
    honest = user_in_role(Role.REGISTRAR, organisation=organisation)
    for by, families in ((clerk, 1), (honest, 3)):
        for _ in range(rules.LOOKS):
            read(by, NOW, 0, rules.LOOKED_UP)
        AuditEvent.objects.bulk_create(
            AuditEvent(
                actor_id=by.pk,
                at=NOW,
                action="register",
                object_type="displacement.household",
                object_id=str(n),
            )
            for n in range(families)
        )
    assert list(rules.door(NOW)) == [Found(clerk.pk, rules.LOOKS, 1)]
    assert list(rules.door(NOW - timedelta(hours=1))) == []


def test_an_hour_at_which_they_never_work(clerk: User) -> None:
    night = NOW.replace(hour=2)
    read(clerk, night, 30)
    assert list(rules.unusual_hour(night)) == []  # nobody knows yet when they work
    worked(clerk)
    assert list(rules.unusual_hour(night)) == [Found(clerk.pk, 30)]
    read(clerk, NOW, 30)
    assert list(rules.unusual_hour(NOW)) == []


def test_a_list_from_page_to_page(clerk: User, own: Organisation) -> None:
    system = partner_client(own)[0].account
    for n in range(rules.PAGES):
        assert list(rules.sweep(NOW)) == []
        for by in (clerk, system):
            read(by, NOW - timedelta(seconds=300 - n), 50)
    assert list(rules.sweep(NOW)) == [Found(clerk.pk, rules.PAGES)]


def test_the_same_page_again_and_again_is_no_sweep(clerk: User) -> None:
    ids = [str(uuid4()) for _ in range(50)]
    for n in range(rules.PAGES * 2):
        Reading.objects.create(
            actor_id=clerk.pk,
            at=NOW - timedelta(seconds=n),
            page="desk list",
            object_type="x",
            shown=50,
            ids=ids,
        )
    assert list(rules.sweep(NOW)) == []


@pytest.fixture
def system(own: Organisation) -> User:
    """The account of a partner's system that has been reading for long."""
    client, _secret = partner_client(own)
    Client.objects.filter(pk=client.pk).update(let_in_at=NOW - timedelta(days=90))
    ClientAsk.objects.update(decided_at=NOW - timedelta(days=90))
    return client.account


def test_a_system_that_is_given_many_times_its_busiest_day(system: User, clerk: User) -> None:
    worked(system, shown=300)
    read(system, NOW - timedelta(days=3), 700)  # 1,000 that day
    for by in (system, clerk):
        read(by, NOW - timedelta(hours=8), 2_500)
        read(by, NOW, 500)
    assert list(rules.system(NOW)) == []
    read(system, NOW, 1)
    assert list(rules.system(NOW)) == [Found(system.pk, 3_001, 1_000)]
    assert list(rules.system(NOW - timedelta(days=1))) == []


def test_a_system_that_slept_is_noticed_from_the_floor_on(system: User) -> None:
    read(system, NOW - timedelta(days=20), 90_000)
    read(system, NOW, rules.SYSTEM_FLOOR)
    assert list(rules.system(NOW)) == []
    read(system, NOW, 1)
    assert list(rules.system(NOW)) == [Found(system.pk, rules.SYSTEM_FLOOR + 1, 0)]


@pytest.mark.parametrize("what", ["let_in", "widened"])
def test_the_first_copy_of_what_two_persons_approved_is_no_alarm(system: User, what: str) -> None:
    """For two days; the control is the same reading three days after."""
    read(system, NOW, 50_000)
    for hours, found in ((47, []), (49, [Found(system.pk, 50_000)])):
        at = NOW - timedelta(hours=hours)
        if what == "let_in":
            Client.objects.update(let_in_at=at)
        else:
            ClientAsk.objects.update(decided_at=at)
        assert list(rules.system(NOW)) == found


def test_the_mail_about_a_system_says_what_to_do(system: User, own: Organisation) -> None:
    admin = user_in_role(Role.ORGANISATION_ADMIN, organisation=own)
    read(system, database_now(), 5_000)
    assert (look(), tell_alarms()) == (1, 1)
    assert mail.outbox[0].to == [admin.email]
    assert "5000 records in a day" in mail.outbox[0].body
    assert "make a new one" in mail.outbox[0].body


def test_every_rule_has_a_name_and_a_sentence() -> None:
    assert set(RULES) == set(AlarmRule) == set(SENTENCES)


@pytest.fixture
def admin(own: Organisation) -> User:
    """Answers for the organisation."""
    return user_in_role(Role.ORGANISATION_ADMIN, organisation=own)


@pytest.fixture
def alarm(clerk: User, admin: User) -> Alarm:
    """One that was raised by the tick."""
    read(clerk, database_now(), 900)
    assert (look(), look()) == (1, 0)
    return Alarm.objects.get()


def test_others_are_told_once_without_names(
    alarm: Alarm, admin: User, clerk: User, own: Organisation
) -> None:
    assert (tell_alarms(), tell_alarms()) == (1, 0)
    assert mail.outbox[0].to == [admin.email]
    text = f"{mail.outbox[0].subject}{mail.outbox[0].body}"
    assert "900 records" in text
    assert str(clerk.pk) in text
    assert clerk.username not in text
    assert AuditEvent.objects.filter(action="raise_alarm", object_id=str(alarm.pk)).exists()


def test_whom_it_concerns_is_neither_told_nor_shown(alarm: Alarm, admin: User, own: Organisation) -> None:
    read(admin, database_now(), 900)
    assert look() == 1
    theirs = Alarm.objects.get(about=admin)
    assert not theirs.notices.exists()
    assert theirs not in Alarm.objects.visible_to(admin)
    with pytest.raises(PermissionDenied):
        answer(alarm=theirs, state="explained", reason="A convoy.", by=admin)


def test_it_is_answered_by_name_and_once(alarm: Alarm, admin: User, clerk: User, own: Organisation) -> None:
    for by in (clerk, user_in_role(Role.AUDITOR, organisation=own), user_in_role(Role.ORGANISATION_ADMIN)):
        with pytest.raises(PermissionDenied):
            answer(alarm=alarm, state="explained", reason="A convoy.", by=by)
    refused("reason_needed", "reason", answer, alarm=alarm, state="explained", reason=" ", by=admin)
    answer(alarm=alarm, state="explained", reason="A convoy of 400 people.", by=admin)
    refused("state", "", answer, alarm=alarm, state="confirmed", reason="No.", by=admin)
    alarm.refresh_from_db()
    assert (alarm.state, alarm.answered_by) == (AlarmState.EXPLAINED, admin.pk)


def test_what_is_confirmed_signs_out_everywhere(
    alarm: Alarm, admin: User, clerk: User, own: Organisation
) -> None:
    browser = desk_of(clerk)
    assert browser.get("/").status_code == 200
    answer(alarm=alarm, state="confirmed", reason="The account was in other hands.", by=admin)
    assert browser.get("/").status_code == 302


def asked_on_the_desk(by: User, person: Person) -> None:
    """The page of somebody else's person."""
    assert desk_of(by).get(f"/displacement/person/{person.pk}/change/").status_code == 404


def asked_over_the_api(by: User, person: Person) -> None:
    """The same over the API."""
    assert desk_of(by).get(f"/api/v1/people/{person.pk}/").status_code == 404


@pytest.mark.parametrize("ask", [asked_on_the_desk, asked_over_the_api])
def test_what_is_refused_is_noted(
    ask: Callable[[User, Person], None], clerk: User, own: Organisation
) -> None:
    person = PersonFactory.create()
    ask(clerk, person)
    reading = Reading.objects.get()
    assert (reading.page, reading.object_id, reading.shown) == (REFUSED, str(person.pk), 0)
