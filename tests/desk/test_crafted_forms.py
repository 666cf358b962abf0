"""Forms as somebody sends them who wrote them by hand: what an act refuses is not done by another way."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.options import ModelAdmin
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.policy import Role
from core.admin import DeskAdmin
from core.admin.acts import MOST_ROWS
from displacement.models import Household
from intake.actions.batches import map_columns
from intake.models import Batch
from intake.models.batch import BatchState
from intake.staging import stage
from roster.models import ExportState, PeopleExport
from shelters.models import Stay
from tests.desk.pages import act_url, add_url, desk_of, record_url, words
from tests.factories.accounts import almighty, user_in_role
from tests.factories.displacement import PersonFactory
from tests.factories.regions import region
from tests.factories.shelters import OpenShelterFactory
from tests.intake.lists import COLUMNS, checked, family, people

pytestmark = pytest.mark.django_db


def export_by(user: User, own: Organisation) -> PeopleExport:
    """Asked for, and approved by nobody."""
    now = timezone.now()
    export: PeopleExport = PeopleExport.objects.create(
        organisation=own,
        region=region("RU-KRS"),
        columns=["number"],
        recipients="own",
        purpose="Heating.",
        needed_until=now + timedelta(days=2),
        asked_at=now,
        asked_by=user.pk,
    )
    return export


def as_new(record: PeopleExport) -> dict[str, Any]:
    """What Django's own form would take for another one, which is approved already."""
    fields = ("organisation_id", "region_id", "recipients", "purpose")
    told = {name.removesuffix("_id"): str(getattr(record, name)) for name in fields}
    day, time = timezone.localtime(record.needed_until).strftime("%Y-%m-%d %H:%M").split()
    return {
        **told,
        "_saveasnew": "1",
        "state": ExportState.APPROVED,
        "people": "",
        "left_out": "",
        "needed_until_0": day,
        "needed_until_1": time,
    }


def test_nobody_approves_an_export_by_saving_it_as_a_new_one(own: Organisation) -> None:
    """Django's pages take `_saveasnew` of whoever may add, and then ask no act."""
    officer = user_in_role(Role.PROTECTION_OFFICER, organisation=own)
    export = export_by(officer, own)
    answer = desk_of(officer).post(record_url(export), as_new(export))
    assert answer.status_code == 403
    assert PeopleExport.objects.get() == export
    assert PeopleExport.objects.get().state == ExportState.ASKED


def test_nobody_checks_in_by_saving_a_stay_as_a_new_one(own: Organisation) -> None:
    """Else past the places of the shelter, and past the household's organisation."""
    manager = user_in_role(Role.SHELTER_MANAGER, organisation=own)
    shelter = OpenShelterFactory.create(organisation=own, region=region("RU-KRS-KURSK"))
    stay = Stay.objects.create(
        person=PersonFactory.create(household__organisation=own),
        shelter=shelter,
        occurred_at=timezone.now(),
        recorded_by=manager.pk,
    )
    told = {"person": PersonFactory.create().pk, "shelter": shelter.pk, "_saveasnew": "1"}
    now = {"occurred_at_0": "2024-08-08", "occurred_at_1": "10:00"}
    answer = desk_of(manager).post(record_url(stay), {**told, **now})
    assert (answer.status_code, Stay.objects.count()) == (403, 1)


#: Kinds of record that are changed by acts alone.
BY_ACTS = [
    model for model, desk in admin.site._registry.items() if isinstance(desk, DeskAdmin) and not desk.is_plain
]


@pytest.mark.parametrize("model", BY_ACTS, ids=lambda model: model._meta.label)
def test_no_form_of_djangos_own_is_sent(model: type[Model], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the record: nobody gets as far as the form."""

    def fail(*_told: object, **_options: object) -> None:
        raise AssertionError("Django's own form was asked for.")

    monkeypatch.setattr(ModelAdmin, "_changeform_view", fail)
    opts, desk = model._meta, desk_of(almighty())
    url = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=["1"])
    for sent in ({"_saveasnew": "1"}, {}):
        assert desk.post(url, sent).status_code in {403, 404}


def test_a_plain_entry_is_not_saved_as_a_new_one(own: Organisation) -> None:
    keeper = user_in_role(Role.ORGANISATION_ADMIN, organisation=own)
    colleague = user_in_role(Role.REGISTRAR, organisation=own)
    told = {"username": "somebody", "is_active": "on", "language": "en", "_saveasnew": "1"}
    answer = desk_of(keeper).post(record_url(colleague), told)
    assert answer.status_code == 403
    assert not User.objects.filter(username="somebody").exists()


def test_ones_own_password_takes_the_old_one(own: Organisation) -> None:
    """An administrator's form for colleagues asks for none: an open desk would be enough to keep the account."""
    chief = user_in_role(Role.ORGANISATION_ADMIN, organisation=own)
    colleague = user_in_role(Role.REGISTRAR, organisation=own)
    told = {"usable_password": "true", **dict.fromkeys(("password1", "password2"), "Zk3-marjoram-91")}
    done: dict[Any, bool] = {}
    for who, spelled in (
        (chief, str),
        (chief, lambda pk: str(pk).upper()),
        (chief, lambda pk: pk.hex),
        (colleague, str),
    ):
        page = reverse("admin:auth_user_password_change", args=[spelled(who.pk)])
        before = User.objects.get(pk=who.pk).password
        answer = desk_of(chief).post(page, told)
        done[who.pk] = done.get(who.pk, False) or User.objects.get(pk=who.pk).password != before
        if who == chief:
            assert answer.headers["Location"] == reverse("admin:password_change")
    assert done == {chief.pk: False, colleague.pk: True}


@pytest.mark.parametrize("said", ["", "x", str(MOST_ROWS + 1), "100000000"])
def test_tables_that_were_not_sent_as_the_page_has_them(said: str, desk: Client) -> None:
    """Refused with a sentence, and not by drawing a thousand rows."""
    told = {
        "registered_in": region("RU-KRS-KURSK").pk,
        "origin": region("RU-KRS-SUDZHANSKY").pk,
        "people-0-family_name": "Koval",
        **{f"{name}-TOTAL_FORMS": said for name in ("people", "groups")},
        **{f"{name}-INITIAL_FORMS": "0" for name in ("people", "groups")},
    }
    page = desk.post(add_url(Household), told)
    assert (page.status_code, Household.objects.count()) == (200, 0)
    assert page.content.count(b'name="people-') < 12 * MOST_ROWS + 20
    expected = "at most 40" if said.isdigit() else "was not sent whole"
    assert expected in words(page)


def seen_on(desk: Client, url: str) -> str:
    """What the page says that it showed."""
    page: Any = desk.get(url)
    return str(page.context_data["form"].initial["seen"])


def test_a_list_that_was_read_anew_since_is_not_accepted_unseen(own: Organisation) -> None:
    """A colleague said meanwhile that a column means something else."""
    clerk, colleague = (user_in_role(Role.REGISTRAR, organisation=own) for _one in range(2))
    batch = checked(people(*family("1")), clerk)
    desk, url = desk_of(clerk), act_url(batch, "accept")
    told = {"which": "fine", "seen": seen_on(desk, url)}
    map_columns(batch=batch, columns={**COLUMNS, "Given": "patronymic", "Patronymic": ""}, by=colleague)
    stage(batch.pk)
    assert "read anew since you opened this page" in words(desk.post(url, told))
    assert Batch.objects.get().state == BatchState.READY
    desk.post(url, {**told, "seen": seen_on(desk, url)})
    assert Batch.objects.get().state == BatchState.ACCEPTING
