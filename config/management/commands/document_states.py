"""`manage.py document_states`: write the reference page of the ways that records go, drawn from the tables that actions ask."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db.models import TextChoices
from django.utils import translation

from accounts.models import client_ask
from displacement.models import casualty
from intake.models import batch
from reports.models import subscription
from retention.models import erasure

PAGE = Path(settings.BASE_DIR) / "docs" / "reference" / "states.md"
_HEAD = """# Ways

Written by `manage.py document_states` from the tables of transitions; change them there. What no arrow shows does not happen.
"""


@dataclass(frozen=True, slots=True)
class Way:
    """One workflow: its title, what leads it, where its table stands, and the table; the first state is where it begins."""

    title: str
    words: str
    place: str
    transitions: Mapping[Any, frozenset[Any]]


#: A new workflow is one entry.
WAYS = (
    Way(
        "A list",
        "From its bytes to the register and back. Workers have to do something with a batch that is being read or written.",
        "intake/models/batch.py",
        batch.TRANSITIONS,
    ),
    Way(
        "A casualty",
        "The ladder of verification. To verify, who, what, when and where must each be corroborated by two independent "
        "sources, and the verifier is not the recorder.",
        "displacement/models/casualty.py",
        casualty.TRANSITIONS,
    ),
    Way(
        "An erasure",
        "One person asks, another erases. Where much waits a worker looks through it first, and hands the erasure back where a "
        "person has to answer or something stands in the way.",
        "retention/models/erasure.py",
        erasure.TRANSITIONS,
    ),
    Way(
        "A subscription",
        "One person proposes it, another approves it, the address confirms it by the link in a mail; one person, or the "
        "reader, ends it.",
        "reports/models/subscription.py",
        subscription.TRANSITIONS,
    ),
    Way(
        "What is asked for a partner's system",
        "One person asks that it read people, or more of them or from more places or for longer; another approves or refuses "
        "it. Whoever changes or ends the system in between overtakes it.",
        "accounts/models/client_ask.py",
        client_ask.TRANSITIONS,
    ),
)


class Command(BaseCommand):
    """One diagram for each workflow."""

    help = "Write docs/reference/states.md from the tables of transitions."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to write."""
        parser.add_argument("--output", type=Path, default=PAGE)

    def handle(self, *_args: Any, output: Path, **_options: Any) -> None:
        """Write the page."""
        output.write_text(page(), encoding="utf-8")
        self.stdout.write(f"{len(WAYS)} diagrams written to {output.name}.")


def page() -> str:
    """The whole page, in English."""
    with translation.override("en"):
        return "\n".join([_HEAD, *(line for way in WAYS for line in _section(way))])


def _section(way: Way) -> Iterator[str]:
    """Words, and the diagram as Mermaid draws it."""
    yield f"## {way.title}\n\n{way.words} The table stands in `{way.place}`.\n"
    yield "```mermaid"
    yield "stateDiagram-v2"
    states: list[TextChoices] = list(way.transitions)
    yield from (f"    {state.value}: {state.label}" for state in states)
    yield f"    [*] --> {states[0].value}"
    for state in states:
        following = sorted(way.transitions[state], key=states.index)
        yield from (f"    {state.value} --> {then.value}" for then in following or [])
        if not following:
            yield f"    {state.value} --> [*]"
    yield "```\n"
