"""Emergency access: with a reason, for some hours, told at once, and seen on every page."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.actions.break_glass import break_glass, mend_glass, tell_broken_glasses
from accounts.models import BreakGlass, BreakGlassNotice, Organisation, User
from accounts.policy import Role
from audit.models import AuditEvent
from core.clock import database_now
from displacement.models import Person
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory, user_in_role
from tests.factories.displacement import PersonFactory
from tests.factories.regions import region
from tests.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    """Somebody of an organisation in Kursk."""
    made: Person = PersonFactory.create()
    return made


@pytest.fixture
def root() -> User:
    """A superuser, who has no membership, and is not the only one."""
    user: User = UserFactory.create(is_superuser=True)
    UserFactory.create(is_superuser=True)
    return user


def _broken(person: Person, by: User, **options: object) -> BreakGlass:
    told = {"role": Role.PROTECTION_OFFICER, "region": None, "reason": "A convoy is hit.", **options}
    return break_glass(organisation=person.organisation, by=by, **told)  # type: ignore[arg-type]


def test_it_opens_one_organisation_for_the_role_and_ends_by_itself(person: Person, root: User) -> None:
    other = PersonFactory.create()
    assert not Person.objects.visible_to(root).exists()
    glass = _broken(person, root)
    assert set(Person.objects.visible_to(root)) == {person}
    assert other not in Person.objects.visible_to(root)
    assert timedelta(hours=4) == glass.ends_at - glass.opened_at
    earlier = timedelta(hours=5)
    BreakGlass.objects.update(opened_at=glass.opened_at - earlier, ends_at=glass.ends_at - earlier)
    assert not Person.objects.visible_to(User.objects.get(pk=root.pk)).exists()


def test_it_ends_with_the_role_by_which_it_was_taken(person: Person) -> None:
    """Whoever is no administrator any more has no emergency access from before, wherever it would be asked."""
    user_in_role(Role.AUDITOR, organisation=person.organisation)
    admin = user_in_role(Role.ORGANISATION_ADMIN, organisation=person.organisation)
    MembershipFactory.create(user=admin, organisation=person.organisation, role=Role.PUBLISHER)
    _broken(person, admin)
    browser = Client()
    browser.force_login(admin)
    assert (
        browser.get("/api/v1/people/").status_code == browser.get("/displacement/person/").status_code == 200
    )
    admin.memberships.filter(role=Role.ORGANISATION_ADMIN).delete()
    assert (
        browser.get("/api/v1/people/").status_code == browser.get("/displacement/person/").status_code == 403
    )
    assert not Person.objects.visible_to(User.objects.get(pk=admin.pk)).exists()


def test_it_ends_where_the_role_ends_by_which_it_was_taken(person: Person) -> None:
    user_in_role(Role.AUDITOR, organisation=person.organisation)
    admin = user_in_role(Role.ORGANISATION_ADMIN, organisation=person.organisation)
    _broken(person, admin, region=region("RU-KRS"))
    for place, holds in (("RU-CENTRAL", True), ("RU-KRS", True), ("UA-59", False)):
        admin.memberships.update(region=region(place))
        assert Person.objects.visible_to(User.objects.get(pk=admin.pk)).exists() is holds, place
    admin.memberships.update(region=None, organisation=OrganisationFactory.create())
    assert not Person.objects.visible_to(User.objects.get(pk=admin.pk)).exists()


def test_it_ends_at_the_region(person: Person, root: User) -> None:
    _broken(person, root, region=region("UA-59"))
    assert not Person.objects.visible_to(root).exists()
    _broken(person, root, region=region("RU-KRS"))
    assert Person.objects.visible_to(root).exists()


def test_it_is_in_the_trail_with_its_reason(person: Person, root: User) -> None:
    glass = _broken(person, root, hours=2)
    event = AuditEvent.objects.get(action="break_glass")
    assert (event.object_id, event.actor_id, event.reason) == (str(glass.pk), root.pk, "A convoy is hit.")
    assert event.detail["role"] == "protection_officer"
    mend_glass(glass=glass, by=root)
    assert AuditEvent.objects.filter(action="mend_glass", object_id=str(glass.pk)).exists()
    assert not Person.objects.visible_to(root).exists()


def test_who_answers_for_the_organisation_is_told_once_and_without_names(person: Person, root: User) -> None:
    ours: Organisation = person.organisation
    admin, auditor = (
        user_in_role(Role.ORGANISATION_ADMIN, organisation=ours),
        user_in_role(Role.AUDITOR, organisation=ours),
    )
    user_in_role(Role.ORGANISATION_ADMIN)
    user_in_role(Role.REGISTRAR, organisation=ours)
    user_in_role(Role.AUDITOR, email="", organisation=ours)
    glass = _broken(person, root)
    assert tell_broken_glasses() == 2
    assert tell_broken_glasses() == 0
    assert {letter.to[0] for letter in mail.outbox} == {admin.email, auditor.email}
    text = f"{mail.outbox[0].subject}{mail.outbox[0].body}"
    assert str(root.pk) in text
    assert str(glass.pk) in text
    assert root.username not in text
    assert person.family_name not in text


@pytest.mark.parametrize(
    ("language", "words"), [("uk", "Екстрений доступ до записів"), ("ru", "Экстренный доступ к записям")]
)
def test_the_mail_is_in_the_language_of_who_reads_it(
    language: str, words: str, person: Person, root: User
) -> None:
    auditor = user_in_role(Role.AUDITOR, organisation=person.organisation)
    User.objects.filter(pk=auditor.pk).update(language=language)
    _broken(person, root)
    assert tell_broken_glasses() == 1
    assert mail.outbox[0].subject.startswith(words)
    assert "reason" not in mail.outbox[0].body.lower()


def test_a_mail_that_is_not_taken_waits(person: Person, root: User, monkeypatch: pytest.MonkeyPatch) -> None:
    user_in_role(Role.AUDITOR, organisation=person.organisation)
    _broken(person, root)
    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", _refuse)
        assert tell_broken_glasses() == 0
    assert BreakGlassNotice.objects.get().sent_at is None
    assert tell_broken_glasses() == 1


def test_where_the_organisation_has_nobody_else_others_are_told_and_where_nobody_is_it_is_refused(
    person: Person,
) -> None:
    admin = user_in_role(Role.ORGANISATION_ADMIN, organisation=person.organisation)
    refused("nobody_told", "", _broken, person=person, by=admin)
    user_in_role(Role.AUDITOR, email="")
    refused("nobody_told", "", _broken, person=person, by=admin)
    keeper, auditor = UserFactory.create(is_superuser=True), user_in_role(Role.AUDITOR)
    _broken(person, admin)
    assert {notice.user for notice in BreakGlassNotice.objects.all()} == {keeper, auditor}


def _refuse(*_args: object, **_options: object) -> int:
    raise ConnectionRefusedError


def test_what_is_refused(person: Person, root: User) -> None:
    refused("reason_needed", "reason", _broken, person=person, by=root, reason=" ")
    refused("out_of_range", "hours", _broken, person=person, by=root, hours=13)
    refused("invalid_choice", "role", _broken, person=person, by=root, role=Role.PUBLISHER)
    for role in (Role.REGISTRAR, Role.AUDITOR, Role.ORGANISATION_ADMIN):
        with pytest.raises(PermissionDenied):
            _broken(person, user_in_role(role, organisation=OrganisationFactory.create()))
    assert not BreakGlass.objects.exists()
    now = database_now()
    with pytest.raises(IntegrityError, match="break_glass_has_a_reason"), transaction.atomic():
        BreakGlass.objects.create(
            opened_by=root,
            role="registrar",
            organisation=person.organisation,
            ends_at=now + timedelta(hours=1),
        )


def test_an_administrator_takes_and_ends_it_in_the_own_organisation(person: Person, root: User) -> None:
    admin = user_in_role(Role.ORGANISATION_ADMIN, organisation=person.organisation)
    _broken(person, admin)
    assert Person.objects.visible_to(admin).exists()
    mend_glass(glass=_broken(person, root), by=admin)
    assert not Person.objects.visible_to(root).exists()
    with pytest.raises(PermissionDenied):
        mend_glass(glass=BreakGlass.objects.latest("opened_at"), by=user_in_role(Role.REGISTRAR))
