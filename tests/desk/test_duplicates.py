"""The queue of possible duplicates, the pair's page, merges, and taking them back."""

from datetime import timedelta

import pytest

from accounts.models import Organisation, User
from accounts.policy import Role
from displacement.actions import people
from displacement.actions.duplicates import propose
from displacement.actions.merging import merge
from displacement.models import BulkDecision, Merge, PairWord, Person, PossibleDuplicate
from tests.desk.pages import act_url, add_url, desk_of, list_url, record_url, words
from tests.factories.accounts import OrganisationFactory, almighty, user_in_role
from tests.factories.displacement import ArrivedMovementFactory, MovementFactory, PersonFactory
from tests.factories.facts import KURSK_MORNING
from tests.factories.regions import region
from tests.factories.shelters import OpenStayFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def own() -> Organisation:
    """The organisation of the desk."""
    made: Organisation = OrganisationFactory.create()
    return made


@pytest.fixture
def registrar(own: Organisation) -> User:
    """Works everywhere for it."""
    return user_in_role(Role.REGISTRAR, organisation=own)


def twice(own: Organisation, **other: object) -> PossibleDuplicate:
    """Олена Ковальчук, registered in Cyrillic and a day later in Latin."""
    first = PersonFactory.create(household__organisation=own, family_name="Ковальчук", given_name="Олена")
    told = {"household__organisation": own, "family_name": "Kovalchuk", "given_name": "Olena", **other}
    second = PersonFactory.create(occurred_at=KURSK_MORNING + timedelta(days=1), **told)
    propose([(first.pk, second.pk, 0.9987)])
    return PossibleDuplicate.objects.latest("pk")


def test_the_queue_shows_both_and_what_differs(own: Organisation, registrar: User) -> None:
    twice(own)
    page = words(desk_of(registrar).get(list_url(PossibleDuplicate)))
    assert "99.9%" in page
    assert "Ковальчук Олена · 1980-••-••" in page
    assert "≈ Family name, ≈ Given name" in page


def test_one_keystroke_decides_and_leads_to_the_next(own: Organisation, registrar: User) -> None:
    pair, following = twice(own), twice(own, birth_date=None, birth_precision="")
    PossibleDuplicate.objects.filter(pk=following.pk).update(probability=0.5)
    desk = desk_of(registrar)
    page = words(desk.get(record_url(pair)))
    assert "same given name" in page
    assert "spelled otherwise" in page
    answer = desk.post(
        record_url(pair), {"verdict": "same", "kept": str(pair.second_id), "reason": "one card"}
    )
    assert answer.headers["Location"] == record_url(following)
    done = Merge.objects.get()
    assert (done.kept_id, done.reason) == (pair.second_id, "one card")
    assert "This pair is decided: one person (one card)" in words(desk.get(record_url(pair)))
    answer = desk.post(record_url(following), {"verdict": "different"})
    assert answer.headers["Location"] == list_url(PossibleDuplicate)
    page = words(desk.post(record_url(twice(own)), {"verdict": ""}))
    assert "Say one person, two persons, or later." in page


def test_which_values_stand_is_chosen_line_by_line(own: Organisation, registrar: User) -> None:
    pair = twice(own, patronymic="Петрівна", household__phone="+380501112233", sex="male")
    Person.objects.filter(pk=pair.first_id).update(patronymic="")
    desk = desk_of(registrar)
    page = desk.get(record_url(pair))
    form = page.context["form"]
    asked = [name for name in form.fields if name.startswith("value_")]
    assert asked == [f"value_{name}" for name in ("family_name", "given_name", "patronymic", "sex", "phone")]
    marked = {row.asked.name: row.asked.value() for row in form.table if row.asked}
    assert marked["value_patronymic"] == str(pair.second_id)  # only one record knows it
    assert (marked["value_sex"], marked["value_phone"]) == ("", "")
    assert "value_sex" not in "".join(str(line.fields) for line in next(iter(page.context["adminform"])))
    first, second = str(pair.first_id), str(pair.second_id)
    sent = {"verdict": "same", "kept": first, "value_sex": first, "value_patronymic": second}
    assert "Select a valid choice" in words(desk.post(record_url(pair), {**sent, "value_phone": first}))
    desk.post(record_url(pair), {**sent, "value_given_name": second, "value_phone": second})
    done = Merge.objects.get()
    survivor = done.kept
    assert (survivor.patronymic, survivor.given_name, survivor.family_name) == (
        "Петрівна",
        "Olena",
        "Ковальчук",
    )
    assert (survivor.sex, survivor.household.phone) == ("female", "+380501112233")
    shown = words(desk.get(record_url(done)))
    assert "Given name, Patronymic, Telephone" in shown
    people.change(person=survivor, version=2, by=registrar, given_name="Лена")
    page_after = words(desk.post(act_url(done, "unmerge"), {"reason": "two"}, follow=True))
    assert "stays as it is: Given name." in page_after


def test_values_that_changed_since_the_page_was_opened_are_looked_at_again(
    own: Organisation, registrar: User
) -> None:
    pair = twice(own)
    desk = desk_of(registrar)
    seen = desk.get(record_url(pair)).context["form"].seen
    people.change(person=pair.second, version=1, by=registrar, given_name="Olha")
    sent = {"verdict": "same", "kept": str(pair.first_id), "value_given_name": str(pair.second_id)}
    page = desk.post(record_url(pair), {**sent, "seen": seen})
    assert "Compare both again, then decide." in words(page)
    assert Merge.objects.count() == 0
    desk.post(record_url(pair), {**sent, "seen": page.context["form"].seen})
    assert Merge.objects.get().kept.given_name == "Olha"


