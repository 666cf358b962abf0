"""Families that were laid out for intruders: which records they are, readable to who has the key of the database's values."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from time import monotonic
from typing import NamedTuple, Self
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from accounts.models import Organisation, User
from accounts.visibility import within_reach
from core.prepared import Prepared
from core.sealed import SealedJSONField


class Laid(NamedTuple):
    """Ids of all decoys of one or many families."""

    households: tuple[UUID, ...] = ()
    people: tuple[UUID, ...] = ()
    movements: tuple[UUID, ...] = ()

    @property
    def all(self) -> list[UUID]:
        """Of whatever kind."""
        return [*self.households, *self.people, *self.movements]


NOBODY = Laid()
#: A process that hides decoys asks which there are so often (seconds).
ASKED_EACH = 60
#: A decoy comes into the register so much later than it was laid out, or later: then every process has asked again.
SOONEST = timedelta(seconds=10 * ASKED_EACH)


class HoneyRecordQuerySet(models.QuerySet["HoneyRecord"]):
    """Questions about honey records."""

    def visible_to(self, user: User | AnonymousUser | None, action: str = "view") -> Self:
        """Those of organisations with which the user may do the action: auditors', to be read. No query."""
        return self.filter(within_reach(user, "displacement.honeyrecord", action))

    def laid(self) -> Laid:
        """What all of them are. One query for their keys; each is opened once for each process, some ten microseconds."""
        return _laid(tuple(key for (key,) in _KEYS.rows()))


class HoneyRecord(models.Model):
    """One invented family that nobody has a reason to open; whoever does raises an alarm.

    Its household, people and steps are ordinary rows with marked ids (core.decoys), written at a moment after it was placed,
    which only `plan` tells: who they are, their ids, when they come into the register and in whose name. It is sealed and never
    written again, so that nothing here leads to the rows for who has the database and no key.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="honey_records", verbose_name=_("organisation")
    )
    plan = SealedJSONField(_("which records"))
    placed_at = models.DateTimeField(_("placed at"), default=timezone.now)
    placed_by = models.UUIDField(_("placed by"))

    objects = HoneyRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("honey record")
        verbose_name_plural = _("honey records")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.placed_at:%Y-%m-%d %H:%M}"

    @property
    def laid(self) -> Laid:
        """Its ids."""
        people = self.plan["people"]
        return Laid(
            (UUID(self.plan["id"]),),
            tuple(UUID(person["id"]) for person in people),
            tuple(UUID(step) for person in people for step in person["steps"]),
        )

    @property
    def due_at(self) -> datetime:
        """When it comes into the register."""
        return datetime.fromisoformat(self.plan["at"])


def _together(each: Iterable[Laid]) -> Laid:
    found = list(each)
    return Laid(*(tuple(pk for laid in found for pk in getattr(laid, kind)) for kind in Laid._fields))


_KEYS = Prepared(lambda: HoneyRecord.objects.order_by("pk").values_list("pk"))


@lru_cache(maxsize=8)
def _laid(keys: tuple[UUID, ...]) -> Laid:
    """What these are: a plan is never written again."""
    return _together(record.laid for record in HoneyRecord.objects.filter(pk__in=keys).only("plan"))


def all_laid() -> frozenset[UUID]:
    """The ids of all decoys, under whatever key they are marked (core.decoys). One query, and one for those not opened yet."""
    return frozenset(HoneyRecord.objects.laid().all)


class _Lately:
    """What all decoys are, as it was asked last, for a moment that is shorter than it takes one to come into the register."""

    def __init__(self) -> None:
        self._laid, self._until = NOBODY, 0.0

    def laid(self) -> Laid:
        """One query each ASKED_EACH seconds of a process."""
        now = monotonic()
        if now >= self._until:
            self._laid, self._until = HoneyRecord.objects.laid(), now + ASKED_EACH
        return self._laid

    def forget(self) -> None:
        """Ask again; for tests, which let a week go by."""
        self._until = 0.0


LATELY = _Lately()


def hidden_from(user: User | AnonymousUser | None) -> Laid:
    """Decoys of which this user is told nothing, not even that they are there.

    A partner's system keeps in step by opening all that it is told of: it would open each of them. One query each ASKED_EACH
    seconds for such systems, none for people, whatever role they were given.
    """
    if not isinstance(user, User) or all(scope.grants is None for scope in user.scopes()):
        return NOBODY
    return LATELY.laid()
