"""Who was killed or hurt is told to other organisations once the next of kin are informed, on every surface."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Count
from django.db.utils import ProgrammingError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import fields
from accounts.models import User
from accounts.policy import Role
from accounts.rows import standing_of
from core.database_roles import EVERYBODY, LOGIN, stand
from displacement.actions import casualties
from displacement.admin.casualty import CasualtyAdmin
from displacement.api.serializers.casualties import CasualtyDetailOutput
from displacement.models import Casualty, CasualtySource, Person
from tests.api.conftest import client_of
from tests.desk.pages import act_url, desk_of, list_url, record_url, words
from tests.factories.accounts import OrganisationFactory, UserFactory, user_in_role
from tests.factories.displacement import CorroboratedCasualtyFactory, PersonFactory

pytestmark = pytest.mark.django_db
NAME = "qx0713xq"
#: What the desk answers to a question that there is not.
REFUSED = 400


@pytest.fixture
def casualty() -> Casualty:
    """Whose family does not know yet."""
    person = PersonFactory.create()
    made: Casualty = CorroboratedCasualtyFactory.create(
        victim_name=NAME, person=person, incident__organisation=person.organisation
    )
    return made


@pytest.fixture
def verifier() -> User:
    """Of another organisation, in the whole country."""
    return user_in_role(Role.CASUALTY_VERIFIER, organisation=OrganisationFactory.create())


def _inform(casualty: Casualty) -> None:
    casualties.inform_next_of_kin(casualty=casualty, by=UserFactory.create())


def _over_api(user: User, casualty: Casualty) -> dict[str, str]:
    api, many = client_of(user), "/api/v1/casualties/"
    one = f"{many}{casualty.pk}/"
    source = CasualtySource.objects.filter(casualty=casualty)[0].source.name
    told = {"source": source, "occurred_at": timezone.now().isoformat()}
    asked = {
        "list": api.get(many),
        "detail": api.get(one),
        "sparse": api.get(one, {"fields": "victim_name,person"}),
        "sparse list": api.get(many, {"fields": "outcome"}),
        "incidents": api.get(f"/api/v1/incidents/{casualty.incident_id}/"),
        "act": api.post(f"{one}sources/", {**told, "supports_what": True}),
    }
    return {name: answer.content.decode() for name, answer in asked.items()}


def _on_desk(user: User, casualty: Casualty) -> dict[str, str]:
    desk: Client = desk_of(user)
    of_source = {"app_label": "displacement", "model_name": "casualtysource", "field_name": "casualty"}
    pages = {
        "list": list_url(Casualty),
        "search": f"{list_url(Casualty)}?q={NAME[:-1]}",
        "page": record_url(casualty),
        "history": f"{record_url(casualty).removesuffix('change/')}history/",
        "incident": record_url(casualty.incident),
        "source": record_url(CasualtySource.objects.filter(casualty=casualty)[0]),
        "to verify": act_url(casualty, "verified"),
        "to attach": act_url(casualty, "source"),
        "matches": f"{reverse('admin:autocomplete')}?{'&'.join(f'{k}={v}' for k, v in of_source.items())}",
    }
    return {name: desk.get(address).content.decode() for name, address in pages.items()}


def _told(shown: dict[str, str], word: Any) -> set[str]:
    return {name for name, text in shown.items() if str(word) in text}


def _everywhere(user: User, casualty: Casualty) -> dict[str, str]:
    return {f"api {name}": text for name, text in _over_api(user, casualty).items()} | {
        f"desk {name}": text for name, text in _on_desk(user, casualty).items()
    }


def test_another_organisation_is_told_once_the_family_is(casualty: Casualty, verifier: User) -> None:
    before = _everywhere(verifier, casualty)
    assert _told(before, NAME) == _told(before, casualty.person_id) == set()
    _inform(casualty)
    after = _everywhere(verifier, casualty)
    assert _told(after, NAME) == {"api detail", "api sparse", "api act", "desk page"}
    assert _told(after, casualty.person_id) == {"api detail", "api sparse", "api act"}


@pytest.mark.parametrize("role", [Role.CASUALTY_RECORDER, Role.CASUALTY_VERIFIER])
def test_the_own_organisation_is_told_as_before(casualty: Casualty, role: Role) -> None:
    user = user_in_role(role, organisation=casualty.incident.organisation)
    told = _everywhere(user, casualty)
    assert {"api detail", "desk page"} <= _told(told, NAME)
    assert "api detail" in _told(told, casualty.person_id)


def test_a_system_waits_even_in_the_own_organisation(casualty: Casualty) -> None:
    """What it copies is shown elsewhere; the feed tells it of the record again when the family knows."""
    system = client_of(user_in_role(Role.PARTNER_SYSTEM, organisation=casualty.incident.organisation))
    address = f"/api/v1/casualties/{casualty.pk}/"
    before = system.get(address).json()
    assert before["rung"] == "corroborated"
    assert not {"victim_name", "person"} & before.keys()
    _inform(casualty)
    after = system.get(address)
    assert (after.json()["victim_name"], after.json()["person"]) == (NAME, str(casualty.person_id))
    assert after.json()["version"] == before["version"] + 1


@pytest.mark.parametrize("asked", ["victim_name", "victim_name__startswith", "person", "person__family_name"])
def test_no_question_is_an_oracle(casualty: Casualty, verifier: User, asked: str) -> None:
    api, desk = client_of(verifier), desk_of(verifier)
    assert api.get("/api/v1/casualties/", {asked: NAME}).status_code == 400
    assert api.get("/api/v1/casualties/", {"ordering": asked}).status_code == 400
    for value in (NAME, "nobody"):
        assert desk.get(list_url(Casualty), {asked: value}).status_code == REFUSED


def test_a_list_that_shows_names_shows_them_to_no_other_organisation(
    casualty: Casualty, verifier: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A column, a filter or a search that somebody adds later is not there for whoever reads others' records."""
    for name in ("list_display", "list_filter", "search_fields"):
        monkeypatch.setattr(CasualtyAdmin, name, (*getattr(CasualtyAdmin, name), "victim_name"))
    recorder = user_in_role(Role.CASUALTY_RECORDER, organisation=casualty.incident.organisation)
    assert NAME in desk_of(recorder).get(list_url(Casualty)).content.decode()
    other = desk_of(verifier)
    page = other.get(list_url(Casualty))
    assert page.status_code == 200
    assert NAME not in page.content.decode()
    assert other.get(list_url(Casualty), {"victim_name": NAME}).status_code == REFUSED


