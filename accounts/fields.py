"""What of a record somebody sees: the classes of its columns that the policy opens, asked here by the API and by the desk."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from accounts.field_classes import told_classes
from accounts.masking import is_whole, masks_of
from accounts.models import User
from accounts.policy import POLICY, WAITING, FieldClass, Reach, Scope
from accounts.visibility import may
from accounts.waiting import holds_back, is_held_back, waiting_columns
from core.api.serializers import Row, RowSerializer, nested_shape
from core.masking import Mask, masked

_OPEN = frozenset({FieldClass.OPEN})


@cache
def classes_of(resource: str) -> dict[str, FieldClass]:
    """The class of each column of a kind of record (`app.model`); empty for what is no table of ours."""
    app, _dot, model = resource.partition(".")
    told = told_classes().get(app, {}).get(model, {})
    return {column: FieldClass(name) for name, columns in told.items() for column in columns}


def seen_classes(user: User | AnonymousUser | None, resource: str) -> frozenset[FieldClass]:
    """The classes of columns that the user sees of whichever record of this kind they may see; open ones at least. No query.

    Somebody in several roles sees a class where each membership that shows records would show it, alone or with another one
    that covers the same records: no role of one organisation opens a column of another's.
    """
    if not isinstance(user, User):
        return _OPEN
    known: dict[str, frozenset[FieldClass]] = user.__dict__.setdefault("_seen", {})
    if resource not in known:
        scopes = [scope for scope in user.scopes() if scope.reach(resource, "view")]
        each = [_seen_in(scope, scopes, resource) for scope in scopes]
        known[resource] = frozenset.intersection(*each) if each else _OPEN
    return known[resource]


def _seen_in(scope: Scope, scopes: list[Scope], resource: str) -> frozenset[FieldClass]:
    """What is seen of the records of one membership, by it and by those that cover them all."""
    covering = [other for other in scopes if _covers(other, scope, resource)]
    return frozenset().union(*(POLICY[other.role][resource].sees for other in covering))


def _covers(other: Scope, scope: Scope, resource: str) -> bool:
    is_there = scope.region_path.startswith(other.region_path)
    if other.reach(resource, "view") is Reach.REGION:
        return is_there
    is_own = scope.reach(resource, "view") is Reach.OWN
    return is_there and is_own and other.organisation_id == scope.organisation_id


def shows(user: User | AnonymousUser | None, resource: str, lookup: str) -> bool:
    """Whether the user sees what a lookup (`household__registered_in`) from a kind of record leads to. No query.

    What is no column, such as a number that is worked out, may be made of any: it is shown to whoever sees all that is
    shown of the record.
    """
    return all(classes <= seen_classes(user, each) for each, classes in _needed(resource, lookup))


def asks(user: User | AnonymousUser | None, resource: str, lookup: str) -> bool:
    """Whether the user may narrow, order and search by what a lookup leads to, and see it in lists. No query.

    What waits in any record that they see is no question: the records that answer it would tell.
    """
    return shows(user, resource, lookup) and not holds_back(user, _way(resource, lookup))


def shows_of(user: User | AnonymousUser | None, record: models.Model, lookup: str) -> bool:
    """Whether the user sees what a lookup from this record leads to. No query beyond the record's organisation."""
    resource = record._meta.label_lower
    return shows(user, resource, lookup) and not holds_back(user, _way(resource, lookup), record)


@cache
def _needed(resource: str, lookup: str) -> tuple[tuple[str, frozenset[FieldClass]], ...]:
    """Of each kind of record on the way of a lookup, the classes that it tells of."""
    return tuple((each, _class_of(each, column)) for each, column in _way(resource, lookup))


def _class_of(resource: str, column: str) -> frozenset[FieldClass]:
    classes = classes_of(resource)
    if column in classes:
        return frozenset({classes[column]})
    return frozenset(classes.values()) - {FieldClass.HIDDEN}


def _way(resource: str, lookup: str) -> Iterator[tuple[str, str]]:
    """Each column on the way of a lookup, with the kind of record in which it stands."""
    model: Any = _model(resource)
    for part in lookup.replace(".", "__").split("__"):
        field = _field(model, part)
        if field is None:
            if part not in _ENDS:
                yield resource, part
            return
        yield resource, field.name
        if field.related_model is None:
            return
        model = field.related_model
        resource = model._meta.label_lower


#: Ends of lookups that compare what stands before them.
_ENDS = frozenset({"exact", "in", "isnull", "lt", "lte", "gt", "gte"})


