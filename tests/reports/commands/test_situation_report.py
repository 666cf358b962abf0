"""`manage.py situation_report` prints what the edition says, counted again."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.service import service_user
from reports.actions.editions import make_edition, publish
from reports.models import Edition
from reports.rendering.encode import from_json
from reports.rendering.registry import FORMATS
from tests.factories.displacement import MovementFactory
from tests.factories.regions import RunningOperationFactory, kursk_tree, region

pytestmark = pytest.mark.django_db

DAY = date(2024, 8, 12)
FORMAT_NAMES = ("text", "json", "html", "pdf", "xlsx", "csv", "hxl")


@pytest.fixture
def edition() -> Edition:
    operation = RunningOperationFactory.create(is_automatic=True)
    draft = make_edition(operation=operation, region=region("RU-KRS"), local_day=DAY, by=service_user())
    return publish(edition=draft, by=service_user())


def _run(*arguments: str, of: str = "RU-KRS", on: str = "2024-08-12") -> None:
    call_command("situation_report", f"--region={of}", f"--date={on}", *arguments)


@pytest.mark.parametrize(("language", "title"), [("uk", "Курська область"), ("ru", "Курская область")])
def test_in_another_language(
    edition: Edition, language: str, title: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    _run(f"--language={language}")
    told = capfdbinary.readouterr().out.decode()
    assert title in told
    assert "Highlights" not in told


@pytest.mark.parametrize("name", FORMAT_NAMES)
def test_the_same_bytes_as_the_kept_file(
    edition: Edition, name: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    _run(f"--format={name}")
    assert capfdbinary.readouterr().out == bytes(edition.files.get(format=name).content)


def test_every_format_can_be_asked_for() -> None:
    assert set(FORMATS) >= set(FORMAT_NAMES)


def test_a_difference_is_said_after_printing(
    edition: Edition, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """Somebody wrote into the register past the program, as if it had been known in time."""
    earlier = edition.as_of - timedelta(hours=2)
    MovementFactory.create(occurred_at=earlier, recorded_at=earlier)
    with pytest.raises(CommandError, match="not what the published edition says"):
        _run("--format=json")
    assert from_json(capfdbinary.readouterr().out) != from_json(edition.content)


def test_as_known_at_another_moment(edition: Edition, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    _run("--format=json", "--known-at=2024-08-20T00:00:00+03:00")
    report = from_json(capfdbinary.readouterr().out)
    assert report.known_at == datetime(2024, 8, 19, 21, tzinfo=UTC)
    assert report.number == edition.number


def test_a_day_of_which_no_edition_was_made(
    edition: Edition, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    _run("--format=json", on="2024-08-13")
    report = from_json(capfdbinary.readouterr().out)
    assert (report.local_day, report.number, report.is_late) == (date(2024, 8, 13), 8, False)
    assert Edition.objects.count() == 1


def test_into_a_file(edition: Edition, tmp_path: Path) -> None:
    _run("--format=pdf", f"--output={tmp_path / 'report.pdf'}")
    assert (tmp_path / "report.pdf").read_bytes() == bytes(edition.files.get(format="pdf").content)
    with pytest.raises(CommandError, match="cannot be written: No such file"):
        _run("--format=pdf", f"--output={tmp_path / 'none' / 'report.pdf'}")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"of": "Sudzah"}, r"Perhaps one of these is meant: .*Sudzhansky District \(RU-KRS-SUDZHANSKY\)"),
        ({"of": "Nowhere"}, r"Kursk Oblast \(RU-KRS\)"),
        ({"of": "UA-59"}, "No operation fits. Name one by its key: kursk-2024."),
        ({"on": "2024-08-01"}, "No operation fits"),
        ({"on": "2024-13-01"}, "write the day like 2024-08-12"),
        ({"on": "2999-01-01"}, "This day is not over yet"),
    ],
)
def test_what_cannot_be_answered(edition: Edition, arguments: dict[str, str], sentence: str) -> None:
    kursk_tree()
    with pytest.raises(CommandError, match=sentence):
        _run(**arguments)


@pytest.mark.parametrize("moment", ["2024-08-13T06:00:00", "yesterday"])
def test_a_moment_needs_its_zone(edition: Edition, moment: str) -> None:
    with pytest.raises(CommandError, match="with its zone"):
        _run(f"--known-at={moment}")


def test_of_several_operations_one_must_be_named(
    edition: Edition, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    RunningOperationFactory.create(key="floods-2024", name="Floods")
    with pytest.raises(CommandError, match=r"Several operations .*: .*floods-2024"):
        _run()
    _run("--operation=kursk-2024", "--format=json")
    assert capfdbinary.readouterr().out == bytes(edition.files.get(format="json").content)
