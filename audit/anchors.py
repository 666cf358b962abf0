"""Heads of chains, kept outside of the database: a tail that was cut, or a chain that was written anew, shows by them.

A file of lines, each a JSON object: when, which organisation, which number, which hash. Ids and hashes only.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.models import SERVICE

#: The file's end that is read to know what has been anchored already: some hundred lines.
_TAIL_BYTES = 65_536
#: How long after the trail began anchors may be missing: heads are dropped each quarter of an hour, once the service runs.
UNANCHORED = timedelta(days=1)
#: How the service's own chain is named where people copy lines by hand, and how many digits of a hash such a line has at least.
_SERVICE, _DIGITS = "service", 32
_SAID = re.compile(rf"({_SERVICE}|[0-9a-f-]{{36}}):([0-9]{{1,18}}):([0-9a-f]{{{_DIGITS},64}})")
#: From chain to chain by the index, since a chain may be long.
_HEADS = """
    WITH RECURSIVE chains AS (
        (SELECT organisation_id FROM audit_seal ORDER BY organisation_id LIMIT 1)
        UNION ALL
        SELECT (SELECT s.organisation_id FROM audit_seal s WHERE s.organisation_id > c.organisation_id ORDER BY 1 LIMIT 1)
        FROM chains c WHERE c.organisation_id IS NOT NULL
    )
    SELECT h.* FROM chains c CROSS JOIN LATERAL (
        SELECT s.organisation_id, s.number, encode(s.hash, 'hex') FROM audit_seal s
        WHERE s.organisation_id = c.organisation_id ORDER BY s.number DESC LIMIT 1
    ) h
"""


class UnreadableAnchors(ValueError):
    """A line of a file of anchors is none. Says which."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """That a chain had this hash at this number; of a hash that somebody copied by hand, how it begins."""

    at: str
    organisation: UUID
    number: int
    hash: str

    @classmethod
    def of(cls, told: Any) -> "Anchor":
        """As `told` said it. Raises ValueError, TypeError, KeyError or AttributeError where that is no anchor."""
        at = datetime.fromisoformat(told["at"]).isoformat(timespec="seconds")
        found = bytes.fromhex(told["hash"])
        if len(found) != sha256().digest_size:
            raise ValueError
        return cls(at, UUID(told["organisation"]), int(told["number"]), found.hex())

    def told(self) -> dict[str, Any]:
        """As it stands in the file, and in the act that binds the chains."""
        return {
            "at": self.at,
            "organisation": str(self.organisation),
            "number": self.number,
            "hash": self.hash,
        }

    def line(self) -> str:
        """As it stands in the file."""
        return json.dumps(self.told()) + "\n"

    def said(self) -> str:
        """Short enough to be copied by hand: CHAIN:NUMBER:HASH, with half of the hash."""
        chain = _SERVICE if self.organisation == SERVICE else self.organisation
        return f"{chain}:{self.number}:{self.hash[:_DIGITS]}"


def heads() -> list[Anchor]:
    """The newest seal of each chain. One query."""
    at = timezone.now().isoformat(timespec="seconds")
    with connection.cursor() as cursor:
        cursor.execute(_HEADS)
        return [Anchor(at, organisation, number, found) for organisation, number, found in cursor.fetchall()]


def head() -> Anchor | None:
    """The newest seal of the service's own chain, which holds the heads of the others (audit.actions.binding). One query."""
    return next((anchor for anchor in heads() if anchor.organisation == SERVICE), None)


def as_said(text: str) -> Anchor:
    """What somebody kept as `said`. Raises UnreadableAnchors."""
    found = _SAID.fullmatch(text.strip().lower())
    try:
        if found is None:
            raise ValueError
        chain, number, begins = found.groups()
        at = _("the time of the line that you named, if it is copied right")
        return Anchor(at, SERVICE if chain == _SERVICE else UUID(chain), int(number), begins)
    except ValueError as error:
        words = _(
            "%(text)s is no head of a chain. Write it as you kept it, such as service:1207:%(digits)s: chain, number, and at "
            "least %(least)s digits of the hash."
        )
        told = {"text": text, "digits": "9f86d081884c7d659a2feaa0c55ad015", "least": _DIGITS}
        raise UnreadableAnchors(words % told) from error


def drop(file: Path) -> list[Anchor]:
    """Add the heads that are not among the file's last lines, and return them. It is on disk before this returns."""
    known = {(anchor.organisation, anchor.number) for anchor in _tail(file)}
    new = [anchor for anchor in heads() if (anchor.organisation, anchor.number) not in known]
    if new:
        descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, "".join(anchor.line() for anchor in new).encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    return new


def read(file: Path) -> Iterator[Anchor]:
    """Every anchor of the file. Raises UnreadableAnchors, and OSError where the file cannot be opened."""
    with file.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield _anchor(line, file, number)


def gap(known: Iterable[Anchor]) -> str | None:
    """What is wrong where these are all anchors that were ever kept: a sentence, where the trail is older than they are.

    Whoever cuts the tail of a chain takes the file away, too, and the next heads that are dropped into a new one fit what is
    left. Nothing is wrong within a day of the first seal: there may be no anchor yet. One query.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(at), now() FROM audit_seal")
        began, now = cursor.fetchone()
    if began is None:
        return None
    first = min((datetime.fromisoformat(anchor.at) for anchor in known), default=None)
    if (first or now) - began <= UNANCHORED:
        return None
    if first is None:
        words = _(
            "There are no anchors, and the trail began at %(began)s: the file was taken away or emptied."
        )
        return words % {"began": f"{began:%Y-%m-%d %H:%M:%S}"}
    words = _(
        "The anchors begin at %(first)s and the trail at %(began)s: the file was begun anew, and what was cut off before "
        "would not show."
    )
    return words % {"first": f"{first:%Y-%m-%d %H:%M:%S}", "began": f"{began:%Y-%m-%d %H:%M:%S}"}


def _anchor(line: str, file: Path, number: int) -> Anchor:
    try:
        return Anchor.of(json.loads(line))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        words = _("Line %(number)s of %(file)s is no anchor: somebody changed it, or the disk was full.")
        raise UnreadableAnchors(words % {"number": number, "file": file}) from error


def _tail(file: Path) -> Iterable[Anchor]:
    """The anchors at the end of the file; what is cut or damaged there is anchored again."""
    if not file.exists():
        return []
    with file.open("rb") as source:
        source.seek(max(0, source.seek(0, os.SEEK_END) - _TAIL_BYTES))
        lines = source.read().decode(errors="replace").splitlines()
    found = []
    for line in lines:
        try:
            found.append(_anchor(line, file, 0))
        except UnreadableAnchors:
            continue
    return found
