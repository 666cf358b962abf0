"""Exports and alarms on the desk: asked for, approved by another, downloaded, answered."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import sessions
from accounts.models import Organisation, User
from accounts.policy import Role
from audit.models import Reading
from displacement.models import Person
from roster.actions.making import make_due
from roster.models import Alarm, PeopleExport
from tests.desk.pages import act_url, add_url, desk_of, list_url, record_url, words
from tests.factories.accounts import user_in_role
from tests.factories.regions import region

pytestmark = pytest.mark.django_db


def with_second_factor(user: User) -> Client:
    """A browser in which the user signed in with both factors."""
    client = desk_of(user)
    session: Any = client.session
    sessions.begin(session, second_factor=True)
    session.save()
    return client


def test_an_export_from_asking_to_the_file(
    own: Organisation, people: list[Person], clerk: User, officer: User
) -> None:
    browser = with_second_factor(clerk)
    assert browser.get(add_url(PeopleExport)).status_code == 200
    sent = {
        "region": str(region("RU-KRS").pk),
        "columns": ["number", "family_name"],
        "recipients": "own",
        "purpose": "Heating for the winter.",
        "needed_until": (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M"),
    }
    answer = browser.post(add_url(PeopleExport), sent)
    assert answer.status_code == 302, words(answer)
    export = PeopleExport.objects.get()
    page = words(browser.get(record_url(export)))
    assert "Heating for the winter." in page
    assert "registration number, family name" in page
    assert browser.post(act_url(export, "approve")).status_code == 403
    assert desk_of(officer).post(act_url(export, "approve")).status_code == 302
    assert make_due() == 1
    url = reverse("admin:roster_peopleexport_file", args=[export.pk])
    assert url in browser.get(record_url(export)).content.decode()
    answer = browser.get(url)
    assert "no-store" in answer["Cache-Control"]
    assert "Петренко" in b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]  # a stream
    assert Reading.objects.filter(page="export", shown=2).count() == 1
    refusal = desk_of(officer).get(url, follow=True)
    assert "Only who asked" in words(refusal)
    assert "Петренко" not in refusal.content.decode()


def test_another_organisation_s_export_does_not_exist(own: Organisation, ready: PeopleExport) -> None:
    stranger = with_second_factor(user_in_role(Role.PROTECTION_OFFICER))
    for url in (record_url(ready), reverse("admin:roster_peopleexport_file", args=[ready.pk])):
        assert stranger.get(url).status_code == 404


def test_an_alarm_is_answered_on_its_page(own: Organisation, clerk: User) -> None:
    now = timezone.now()
    alarm = Alarm.objects.create(
        organisation=own, about=clerk, rule="sweep", day=now.date(), found_at=now, counted=15
    )
    admin = user_in_role(Role.ORGANISATION_ADMIN, organisation=own)
    assert "15 pages of a list" in words(desk_of(admin).get(list_url(Alarm)))
    answer = desk_of(admin).post(act_url(alarm, "answer"), {"state": "explained", "reason": "A convoy."})
    assert answer.status_code == 302
    assert "A convoy." in words(desk_of(admin).get(record_url(alarm)))
