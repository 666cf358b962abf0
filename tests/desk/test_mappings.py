"""Saved mappings on the desk: opened, changed as the columns of a list are, renamed, taken out of use."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Organisation
from audit.models import AuditEvent
from intake.models import Batch, Mapping
from intake.models.batch import BatchState
from tests.desk.pages import act_url, add_url, list_url, record_url, words
from tests.desk.test_intake import LINES, name_columns, send
from tests.factories.intake import MappingFactory, ReadyBatchFactory
from tests.lists import table

pytestmark = pytest.mark.django_db
COLUMNS = {"Прізвище": "family_name", "Ім'я": "given_name"}


@pytest.fixture
def mapping(own: Organisation) -> Mapping:
    """What the columns of a partner's lists mean."""
    found: Mapping = MappingFactory.create(organisation=own, name="Partner", columns=COLUMNS)
    return found


def opened(desk: Client, mapping: Mapping) -> dict[str, Any]:
    """What the page of changing it would send if nothing were touched."""
    form = desk.get(act_url(mapping, "change")).context["form"]
    return {name: form[name].value() or "" for name in form.fields}


def answer(sent: dict[str, Any], form: Any, **meanings: str) -> dict[str, Any]:
    """What is sent, with other meanings for headings."""
    places = {heading: name for name, heading in form.names.items()}
    return {**sent, **{places[heading]: meaning for heading, meaning in meanings.items()}}


def test_it_is_opened_and_changed_with_the_choices_of_a_list(desk: Client, mapping: Mapping) -> None:
    sent = opened(desk, mapping)
    assert (sent["column_0"], sent["column_1"], sent["name"], sent["version"]) == (
        *("family_name", "given_name"),
        *("Partner", 1),
    )
    changes = {"column_1": "", "new_0": " Дата  народження ", "means_0": "birth_date", "day_first": "day"}
    desk.post(act_url(mapping, "change"), {**sent, **changes, "name": "Partner, new form", "delimiter": ";"})
    mapping.refresh_from_db()
    assert mapping.columns == {"Прізвище": "family_name", "Дата народження": "birth_date"}
    assert (mapping.name, mapping.options) == ("Partner, new form", {"day_first": True, "delimiter": ";"})
    page = words(desk.get(record_url(mapping)))
    assert "version 2" in page
    assert "day first, ;" in page
    assert AuditEvent.objects.get(action="change").detail["columns"] == ["birth_date", "given_name"]


def test_headings_of_the_newest_list_are_asked_about_with_what_they_read_like(
    desk: Client, mapping: Mapping, own: Organisation
) -> None:
    ReadyBatchFactory.create(
        organisation=own, mapping=mapping, headings=["Стать", "Прізвище", "Ім'я"], columns=COLUMNS
    )
    page = desk.get(act_url(mapping, "change"))
    form = page.context["form"]
    assert list(form.names.values()) == ["Стать", "Прізвище", "Ім'я"]
    assert [(line.heading, line.hint) for line in form.heading_lines() if line.hint] == [("Стать", "sex")]
    assert "reads like: sex" in words(page)
    desk.post(act_url(mapping, "change"), answer(opened(desk, mapping), form, Стать="sex"))
    mapping.refresh_from_db()
    assert mapping.columns == {**COLUMNS, "Стать": "sex"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"column_1": "family_name"}, "column_1"),
        ({"new_1": "Прізвище", "means_1": "sex"}, "new_1"),
        ({"new_1": "Стать"}, "means_1"),
        ({"means_1": "sex"}, "new_1"),
        ({"new_1": "Стать", "means_1": "given_name"}, "means_1"),
        ({"column_0": "", "column_1": ""}, "__all__"),
        ({"name": ""}, "name"),
    ],
)
def test_what_no_list_could_be_read_by_is_marked_where_it_stands(
    desk: Client, mapping: Mapping, changes: dict[str, str], field: str
) -> None:
    page = desk.post(act_url(mapping, "change"), {**opened(desk, mapping), **changes})
    assert list(page.context["form"].errors) == [field]
    mapping.refresh_from_db()
    assert mapping.version == 1


