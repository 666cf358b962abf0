"""What an empty installation shows: the invented scenario, demo sign-ins, a week of reports and one mail."""

import os
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from config.embedded.directory import DataDirectory, writing
from config.embedded.errors import EmbeddedServerError
from regions.models import Operation
from reports.models import Delivery, Edition, EditionFile
from reports.models.delivery import DeliveryState
from reports.models.edition import Audience

SCENARIO = "kursk-2024"
FIRST_DAY, LAST_DAY = date(2024, 8, 6), date(2024, 8, 12)
DEFAULT_PEOPLE = 121_000
SIGN_INS = "demo-accounts.tsv"


@dataclass(frozen=True)
class Step:
    """One management command that is still to run, and what it is for."""

    name: str
    arguments: tuple[str, ...]


def people_wanted() -> int:
    """How many people the scenario invents: SCENARIO_PEOPLE, by default as many as were claimed evacuated."""
    number = _number(os.environ.get("SCENARIO_PEOPLE"), DEFAULT_PEOPLE)
    if not number:
        raise EmbeddedServerError("SCENARIO_PEOPLE must be a whole number above 0, such as 121000.")
    return number


def first_day_wanted() -> date:
    """From which day on the reports are made: SCENARIO_DAYS up to the last one, by default the whole week."""
    week = (LAST_DAY - FIRST_DAY).days + 1
    days = _number(os.environ.get("SCENARIO_DAYS"), week)
    if not 1 <= days <= week:
        raise EmbeddedServerError(f"SCENARIO_DAYS must be a whole number from 1 to {week}.")
    return LAST_DAY - timedelta(days=days - 1)


def _number(wish: str | None, usual: int) -> int:
    """The whole number that was wished for; 0 for anything else."""
    if not wish:
        return usual
    return int(wish) if wish.isascii() and wish.isdigit() else 0


def loading_step() -> Step | None:
    """Loading the scenario, where no operation exists yet; one query."""
    if Operation.objects.exists():
        return None
    people = people_wanted()
    name = f"scenario {SCENARIO}: {people:,} invented people"
    return Step(name, ("load_scenario", SCENARIO, "--people", str(people)))


def later_steps(directory: DataDirectory) -> list[Step]:
    """What a scenario still lacks, also when an earlier start was interrupted; nothing in a register of one's own."""
    if not Operation.objects.filter(key=SCENARIO).exists():
        return []
    steps = []
    if not (directory.path / SIGN_INS).exists():
        steps.append(Step("demo sign-ins", ("create_demo_accounts",)))
    if last_edition() is None:
        first = first_day_wanted()
        days = ("--operation", SCENARIO, "--from", f"{first}", "--to", f"{LAST_DAY}")
        steps.append(
            Step(
                f"reports of {first.day} to {LAST_DAY:%-d %B %Y}",
                ("make_editions", *days, "--send-last", "--demo-subscribers"),
            )
        )
    return steps


def last_edition() -> Edition | None:
    """The exact report of the scenario's last day, which is the one that is mailed."""
    made = Edition.objects.filter(operation__key=SCENARIO, local_day=LAST_DAY, published_at__isnull=False)
    made = made.filter(audience=Audience.INTERNAL).defer("content")
    return made.order_by("-known_at").first()


def unsent(edition: Edition) -> int:
    """How many of its mails have not left."""
    return edition.deliveries.exclude(state=DeliveryState.SENT).count()


def is_mailed(edition: Edition) -> bool:
    """Whether it went to somebody, and to everybody."""
    return Delivery.objects.filter(edition=edition).exists() and not unsent(edition)


def write_pdf(edition: Edition, directory: DataDirectory) -> Path | None:
    """The edition's PDF as a file, for whoever sits at this machine; byte for byte as mailed."""
    file = EditionFile.objects.filter(edition=edition, format="pdf").first()
    if file is None:
        return None
    path = directory.reports / Path(file.file_name).name
    with writing(path):
        path.touch(0o600)
        path.write_bytes(bytes(file.content))
    return path
