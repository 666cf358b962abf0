"""All languages and audiences of a day from one count; one that fails does not stop the others."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.policy import Role
from accounts.service import service_user
from regions.models import Operation
from regions.models.operation import AUDIENCES
from reports.actions import days
from reports.actions.days import make_day
from reports.actions.due import make_due
from reports.actions.editions import compute, make_edition, publish
from reports.disclosure.failed import DisclosureFailed
from reports.models import Edition, Notice
from reports.models.edition import Audience
from reports.rendering.encode import from_json, to_plain
from reports.rendering.registry import FORMATS
from tests.factories.accounts import user_in_role
from tests.factories.displacement import MovementFactory
from tests.factories.regions import RunningOperationFactory, region

pytestmark = pytest.mark.django_db

DAY = date(2024, 8, 12)


def _make(**more: object) -> list[Edition]:
    operation = RunningOperationFactory.create(**more)
    return make_day(operation=operation, region=region("RU-KRS"), local_day=DAY, by=service_user())


def test_three_languages_from_one_count_with_the_regions_own_names() -> None:
    MovementFactory.create()
    with CaptureQueriesContext(connection) as queries:
        editions = _make(report_languages=["en", "uk", "ru"])
    assert [edition.language for edition in editions] == ["en", "uk", "ru"]
    counts = [q["sql"] for q in queries if "FROM displacement_household\n" in q["sql"]]
    assert len(counts) == 1, "households are counted once for the day"
    names = [edition.content["region_name"] for edition in editions]
    assert names == ["Kursk Oblast", "Курська область", "Курская область"]
    values = [[figure["value"] for figure in edition.content["key_figures"]] for edition in editions]
    assert values[0] == values[1] == values[2]


def test_numbers_dates_and_clock_follow_the_language() -> None:
    english, russian = _make(report_languages=["en", "ru"])
    texts = [FORMATS["text"].render(from_json(edition.content)).decode() for edition in (english, russian)]
    assert "12 August 2024" in texts[0]
    assert "12 августа 2024" in texts[1]
    assert "12 August" not in texts[1]


def test_one_language_that_fails_is_logged_told_and_does_not_stop_the_others(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    here, _elsewhere = user_in_role(Role.PUBLISHER), user_in_role(Role.PUBLISHER, region=region("UA-59"))

    def no_ukrainian(**wanted: object) -> Edition:
        if wanted["language"] == "uk":
            raise ArithmeticError("Ivan Petrov")
        return make_edition(**wanted)  # type: ignore[arg-type]

    monkeypatch.setattr(days, "make_edition", no_ukrainian)
    for _again in range(2):
        assert [e.language for e in _make(report_languages=["en", "uk", "ru"])] == ["en", "ru"]
    assert "report kursk-2024 RU-KRS 2024-08-12 internal uk could not be made: ArithmeticError" in caplog.text
    notice = Notice.objects.get()
    assert (notice.user, notice.language, notice.problem) == (here, "uk", "ArithmeticError")


def test_each_language_compares_with_its_own_edition_of_the_day_before() -> None:
    operation = RunningOperationFactory.create(is_automatic=True, report_languages=["en", "uk"])
    for day in (12, 13):
        make_due(datetime(2024, 8, day, 4, tzinfo=UTC))
    for edition in Edition.objects.filter(operation=operation, local_day=DAY):
        assert edition.previous is not None
        assert edition.previous.language == edition.language


@pytest.mark.parametrize("audience", ["partners", "public"])
def test_readers_outside_get_what_disclosure_control_leaves(audience: str) -> None:
    MovementFactory.create_batch(2)
    exact, released = _make(report_audiences=["internal", audience])
    assert _displaced(exact) == (2, "exact")
    assert _displaced(released) == (None, "suppressed")


def test_a_released_report_asked_again_hides_the_same() -> None:
    MovementFactory.create_batch(2)
    [edition] = _make(report_audiences=["public"])
    assert to_plain(compute(edition)) == edition.content


def _displaced(edition: Edition) -> tuple[int | None, str]:
    [found] = [f for f in edition.content["key_figures"] if f["indicator"] == "displaced"]
    return found["value"], found["qualifier"]


def test_where_disclosure_control_fails_nothing_is_made_and_internal_readers_get_theirs(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_args: object, **_options: object) -> None:
        raise ArithmeticError("Ivan Petrov")

    monkeypatch.setattr("reports.editions.releasing.release", broken)
    with pytest.raises(ValidationError) as refused:
        _make(report_audiences=["public"])
    assert "Ivan Petrov" not in str(refused.value) + "".join(record.getMessage() for record in caplog.records)
    Operation.objects.update(report_audiences=["internal", "public"])
    assert [edition.audience for edition in _make()] == ["internal"]
    assert [error.code for error in refused.value.error_dict["audience"]] == ["disclosure_failed"]


def test_a_draft_is_attacked_again_before_it_is_published(monkeypatch: pytest.MonkeyPatch) -> None:
    [edition] = _make(report_audiences=["public"], is_automatic=True)

    def solved(*_args: object, **_options: object) -> None:
        raise DisclosureFailed("displaced")

    monkeypatch.setattr("reports.editions.releasing.gate", solved)
    with pytest.raises(ValidationError, match="Nothing was sent"):
        publish(edition=edition, by=service_user())
    assert not Edition.objects.published().exists()


def test_audiences_of_operations_are_those_of_editions() -> None:
    assert [code for code, _label in AUDIENCES] == Audience.values