def test_what_was_saved_meanwhile_is_shown_and_not_overwritten(desk: Client, mapping: Mapping) -> None:
    mine = opened(desk, mapping)
    desk.post(
        act_url(mapping, "change"),
        {**opened(desk, mapping), "new_0": "Стать", "means_0": "sex", "column_1": ""},
    )
    page = desk.post(act_url(mapping, "change"), {**mine, "name": "Mine"})
    assert "Somebody changed this record since you opened it" in words(page)
    assert ("Стать", "sex") in page.context["form"].conflicts
    assert ("Ім'я", "means nothing here") in page.context["form"].conflicts
    mapping.refresh_from_db()
    assert (mapping.name, mapping.columns) == ("Partner", {"Прізвище": "family_name", "Стать": "sex"})
    form = page.context["form"]
    again = {name: form[name].value() or "" for name in form.fields}
    assert (again["version"], again["name"], again["column_1"]) == ("2", "Mine", "given_name")
    desk.post(act_url(mapping, "change"), answer(again, form, Стать="sex"))
    mapping.refresh_from_db()
    assert (mapping.name, mapping.columns) == ("Mine", {**COLUMNS, "Стать": "sex"})


def test_a_name_that_is_taken_is_asked_about_before_anything_is_replaced(desk: Client) -> None:
    send(desk, table(*LINES))
    name_columns(desk, Batch.objects.get(), save_as="Partner")
    send(desk, table(*LINES, "Hrytsenko,Petro,m,1999-01-05,"))
    batch = Batch.objects.latest("id")
    page = name_columns(desk, batch, save_as="Partner", column_4="")
    assert "“Partner” is saved already" in words(page)
    form = page.context["form"]
    assert (form["replacing"].value(), form["replace"].value()) == ("1", False)
    asked = {"replacing": "1", "save_as": "Partner", "column_4": ""}
    page = name_columns(desk, batch, **asked)
    assert "“Partner” is saved already" in words(page)
    assert Mapping.objects.get().version == 1
    name_columns(desk, batch, **asked, replace="on")
    saved = Mapping.objects.get()
    assert (saved.version, "origin" in saved.columns) == (2, False)
    batch.refresh_from_db()
    assert (batch.state, batch.mapping) == (BatchState.STAGING, saved)


def test_a_page_of_columns_asks_about_replacing_only_then(desk: Client) -> None:
    send(desk, table(*LINES))
    assert "Replace what is saved" not in words(desk.get(act_url(Batch.objects.get(), "columns")))


def test_one_out_of_use_is_offered_for_no_list_until_it_is_put_back(desk: Client, mapping: Mapping) -> None:
    def offered() -> bool:
        form = desk.get(add_url(Batch)).context["form"]
        return "mapping" in form.fields and mapping in form.fields["mapping"].queryset

    assert offered()
    desk.post(act_url(mapping, "retire"), {"version": "1"})
    assert not offered()
    page = desk.get(record_url(mapping))
    assert "taken out of use on" in words(page)
    assert [act.name for act, _url in page.context["acts"]] == ["restore"]
    assert desk.get(act_url(mapping, "change")).headers["Location"] == record_url(mapping)
    desk.post(act_url(mapping, "restore"), {"version": "2"})
    assert offered()


def test_one_of_another_organisation_or_of_lists_that_one_does_not_handle_is_not_changed(
    desk: Client, own: Organisation
) -> None:
    foreign = MappingFactory.create()
    assert foreign.name not in words(desk.get(list_url(Mapping)))
    assert desk.get(act_url(foreign, "change")).status_code == 404
    victims = MappingFactory.create(organisation=own, kind="casualties", columns={"Family": "family_name"})
    assert desk.get(record_url(victims)).context["acts"] == []
    assert desk.get(act_url(victims, "change")).status_code == 403
