"""Everything that is encrypted follows the key that encrypts, while people work; then, and only then, the old one may go."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from audit.models import AuditEvent
from config import renewing
from core.encryption import is_current
from displacement.actions.merging import merge
from displacement.models import Household, Person, TakenOver
from intake.actions import submissions
from intake.content import opened
from intake.models import Batch, StagedRow, Submission
from tests.factories.displacement import HouseholdFactory, PersonFactory
from tests.factories.intake import KoboFormFactory
from tests.intake.lists import checked, clerk, family, people
from tests.intake.test_kobo_inbox import submission

pytestmark = pytest.mark.django_db
PHONE = "+7 955 731-42-86"
NEW = {"new": b"n" * 32}


def renew(*flags: str) -> str:
    """What the command says."""
    out = StringIO()
    call_command("renew_encryption", *flags, stdout=out)
    return out.getvalue()


def _everything() -> tuple[Person, Batch]:
    """Something in every place."""
    by = clerk()
    organisation = by.memberships.get().organisation
    kept, merged = (
        PersonFactory.create(household=HouseholdFactory.create(organisation=organisation, phone=phone))
        for phone in ("+7 955 000-11-22", PHONE)
    )
    merge(kept=kept, merged=merged, by=by, take={"phone"})
    file = people(
        *family("1", given=("Ivan",), Phone=PHONE), *family("2", given=("Olha",), Born="31.02.1990")
    )
    form = KoboFormFactory.create(organisation=organisation)
    submissions.take(form=form, payload=submission(1), by=by)
    return kept, checked(file, by)


def test_every_place_follows_and_stays_readable(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renewing, "CHUNK", 1)
    kept, batch = _everything()
    old = settings.FIELD_ENCRYPTION_KEYS
    settings.FIELD_ENCRYPTION_KEYS = NEW | old
    with pytest.raises(CommandError, match="Older keys still hold something: tests"):
        renew("--check")
    assert "7 values of people and lists" in (said := renew())
    assert "Key tests holds nothing here" in said
    assert "0 values of people and lists" in renew()
    settings.FIELD_ENCRYPTION_KEYS = NEW
    assert "Key new holds" in renew("--check")
    assert Person.objects.get(pk=kept.pk).household.phone == PHONE
    entry = TakenOver.objects.get(field="phone")
    assert (entry.old["phone"], entry.new["phone"]) == ("+7 955 000-11-22", PHONE)
    with opened(batch) as file:
        assert PHONE.encode() in file.read()
    assert Submission.objects.get().payload == submission(1)
    assert "31.02.1990" in StagedRow.objects.get(number=3).raw
    assert AuditEvent.objects.filter(action="encryption_renewed").exists()


def test_a_run_that_was_stopped_goes_on_where_it_was(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewing, "CHUNK", 1)
    for _household in range(3):
        HouseholdFactory.create(phone=PHONE)
    settings.FIELD_ENCRYPTION_KEYS = NEW | settings.FIELD_ENCRYPTION_KEYS
    (phones,) = [column for column in renewing.columns() if column.model is Household]
    assert next(phones.renew(clerk())) == 1
    assert phones.under() == {"new": 1, "tests": 2}
    assert sum(phones.renew(clerk())) == 2
    assert all(is_current(household.__dict__["phone"]) for household in Household.objects.exclude(phone=""))
    assert {household.phone for household in Household.objects.exclude(phone="")} == {PHONE}


def test_a_key_that_is_not_here_is_named_before_anything_is_lost(settings: Settings) -> None:
    HouseholdFactory.create(phone=PHONE)
    settings.FIELD_ENCRYPTION_KEYS = NEW
    with pytest.raises(CommandError, match="under a key that is not here"):
        renew()
    with pytest.raises(CommandError, match="tests"):
        renew("--check")
