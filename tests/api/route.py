"""One address of the API, as its tests know it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.api.world import World

Body = Callable[[World], dict[str, Any]]


@dataclass(frozen=True)
class Route:
    """One method at one address. `record` names the attribute of World that `{}` in the path stands for."""

    method: str
    path: str
    resource: str
    action: str
    record: str = ""
    key: str = "pk"
    body: Body | None = None
    #: How the body is written: as JSON, or as a form with a file.
    format: str = "json"
    #: What the policy asks for beside `resource` and `action`.
    also: tuple[str, str] | None = None
    #: A kind of record, and the act on it without whose right this one is as absent.
    hidden_without: tuple[str, str] | None = None
    #: Whether it is for who sent the record alone, which of those of the world nobody did.
    is_for_sender: bool = False

    def url(self, world: World) -> str:
        """The address in a world."""
        key = str(getattr(getattr(world, self.record), self.key)) if self.record else ""
        return f"/api/v1/{self.path.format(key)}"

    def __str__(self) -> str:
        return f"{self.method} {self.path}"
