"""Saying on commit that somebody opened or changed a decoy (core.decoys), whichever page, answer or act it was.

It is asked where every reading and every act is written down, so that no page can forget it. Who is told stands in the settings
by its name, since what raises alarms lies above this package.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.utils.module_loading import import_string

from core.actors import Actor
from core.decoys import is_marked

_is_quiet = ContextVar("placing decoys", default=False)


@dataclass(frozen=True, slots=True)
class _Telling:
    """Who, and which decoy; once for a transaction, however many traces it left."""

    actor: UUID
    decoy: UUID

    def __call__(self) -> None:
        import_string(settings.DECOY_TOUCHED)(self.actor, self.decoy)


@contextmanager
def unnoticed() -> Iterator[None]:
    """For the one act that writes decoys."""
    token = _is_quiet.set(True)
    try:
        yield
    finally:
        _is_quiet.reset(token)


def notice(by: Actor, records: Iterable[object]) -> None:
    """Tell on commit where one of the ids is a decoy's. No query; two microseconds for each id."""
    decoy = next((each for each in records if is_marked(each)), None)
    if decoy is None or _is_quiet.get():
        return
    ours = transaction.get_connection()
    telling = _Telling(by.pk, UUID(str(decoy)))
    if all(getattr(told, "actor", None) != telling.actor for _points, told, *_robust in ours.run_on_commit):
        transaction.on_commit(telling)


def named_by(obj: models.Model) -> list[object]:
    """The ids that a record consists of: its own, and those of whatever it names."""
    return [value for value in vars(obj).values() if isinstance(value, UUID)]
