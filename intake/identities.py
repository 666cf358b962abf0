"""The person whom a staged row tells of, as far as it does."""

from collections.abc import Sequence
from datetime import date

from displacement.identity.identity import Identity
from intake.kinds.kind import Kind
from intake.slots import mark_of

_NAMES = ("given_name", "patronymic", "family_name", "sex")
_MORE = ("born", "precision", "phone", "origin")


def identity_of(kind: Kind, value: Sequence[str]) -> Identity | None:
    """The person in the slots of a row; None where it names nobody. No query."""
    told = {name: _slot(kind, value, name) for name in (*_NAMES, *_MORE)}
    if not (told["given_name"] or told["family_name"]):
        return None
    return Identity(
        *(told["given_name"], told["patronymic"], told["family_name"], told["sex"]),
        birth_date=date.fromisoformat(told["born"]) if told["born"] else None,
        birth_precision=told["precision"],
        phone_index=mark_of(told["phone"]),
        place=told["origin"],
    )


def _slot(kind: Kind, value: Sequence[str], name: str) -> str:
    """A slot of the row; blank where the kind cut it off."""
    slot = kind.slots.get(name, len(value))
    return value[slot] if slot < len(value) else ""
