"""What a client may, set beside what it is to be: whether that is wider, whether it takes two persons, and what both allow."""

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.client_scopes import scopes_of_people


@dataclass(frozen=True, slots=True)
class Rights:
    """Scopes, networks in CIDR (from anywhere where there is none), and the end of a client; None: without an end."""

    scopes: frozenset[str]
    networks: tuple[str, ...]
    valid_until: datetime | None

    @classmethod
    def of(cls, held: Any) -> "Rights":
        """Those of a client, or of what was asked for one."""
        return cls(frozenset(held.scopes), tuple(held.networks), held.valid_until)

    def is_wider_than(self, held: "Rights") -> bool:
        """Whether it opens anything, to anybody or at any time, that the other does not."""
        is_longer = held.valid_until is not None and (
            self.valid_until is None or self.valid_until > held.valid_until
        )
        return is_longer or not self.scopes <= held.scopes or not _are_within(self.networks, held.networks)

    def open_people(self) -> bool:
        """Whether records that tell of people can be read with it."""
        return not self.scopes.isdisjoint(scopes_of_people())

    def common(self, held: "Rights") -> "Rights":
        """What both allow. Networks stay the other's where none is in both: a list without any would let everybody in."""
        ends = [end for end in (self.valid_until, held.valid_until) if end is not None]
        networks = _both(self.networks, held.networks) or held.networks
        return Rights(self.scopes & held.scopes, tuple(networks), min(ends, default=None))

    def as_told(self) -> dict[str, object]:
        """As the trail keeps it."""
        until = self.valid_until.isoformat() if self.valid_until else ""
        return {"scopes": sorted(self.scopes), "networks": list(self.networks), "valid_until": until}


def take_two_persons(wanted: Rights, held: Rights | None) -> bool:
    """Whether somebody else has to approve `wanted` for a client that holds the other, or none yet."""
    return wanted.open_people() and (held is None or wanted.is_wider_than(held))


def _are_within(networks: Sequence[str], others: Sequence[str]) -> bool:
    if not others:
        return True
    around = _collapsed(others)
    return bool(networks) and all(
        any(one.version == each.version and one.subnet_of(each) for each in around)
        for one in map(_network, networks)
    )


def _both(networks: Sequence[str], others: Sequence[str]) -> list[str]:
    if not networks or not others:
        return [*networks, *others]
    pairs = [(one, each) for one in map(_network, networks) for each in _collapsed(others)]
    met = [max(pair, key=lambda network: network.prefixlen) for pair in pairs if pair[0].overlaps(pair[1])]
    return list(dict.fromkeys(map(str, met)))


def _collapsed(networks: Iterable[str]) -> list[Any]:
    """The same addresses in as few networks as can be."""
    told = [_network(each) for each in networks]
    by_version: list[list[Any]] = [[each for each in told if each.version == version] for version in (4, 6)]
    return [each for kind in by_version for each in ipaddress.collapse_addresses(kind)]


def _network(text: str) -> Any:
    return ipaddress.ip_network(text)
