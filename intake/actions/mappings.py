"""What a partner's columns mean, kept for the lists to come: saved, changed, taken out of use. Each leaves a trace.

A batch holds a copy of what it was read by; nothing here reaches one.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.acting import require_reach
from accounts.models import Organisation, User
from accounts.visibility import may
from audit.actions.record import record
from core.clock import database_now
from core.database_errors import whole_or_refused
from core.refusals import Refusals, refusal
from displacement.actions.versions import alter, opened, save_version
from intake.kinds.registry import KINDS
from intake.meanings import check_columns, declared, merged_options, said
from intake.models import Mapping as ColumnMapping

_RESOURCE = "intake.mapping"
_CHANGEABLE = frozenset({"name", "columns", "options"})


@whole_or_refused()
def save(
    *,
    organisation: Organisation,
    kind: str,
    name: str,
    columns: Mapping[str, str],
    options: Mapping[str, Any],
    by: User,
    replacing: int | None = None,
) -> ColumnMapping:
    """Keep what the columns of a list mean under a name; the columns are checked by whoever read the list by them.

    One of the name that says the same stays as it is. One that says something else is replaced only where `replacing` is its
    version; else ValidationError at `save_as`: `name_taken`, or `version_conflict` where somebody has changed it since.
    Raises PermissionDenied. Three queries.
    """
    wanted = name.strip()
    rows = ColumnMapping.objects.in_use().select_for_update(of=("self",), no_key=True)
    saved = rows.filter(organisation=organisation, kind=kind, name=wanted).first()
    if saved is None:
        return _add(organisation, kind, wanted, columns, options, by)
    _check_may(by, saved, "change")
    if (saved.columns, declared(saved.options)) == (columns, declared(options)):
        return saved
    if replacing != saved.version:
        raise _taken(saved, is_stale=replacing is not None)
    return _changed(saved, {"columns": dict(columns), "options": declared(options)}, by)


@whole_or_refused()
def change(
    *,
    mapping: ColumnMapping,
    version: int,
    by: User,
    name: str,
    columns: Mapping[str, str],
    options: Mapping[str, Any],
) -> ColumnMapping:
    """Say anew what the columns mean, how such files are read, and what the mapping is called. Four queries.

    `options` take the place of those of the same name. Raises ValidationError `version_conflict` where somebody changed it
    since `version`, at `columns`, `options` and `name`, and `out_of_use`; PermissionDenied.
    """
    _check_may(by, mapping, "change")
    locked = opened(ColumnMapping.objects.all(), mapping.pk, version=version)
    _check_in_use(locked)
    chosen = said(columns)
    check_columns(KINDS[locked.kind], chosen)
    options = declared(merged_options(locked.options, options))
    return _changed(locked, {"name": name.strip(), "columns": chosen, "options": options}, by)


@whole_or_refused()
def retire(*, mapping: ColumnMapping, version: int, by: User) -> ColumnMapping:
    """Offer the mapping to nobody any more; what was read by it stays. Raises as `change`. Four queries."""
    _check_may(by, mapping, "void")
    locked = opened(ColumnMapping.objects.all(), mapping.pk, version=version)
    _check_in_use(locked)
    locked.retired_at, locked.retired_by, locked.version = database_now(), by.pk, locked.version + 1
    locked.save()
    record("retire", locked, by=by)
    return locked


@whole_or_refused()
def restore(*, mapping: ColumnMapping, version: int, by: User) -> ColumnMapping:
    """Put a mapping that was taken out of use back into it. Raises as `change`, and at `name` where another took its place."""
    _check_may(by, mapping, "void")
    locked = opened(ColumnMapping.objects.all(), mapping.pk, version=version)
    if locked.is_in_use:
        raise refusal(_("This mapping is in use. Reload the page to see it."), code="in_use")
    locked.retired_at, locked.retired_by, locked.version = None, None, locked.version + 1
    locked.save()
    record("restore", locked, by=by)
    return locked


def check_usable(mapping: ColumnMapping) -> None:
    """Refuse a mapping that was taken out of use. Raises ValidationError at `mapping`."""
    if not mapping.is_in_use:
        raise _out_of_use(mapping, field="mapping")


def _add(
    organisation: Organisation,
    kind: str,
    name: str,
    columns: Mapping[str, str],
    options: Mapping[str, Any],
    by: User,
) -> ColumnMapping:
    if not may(by, _RESOURCE, "add"):
        raise PermissionDenied
    mapping = ColumnMapping(organisation=organisation, kind=kind, name=name, recorded_by=by.pk)
    mapping.columns, mapping.options = dict(columns), declared(options)
    _check_name(mapping)
    mapping.save()
    detail = {"columns": sorted(set(columns.values())), "options": sorted(mapping.options)}
    record("add", mapping, by=by, detail=detail)
    return mapping


def _changed(locked: ColumnMapping, changes: Mapping[str, Any], by: User) -> ColumnMapping:
    """The next version, with a trace that names the fields which other columns mean now. No headings: the trail is never
    scrubbed, and of a list without headings they are the first person.
    """
    columns, options = locked.columns, locked.options
    altered = alter(locked, changes, changeable=_CHANGEABLE)
    if altered:
        _check_name(locked)
        locked.changed_at, locked.changed_by = database_now(), by.pk
        detail = {
            "columns": sorted(
                {
                    field
                    for heading in _different(columns, locked.columns)
                    for field in (columns.get(heading), locked.columns.get(heading))
                    if field
                }
            ),
            "options": _different(options, locked.options),
        }
        save_version(locked, altered, by=by, detail=detail)
    return locked


def _different(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The names that were added, taken out, or stand for something else."""
    return sorted(name for name in {*before, *after} if before.get(name) != after.get(name))


def _check_name(mapping: ColumnMapping) -> None:
    refusals = Refusals()
    refusals.check_fields(mapping, names=["name"])
    refusals.raise_any()


def _check_may(by: User, mapping: ColumnMapping, action: str) -> None:
    """Whose it is, and whether the user handles such lists at all."""
    require_reach(by, mapping, _RESOURCE, action)
    if not may(by, *KINDS[mapping.kind].permission):
        raise PermissionDenied


def _check_in_use(mapping: ColumnMapping) -> None:
    if not mapping.is_in_use:
        raise _out_of_use(mapping)


def _out_of_use(mapping: ColumnMapping, field: str = NON_FIELD_ERRORS) -> ValidationError:
    words = _(
        "The mapping “%(name)s” was taken out of use on %(day)s. Choose another one, or say what the columns mean."
    )
    told = {"name": mapping.name, "day": _day(mapping.retired_at)}
    return refusal(words % told, code="out_of_use", field=field)


def _taken(saved: ColumnMapping, *, is_stale: bool) -> ValidationError:
    """That another meaning is saved under the name; the version lets whoever saves say that it shall be replaced."""
    told = {
        "name": saved.name,
        "version": saved.version,
        "day": _day(saved.changed_at or saved.recorded_at),
    }
    if is_stale:
        words = _(
            "Somebody changed “%(name)s” meanwhile: version %(version)d is of %(day)s. Look at it, then say again that it "
            "shall be replaced, or save under another name."
        )
        return refusal(words % told, code="version_conflict", field="save_as")
    words = _(
        "“%(name)s” is saved already with another meaning of the columns (version %(version)d of %(day)s). Say that it shall "
        "be replaced for the lists to come, or save under another name."
    )
    return refusal(words % told, code="name_taken", field="save_as")


def _day(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "DATE_FORMAT")
