"""Addresses of the desk as somebody writes them who looks for a way in: refused or shown as ever, never a failure."""

import pytest
from django.contrib import admin
from django.db.models import Model
from django.urls import reverse

from displacement.models import ClaimChoice, Household
from shelters.models import Stay
from tests.desk.pages import add_url, desk_of, list_url
from tests.factories.accounts import almighty

pytestmark = pytest.mark.django_db
ASKED = (
    {"state": "\0"},
    {"q": "\0"},
    {"\0": "x"},
    {"x__y__z": "1"},
    {"_to_field": "family_name", "_popup": "1"},
    {"_changelist_filters": "person__family_name__startswith=Z"},
    {"e": "1"},
    {"p": "9" * 30},
    {"o": "-99.1"},
)


@pytest.mark.parametrize("model", list(admin.site._registry), ids=lambda model: model._meta.label)
def test_a_list_answers_whatever_is_asked(model: type[Model]) -> None:
    desk = desk_of(almighty())
    told = [desk.get(list_url(model), asked).status_code for asked in ASKED]
    assert set(told) <= {200, 302, 400, 403}
    assert told[:3] in ([400] * 3, [403] * 3)


def test_a_filter_through_another_record_still_filters() -> None:
    page = desk_of(almighty()).get(list_url(ClaimChoice), {"claim__indicator__exact": "killed"})
    assert page.status_code == 200


@pytest.mark.parametrize(
    "field", ["household", "person", "family_name", "stays", "merged_records", "pk__x", "\0", ""]
)
def test_a_search_box_answers_whatever_it_is_said_to_be_of(field: str) -> None:
    desk = desk_of(almighty())
    asked = {"term": "K", "app_label": "displacement", "model_name": "person", "field_name": field}
    answer = desk.get(reverse("admin:autocomplete"), asked)
    assert answer.status_code == (
        200 if field == "household" else 400 if field == "\0" else answer.status_code
    )
    assert answer.status_code in {200, 400, 403}
    for wrong in ({"app_label": "nowhere"}, {"model_name": "nobody"}, {"term": "\0"}):
        assert desk.get(reverse("admin:autocomplete"), {**asked, **wrong}).status_code in {400, 403}


@pytest.mark.parametrize("value", ["x", "-1", "01917e2b-5c00-7a3e-9d2f-0242ac120002", "9" * 40])
@pytest.mark.parametrize("model", [Household, Stay])
def test_a_form_is_not_filled_in_with_what_is_no_id(model: type[Model], value: str) -> None:
    names = ("person", "household", "shelter", "organisation", "registered_in", "origin", "destination")
    assert desk_of(almighty()).get(add_url(model), dict.fromkeys(names, value)).status_code == 200
