"""Edits of records that several people hold open: the second who saves is told, and nothing is lost."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from audit.actions.record import record, record_each
from core.actors import Actor
from core.masking import is_masked
from core.refusals import Refusals, refusal
from core.sealed import SealedField
from core.veils import unveiled
from displacement.models import Person


class Versioned(Protocol):
    """A record that counts its edits."""

    version: int


AnyFact = TypeVar("AnyFact", bound=models.Model)


def refuse_void(obj: models.Model, *, field: str = "") -> None:
    """Refuse to go on with a record that was taken back, or merged into the record of the same human being."""
    refusals = Refusals()
    if getattr(obj, "voided_at", None) is not None:
        refusals.add(field, _("This record was voided as wrong. Look for the one that replaced it."), "void")
    elif getattr(obj, "erased_at", None) is not None:
        refusals.add(field, _("This record was erased. Register whoever comes anew."), "erased")
    elif isinstance(obj, Person) and obj.merged_into_id is not None:
        # Behind the wall of PostgreSQL another organisation's record is not there.
        survivor = Person.objects.filter(pk=obj.merged_into_id).first()
        refusals.add(field, merged_sentence(obj, survivor), "merged")
    refusals.raise_any()


def merged_sentence(merged: Person, survivor: Person | None) -> str:
    """Where to go on instead of a merged record. Of another organisation's record nothing is told, not even its number."""
    if survivor is not None and survivor.organisation_id == merged.organisation_id:
        words = _("This person is registered twice; the record was merged. Go on with number %(number)s.")
        return words % {"number": survivor.number}
    return _(
        "This person is registered twice; the record was merged into one of another organisation. Ask your coordinator."
    )


def opened(rows: models.QuerySet[AnyFact], pk: object, *, version: int) -> AnyFact:
    """The row, locked, where it still is as the editor saw it. One query. Raises ValidationError `version_conflict`.

    The rows come without joins to what may change: PostgreSQL leaves out who leads elsewhere by the time the lock is given.
    """
    locked = rows.select_for_update(of=("self",), no_key=True).get(pk=pk)
    refuse_void(locked)
    if getattr(locked, "version", None) != version:
        raise refusal(
            _(
                "Somebody changed this record since you opened it. Reload it, look at what changed, and save again."
            ),
            code="version_conflict",
        )
    return locked


def alter(obj: models.Model, changes: Mapping[str, Any], *, changeable: frozenset[str]) -> list[str]:
    """Set the new values and name the fields that differ. Raises ValidationError for a field that is not edited, no query."""
    refusals = Refusals()
    for name in changes.keys() - changeable:
        refusals.add(name, _("This cannot be edited here. Leave it out."), "not_changeable")
    for name, value in changes.items():
        if isinstance(value, str) and is_masked(value):
            words = _("This is a mask and not the value. Leave it out to keep what is stored.")
            refusals.add(name, words, "masked")
    refusals.raise_any()
    altered = sorted(name for name, value in changes.items() if unveiled(getattr(obj, name)) != value)
    for name in altered:
        setattr(obj, name, changes[name])
    return altered


def save_version(
    obj: models.Model, altered: list[str], *, by: Actor, detail: Mapping[str, Any] | None = None
) -> None:
    """Save the altered fields as the next version, with a trace that names fields and no values. Nothing altered, no query.

    `detail` adds to the trace what a field's name does not say; never personal data.
    """
    if not altered:
        return
    obj.version += 1  # type: ignore[attr-defined]  # every model that is edited has one
    obj.save()
    record("change", obj, by=by, detail={"fields": altered, **(detail or {})})


def save_versions(
    altered: Sequence[tuple[AnyFact, Sequence[str]]], *, by: Actor, detail: Mapping[str, Any]
) -> None:
    """As `save_version` for many locked records of one kind, each with its altered fields. Two queries, one for
    each record where something sealed is among them, none without records.

    `detail` goes into each trace beside the names of the fields: ids and counts.
    """
    if not altered:
        return
    columns = {name for _obj, names in altered for name in names} | {"version"}
    is_sealed = any(isinstance(type(altered[0][0])._meta.get_field(name), SealedField) for name in columns)
    for obj, _names in altered:
        obj.version += 1  # type: ignore[attr-defined]  # every model that is edited has one
        if isinstance(obj, Person):
            obj.renew_keys()
            columns |= {"family_key", "given_key", "match_keys"}
    objs = [obj for obj, _names in altered]
    if is_sealed:
        for obj in objs:
            obj.save(update_fields=columns)
    else:
        type(objs[0])._base_manager.bulk_update(objs, sorted(columns))
    traces = [(obj, {"fields": sorted(names), **detail}) for obj, names in altered]
    record_each("change", traces, by=by)
