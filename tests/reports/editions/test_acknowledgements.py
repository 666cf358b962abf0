"""An acknowledged flag stays, with its reason, until a number in it changes; and only in internal reports."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from accounts.policy import Role
from regions.models import Operation
from reports.actions.acknowledgements import acknowledge, flags_of, key_of
from reports.actions.editions import make_edition
from reports.editions.build import build_report
from reports.editions.releasing import release
from reports.editions.report import FlagRow, SituationReport
from reports.flags import FLAGS
from reports.models import Edition, FlagAcknowledgement
from reports.rendering.text import render_text
from tests.factories.accounts import user_in_role
from tests.factories.displacement import ClaimFactory, SourceFactory
from tests.factories.facts import KURSK_MORNING
from tests.factories.regions import RunningOperationFactory, kursk_tree, region

DAY = date(2024, 8, 8)
ONE = timedelta(days=1)
WHY = "Asked the office: both numbers are right."

pytestmark = pytest.mark.django_db


@pytest.fixture
def operation() -> Operation:
    """Kursk, where two numbers share their digits."""
    kursk_tree()
    speaker = SourceFactory.create(name="Acting governor")
    ClaimFactory.create(source=speaker)
    ClaimFactory.create(source=speaker, indicator="injured", value=121, qualifier="exact")
    return RunningOperationFactory.create()


@pytest.fixture
def publisher() -> User:
    """May acknowledge flags everywhere."""
    return user_in_role(Role.PUBLISHER)


@pytest.fixture
def edition(operation: Operation, publisher: User) -> Edition:
    """The draft of the day."""
    return make_edition(operation=operation, region=region("RU-KRS"), local_day=DAY, by=publisher)


def built(operation: Operation, day: date = DAY, language: str = "en") -> SituationReport:
    """A report of the day as known now."""
    return build_report(
        operation=operation,
        region=region("RU-KRS"),
        local_day=day,
        known_at=timezone.now(),
        number=1,
        previous=None,
        language=language,
    )


def digits(rows: tuple[FlagRow, ...] | list[FlagRow]) -> FlagRow:
    """The row of the flag about the same digits."""
    return next(row for row in rows if row.code == "same_digits")


def acknowledged(edition: Edition, by: User) -> FlagAcknowledgement:
    """The flag about the same digits, acknowledged."""
    return acknowledge(edition=edition, flag=key_of(digits(flags_of(edition))), reason=WHY, by=by)


def test_the_flag_stays_with_its_reason_from_the_next_report_on(
    operation: Operation, edition: Edition, publisher: User
) -> None:
    before = built(operation)
    acknowledged(edition, publisher)
    later = built(operation, DAY + ONE)
    row = digits(later.flag_rows)
    assert (row.acknowledged_because, row.text in later.flags) == (WHY, True)
    text = " ".join(render_text(later).decode().split())
    assert "Acknowledged by a named person" in text
    assert WHY in text
    assert publisher.username not in text
    assert WHY not in " ".join(render_text(before).decode().split())
    asked_again = build_report(
        operation=operation,
        region=region("RU-KRS"),
        local_day=DAY,
        known_at=before.known_at,
        number=1,
        previous=None,
    )
    assert asked_again == before, "what was acknowledged later is not known then"


def test_it_ends_where_a_number_changes_and_where_it_is_taken_back(
    operation: Operation, edition: Edition, publisher: User
) -> None:
    known = acknowledged(edition, publisher)
    known.voided_at, known.voided_by, known.void_reason = timezone.now(), publisher.pk, "It was wrong."
    known.save()
    assert digits(built(operation).flag_rows).acknowledged_at is None
    acknowledged(edition, publisher)
    assert digits(built(operation, DAY + ONE).flag_rows).acknowledged_at is not None
    other = {"indicator": "injured", "value": 1_210, "qualifier": "exact", "as_of": KURSK_MORNING + ONE}
    ClaimFactory.create(source=SourceFactory.create(name="Hospital"), **other)
    row = digits(built(operation, DAY + ONE).flag_rows)
    assert (row.acknowledged_at, row.acknowledged_because) == (None, "")


def test_it_holds_in_every_language(operation: Operation, edition: Edition, publisher: User) -> None:
    acknowledged(edition, publisher)
    with override("uk"):
        assert digits(built(operation, language="uk").flag_rows).acknowledged_because == WHY


@pytest.mark.parametrize("audience", ["partners", "public"])
def test_others_read_nothing_of_it(
    operation: Operation, edition: Edition, publisher: User, audience: str
) -> None:
    acknowledged(edition, publisher)
    told = release(built(operation, DAY + ONE), audience=audience, earlier=[])
    assert told.flag_rows == ()
    assert WHY not in render_text(told).decode()


def test_what_cannot_be_acknowledged(edition: Edition, publisher: User) -> None:
    flag = key_of(digits(flags_of(edition)))
    with pytest.raises(ValidationError, match="Say why"):
        acknowledge(edition=edition, flag=flag, reason=" ", by=publisher)
    with pytest.raises(ValidationError, match="no such flag"):
        acknowledge(edition=edition, flag="same_digits nothing 0", reason=WHY, by=publisher)
    for stranger in (user_in_role(Role.REGISTRAR), user_in_role(Role.PUBLISHER, region=region("UA-59"))):
        with pytest.raises(PermissionDenied):
            acknowledge(edition=edition, flag=flag, reason=WHY, by=stranger)
    assert not FlagAcknowledgement.objects.exists()


def test_codes_of_flags_are_never_renamed() -> None:
    """An acknowledgement and a program that reads the JSON name flags by these."""
    assert list(FLAGS) == [
        "falling_cumulative", "more_than_lived_there", "more_than_to_evacuate", "over_capacity", "more_children_than_people",
        "flow_is_no_difference", "same_digits", "jump", "unchanged", "published_late", "unexplained", "parts_exceed_total",
    ]  # fmt: skip