def test_the_page_says_why_and_is_enough_to_verify_by(casualty: Casualty, verifier: User) -> None:
    page = words(desk_of(verifier).get(record_url(casualty)))
    assert "only people of the organisation that recorded it are told who it was" in page
    assert "Sources of casualties" in page
    answer = desk_of(verifier).post(act_url(casualty, "verified"), {"reason": "both hospitals"})
    assert answer.status_code == 302
    casualty.refresh_from_db()
    assert (casualty.rung, casualty.victim_name) == ("verified", NAME)
    _inform(casualty)
    assert "are told who it was" not in words(desk_of(verifier).get(record_url(casualty)))


def test_whoever_may_change_it_says_that_the_family_knows(casualty: Casualty, verifier: User) -> None:
    recorder = user_in_role(Role.CASUALTY_RECORDER, organisation=casualty.incident.organisation)
    address, sent = act_url(casualty, "informed"), {"at": f"{timezone.localtime():%Y-%m-%dT%H:%M}"}
    assert desk_of(verifier).post(address, sent).status_code == 403
    asked = desk_of(recorder).get(address)
    assert "This cannot be taken back" in words(asked)
    casualty.refresh_from_db()
    assert casualty.next_of_kin_informed_at is None
    assert desk_of(recorder).post(address, sent).status_code == 302
    casualty.refresh_from_db()
    assert casualty.next_of_kin_informed_by == recorder.pk
    again = desk_of(recorder).post(address, sent, follow=True)
    assert "cannot be done with the record as it stands" in words(again)


