"""What a keeper leaves on disk for others to find its server: process and port, never a password."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from config.embedded.directory import writing


@dataclass(frozen=True)
class State:
    """One running (or formerly running) server."""

    pid: int
    port: int


def read_state(path: Path) -> State | None:
    """The state in `path`; None where it was never written or can not be understood."""
    try:
        kept = json.loads(path.read_text())
        return State(pid=int(kept["pid"]), port=int(kept["port"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_state(path: Path, state: State) -> None:
    """Replace the state whole."""
    draft = path.with_suffix(".draft")
    with writing(path):
        draft.write_text(json.dumps(asdict(state)))
        draft.rename(path)
