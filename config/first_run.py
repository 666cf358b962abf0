"""What an empty installation shows: the invented scenario, demo sign-ins, a week of reports and one mail."""

import os
from dataclasses import dataclass
from pathlib import Path

from config.embedded.directory import DataDirectory, writing
from config.embedded.errors import EmbeddedServerError
from regions.models import Operation
from reports.models import Delivery, Edition, EditionFile
from reports.models.delivery import DeliveryState
from reports.models.edition import Audience

SCENARIO = "kursk-2024"
FIRST_DAY, LAST_DAY = "2024-08-06", "2024-08-12"
DEFAULT_PEOPLE = 121_000
SIGN_INS = "demo-accounts.tsv"


@dataclass(frozen=True)
class Step:
    """One management command that is still to run, and what it is for."""

    name: str
    arguments: tuple[str, ...]


def people_wanted() -> int:
    """How many people the scenario invents: SCENARIO_PEOPLE, by default as many as were claimed evacuated."""
    text = os.environ.get("SCENARIO_PEOPLE") or str(DEFAULT_PEOPLE)
    if not text.isascii() or not text.isdigit() or int(text) == 0:
        raise EmbeddedServerError("SCENARIO_PEOPLE must be a whole number above 0, such as 121000.")
    return int(text)


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
        days = ("--operation", SCENARIO, "--from", FIRST_DAY, "--to", LAST_DAY)
        steps.append(
            Step(
                "reports of 6 to 12 August 2024",
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
