"""An application whose answer breaks off with a name, for what the web server says of it."""

from collections.abc import Callable, Iterator
from typing import Any

NAME = "Kovalchuk"


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
    """One piece of a file, and no second."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    yield b"alive\n"
    if environ["PATH_INFO"] == "/file":
        raise ValueError(f"Key (family_name)=({NAME}) already exists.")