def test_many_are_decided_from_the_list(own: Organisation, registrar: User) -> None:
    pairs = [twice(own), twice(own)]
    stuck = twice(own)
    for person in (stuck.first, stuck.second):
        OpenStayFactory.create(person=person)
    sent = {"action": "say_same", "_selected_action": [p.pk for p in (*pairs, stuck)], "index": 0}
    page = words(desk_of(registrar).post(list_url(PossibleDuplicate), sent, follow=True))
    assert "2 pairs decided." in page
    assert "1 pair is left: Both records have a stay at the same time." in page
    assert Merge.objects.count() == 2


def test_a_bulk_decision_is_written_down_and_shows_how_far_it_is(own: Organisation, registrar: User) -> None:
    pair = twice(own)
    desk = desk_of(registrar)
    sent = {"verdict": "same", "least_percent": "99", "reason": "one list twice"}
    page = words(desk.post(add_url(BulkDecision), {**sent, "least_percent": "99.99"}))
    assert "No pair is left that this would decide" in page
    page = words(desk.post(add_url(BulkDecision), sent, follow=True))
    assert "A worker decides them now" in page
    assert (BulkDecision.objects.get().pairs_total, pair.state) == (1, "open")


def test_of_another_organisations_record_nothing_is_told(own: Organisation, registrar: User) -> None:
    theirs = OrganisationFactory.create(name="Other Hands", short_name="OTHER")
    pair = twice(
        own,
        household__organisation=theirs,
        household__registered_in=region("RU-ORL"),
        household__phone="+7 999",
    )
    hidden = next(p for p in (pair.first, pair.second) if p.organisation == theirs)
    desk = desk_of(registrar)
    assert "Nothing here fits" in words(desk.get(list_url(PossibleDuplicate), {"q": hidden.number}))
    told = [
        desk.get(list_url(PossibleDuplicate)),
        desk.get(record_url(pair)),
        desk.post(record_url(pair), {"verdict": "same", "kept": str(hidden.pk)}, follow=True),
        desk.get(f"{record_url(pair)[:-7]}history/", follow=True),
    ]
    assert "act/move/" not in desk.get(record_url(hidden), follow=True).content.decode()
    pages = " ".join(answer.content.decode() for answer in told)
    assert "A record of another organisation" in pages
    for secret in (
        hidden.number,
        str(hidden.pk),
        "Kovalchuk",
        "OTHER",
        "Orel",
        "Oryol",
        "+7 999",
        "Other Hands",
    ):
        assert secret not in pages, secret
    assert (PairWord.objects.get().verdict, Merge.objects.count()) == ("same", 0)
    assert "Ковальчук" not in words(desk.get(list_url(PossibleDuplicate)))


def test_the_merged_record_says_where_it_went_and_can_come_back(own: Organisation, registrar: User) -> None:
    pair = twice(own)
    MovementFactory.create(person=pair.second)
    done = merge(kept=pair.first, merged=pair.second, by=registrar)
    ArrivedMovementFactory.create(person=pair.first, recorded_at=done.merged_at + timedelta(seconds=1))
    desk = desk_of(registrar)
    for person in (pair.first, pair.second):
        shown = desk.get(record_url(person))
        assert f"{pair.second.number} into {pair.first.number}" in words(shown)
        assert ("act/move/" in shown.content.decode()) is (person == pair.first)
    found = words(desk.get(list_url(Person), {"q": pair.second.number}))
    assert pair.first.number in found
    assert "Kovalchuk" not in words(desk.get(list_url(Person)))
    assert "Kovalchuk" in words(desk.get(list_url(Person), {"voided": "merged"}))
    assert "movement: 1" in words(desk.get(record_url(done)))
    page = words(desk.post(act_url(done, "unmerge"), {"reason": "two cousins"}, follow=True))
    assert "these are two persons again" in page
    assert "1 record was made since the merge and stays with the survivor" in page
    pair.second.refresh_from_db()
    assert pair.second.merged_into_id is None


def test_who_may_void_the_stay_in_the_way_is_offered_that(own: Organisation, registrar: User) -> None:
    pair = twice(own)
    for person in (pair.first, pair.second):
        OpenStayFactory.create(person=person)
    page = desk_of(registrar).get(record_url(pair)).content.decode()
    assert "Void one of the two" in page
    assert "is_clearing" not in page
    desk = desk_of(almighty())
    assert "is_clearing" in desk.get(record_url(pair)).content.decode()
    desk.post(record_url(pair), {"verdict": "same", "kept": str(pair.first_id), "is_clearing": "on"})
    assert Merge.objects.get().kept == pair.first


def test_a_record_is_merged_by_hand_from_its_page(own: Organisation, registrar: User) -> None:
    kept, merged = (PersonFactory.create(household__organisation=own) for _ in range(2))
    desk_of(registrar).post(act_url(merged, "merge"), {"kept": str(kept.pk), "reason": "says so herself"})
    assert Merge.objects.get().kept == kept
    foreign = PersonFactory.create()
    page = words(desk_of(registrar).post(act_url(kept, "merge"), {"kept": str(foreign.pk)}))
    assert "Nothing was saved" in page


def test_only_those_who_decide_come_in(own: Organisation) -> None:
    pair = twice(own)
    desk = desk_of(user_in_role(Role.SHELTER_MANAGER, organisation=own))
    assert desk.get(list_url(PossibleDuplicate)).status_code == 403
    assert desk.get(record_url(pair)).status_code in (302, 403)
    assert desk.get(add_url(BulkDecision)).status_code == 403
