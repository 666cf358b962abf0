"""How a file's name is shown. It opens nothing and decides nothing: what somebody calls a file is for people to read."""

import re

#: Whatever is no printed character: control characters, line ends, marks that turn the direction of reading.
_UNPRINTED = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+"
)
_LONGEST = 150


def shown_name(name: str) -> str:
    """The last part of the name, on one line and without what cannot be seen; its end is kept where it is too long."""
    last = re.split(r"[/\\]", name.rstrip("/\\"))[-1]
    shown = " ".join(_UNPRINTED.sub(" ", last).split()).lstrip(".")
    return shown[-_LONGEST:] or "list"