def _no_code(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(fields, "is_held_back", lambda *_of: False)
    patch.setattr(fields, "holds_back", lambda *_of: False)


def _no_wall(patch: pytest.MonkeyPatch) -> None:
    for module in ("accounts.rows", "accounts.api.standing"):
        patch.setattr(f"{module}.standing_of", lambda _user: EVERYBODY)


@pytest.mark.parametrize("without", [_no_code, _no_wall], ids=["code", "database"])
def test_either_layer_alone_holds_the_name_and_the_id(
    casualty: Casualty,
    verifier: User,
    without: Callable[[pytest.MonkeyPatch], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without(monkeypatch)
    shown = _everywhere(verifier, casualty)
    assert _told(shown, casualty.pk) >= {"api detail", "desk page"}
    assert _told(shown, NAME) == _told(shown, casualty.person_id) == set()


def test_without_both_it_is_told(casualty: Casualty, verifier: User, monkeypatch: pytest.MonkeyPatch) -> None:
    _no_code(monkeypatch)
    _no_wall(monkeypatch)
    shown = _everywhere(verifier, casualty)
    assert {"api detail", "desk page"} <= _told(shown, NAME)
    assert "api detail" in _told(shown, casualty.person_id)


def test_the_database_shows_the_person_behind_a_victim_once_the_family_knows(
    casualty: Casualty, verifier: User
) -> None:
    person = casualty.person.pk

    def seen() -> list[Any]:
        stand(standing_of(verifier))
        try:
            [told] = Casualty.objects.values_list("victim_name", "person")
            row = Casualty.objects.defer("victim_name").get()
            return [Person.objects.filter(pk=person).exists(), *told, row.person_id]
        finally:
            stand(LOGIN)

    assert seen() == [False, None, None, None]
    _inform(casualty)
    assert seen() == [True, NAME, person, person]


def test_the_database_answers_no_question_about_a_name(casualty: Casualty, verifier: User) -> None:
    """Nor does whoever reads a row without its name lose it by saving the row."""
    stand(standing_of(verifier))
    try:
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Casualty.objects.filter(victim_name=NAME).exists()
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT victim_name FROM displacement_casualty")
        with pytest.raises(Exception, match="is not told"), transaction.atomic():
            Casualty.objects.get(pk=casualty.pk).save()
    finally:
        stand(LOGIN)


@pytest.mark.parametrize(
    "question",
    [
        lambda victim: Casualty.objects.filter(person=victim).exists(),
        lambda victim: Casualty.objects.filter(person__family_name="Kovalchuk").exists(),
        lambda _victim: list(Casualty.objects.select_related("person")),
        lambda _victim: list(Casualty.objects.order_by("person_id")),
        lambda _victim: Casualty.objects.aggregate(Count("person")),
    ],
)
def test_the_database_answers_no_question_about_who_it_was(
    casualty: Casualty, verifier: User, question: Callable[[Any], Any]
) -> None:
    stand(standing_of(verifier))
    try:
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            question(casualty.person_id)
    finally:
        stand(LOGIN)


def test_whoever_is_not_told_who_it_was_cannot_lose_or_replace_them(
    casualty: Casualty, verifier: User
) -> None:
    """A row that was read without the person may not be saved without them."""
    own = user_in_role(Role.CASUALTY_RECORDER, organisation=casualty.incident.organisation)
    mine, named = Casualty.objects.filter(pk=casualty.pk), casualty.person_id
    stand(standing_of(verifier))
    try:
        with pytest.raises(ProgrammingError, match="is not told who a victim was"), transaction.atomic():
            mine.update(person=None)
    finally:
        stand(LOGIN)
    assert mine.get().person_id == named
    stand(standing_of(own))
    try:
        mine.update(person=None)
    finally:
        stand(LOGIN)
    assert mine.get().person_id is None


def test_an_answer_that_does_not_read_what_a_name_waits_for_is_none(
    casualty: Casualty, verifier: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CasualtyDetailOutput, "beside", ())
    answer = client_of(verifier).get(f"/api/v1/casualties/{casualty.pk}/")
    assert answer.status_code == 500
    assert NAME not in answer.content.decode()