@cache
def _model(resource: str) -> type[models.Model] | None:
    return _models().get(resource)


@cache
def _models() -> dict[str, type[models.Model]]:
    return {model._meta.label_lower: model for model in apps.get_models()}


def _field(model: Any, part: str) -> Any:
    if model is None:
        return None
    try:
        found = model._meta.pk if part == "pk" else model._meta.get_field(part)
    except FieldDoesNotExist:
        return None
    return found if found.concrete else None


#: What hidden_names worked out, by all that it hangs on.
KNOWN_HIDDEN: dict[tuple[tuple[Scope, ...], type[RowSerializer], str], frozenset[str]] = {}
_MOST_HIDDEN = 1_000


def hidden_names(user: User, shape: type[RowSerializer], resource: str) -> frozenset[str]:
    """Which fields of an output the user does not see: what the policy says of users with these scopes. No query."""
    kind = shape.resource or resource
    told = (user.scopes() if user.is_active else (), shape, kind)
    hidden = KNOWN_HIDDEN.get(told)
    if hidden is None:
        if len(KNOWN_HIDDEN) >= _MOST_HIDDEN:
            KNOWN_HIDDEN.clear()
        hidden = frozenset(name for name in shape._declared_fields if not _is_shown(user, shape, kind, name))
        KNOWN_HIDDEN[told] = hidden
    return hidden


def _is_shown(user: User, shape: type[RowSerializer], kind: str, name: str) -> bool:
    field: Any = shape._declared_fields[name]
    read = shape.reads.get(name)
    if read is not None:
        other, _dot, column = read.rpartition(".")
        return may(user, other, "view") and shows(user, other, column)
    below = nested_shape(field)
    if below is not None:
        return not below.resource or may(user, below.resource, "view")
    return shows(user, kind, field.source or name)


def seen(user: User, shape: type[RowSerializer], rows: list[Row], resource: str) -> list[Row]:
    """The written rows without what the user does not see, in nested lists too. It changes them, and asks no query.

    A hidden field is left out, since null and a blank say that something is not known. A masked one is shown by its mask, but
    for a partner's system, which keeps its own records in step by them.
    """
    hidden = hidden_names(user, shape, resource)
    kind = shape.resource or resource
    _hold_back(user, shape, rows, kind)
    if not is_whole(user, kind):
        _cover(shape, rows, kind)
    for name in hidden:
        for row in rows:
            row.pop(name, None)
    for name, field in shape._declared_fields.items():
        below = nested_shape(field)
        if below is not None and name not in hidden:
            told = (row.get(name) for row in rows)
            nested = [one for each in told if each for one in (each if isinstance(each, list) else [each])]
            seen(user, below, nested, kind)
    return rows


def _hold_back(user: User, shape: type[RowSerializer], rows: list[Row], kind: str) -> None:
    """Leave out of each row what waits and is not told to the user. Raises KeyError for a shape that does not read `beside`."""
    names = _waiting_fields(shape, kind)
    if names:
        waiting = WAITING[kind]
        for row in rows:
            organisation, until = (
                row[shape.BESIDE % lookup] for lookup in (waiting.organisation, waiting.until)
            )
            if is_held_back(user, kind, organisation, until):
                for name in names:
                    row.pop(name)
    for lookup in shape.beside:
        for row in rows:
            row.pop(shape.BESIDE % lookup)


@cache
def _waiting_fields(shape: type[RowSerializer], kind: str) -> tuple[str, ...]:
    """The fields of an output that show a column that may wait, or what it leads to."""
    return tuple(
        name
        for name, field in shape._declared_fields.items()
        if nested_shape(field) is None
        and any(column in waiting_columns(each) for each, column in _way(kind, field.source or name))
    )


def _cover(shape: type[RowSerializer], rows: list[Row], kind: str) -> None:
    """Put masks in the place of what is masked; what shows nothing is left out, since it may be no text."""
    for name, mask in _masked_fields(shape, kind):
        for row in rows:
            if mask is Mask.NOTHING:
                row.pop(name)
            elif row.get(name) is not None:
                row[name] = masked(row[name], mask)


@cache
def _masked_fields(shape: type[RowSerializer], kind: str) -> tuple[tuple[str, Mask], ...]:
    """The fields of an output that lead to a masked column."""
    found = []
    for name, field in shape._declared_fields.items():
        if nested_shape(field) is None:
            *_before, (resource, column) = [*_way(kind, field.source or name)] or [("", "")]
            mask = masks_of(resource).get(column)
            if mask is not None:
                found.append((name, mask))
    return tuple(found)
