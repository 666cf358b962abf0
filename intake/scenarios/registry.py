"""The scenarios that can be loaded, by the name under which a command asks for them."""

from collections.abc import Mapping
from typing import Protocol

from core.actors import Actor
from intake.register import Written
from intake.scenarios.kursk_2024 import load as kursk_2024
from intake.scenarios.progress import OnProgress


class Load(Protocol):
    """Writes a whole scenario or nothing; raises AlreadyLoaded where it is there."""

    def __call__(
        self, *, people: int, seed: int, by: Actor, on_progress: OnProgress | None = None
    ) -> Written: ...


SCENARIOS: Mapping[str, Load] = {
    "kursk-2024": kursk_2024.load,
}
