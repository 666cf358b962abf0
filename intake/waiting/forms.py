"""One submission of a form, looked through and emptied of somebody: each member by themselves, and what the form asks once.

What a form asks once beside a table of members is told of all of them, or of the head of the household.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from displacement.identity.spotting import Known, Sureness, sureness
from intake.sources.submissions import identifiers
from intake.waiting.found import mark_of

Payload = Mapping[str, Any]


def look(payload: Payload, known: Sequence[Known]) -> Iterator[tuple[int, Sureness, tuple[str, ...]]]:
    """Mark, sureness and cells of each member, and of what is asked once, that may tell of one of them. No query."""
    once = (*_texts(payload, with_lists=False), *filter(None, identifiers(payload)))
    of_head = sureness(known, once)
    if of_head:
        yield mark_of(once), of_head, once
    for member in _members(payload):
        cells = tuple(_texts(member))
        # Where the head is named outside of the table, that name says nothing of the others.
        found = sureness(known, cells if of_head else (*cells, *once))
        if found:
            yield mark_of(cells), found, cells


def without(payload: Payload, marks: Collection[int]) -> Payload:
    """The submission without the members of these marks; blank where nobody is left in it."""
    once = (*_texts(payload, with_lists=False), *filter(None, identifiers(payload)))
    everybody = list(_members(payload))
    staying = [member for member in everybody if mark_of(tuple(_texts(member))) not in marks]
    is_head_gone = mark_of(once) in marks
    asked_of_members = {_end(name) for member in everybody for name, _value in _leaves(member)}
    has_head = any(_end(name) in asked_of_members for name, _value in _leaves(payload, with_lists=False))
    if not staying and (is_head_gone or not has_head):
        return {}
    return _copied(payload, marks, asked_of_members if is_head_gone else frozenset())


def _copied(payload: Payload, marks: Collection[int], left_out: Collection[str]) -> dict[str, Any]:
    copy: dict[str, Any] = {}
    for name, value in payload.items():
        if isinstance(value, Mapping):
            copy[name] = _copied(value, marks, left_out)
        elif isinstance(value, list):
            copy[name] = [each for each in value if not _is_marked(each, marks)]
        elif _end(name) not in left_out or name.startswith(("_", "meta/")):
            copy[name] = value
    return copy


def _is_marked(entry: Any, marks: Collection[int]) -> bool:
    return isinstance(entry, Mapping) and mark_of(tuple(_texts(entry))) in marks


def _members(payload: Payload) -> Iterator[Payload]:
    for value in payload.values():
        if isinstance(value, Mapping):
            yield from _members(value)
        elif isinstance(value, list):
            yield from (each for each in value if isinstance(each, Mapping))


def _texts(payload: Payload, *, with_lists: bool = True) -> Iterator[str]:
    return (str(value) for _name, value in _leaves(payload, with_lists=with_lists))


def _leaves(payload: Payload, *, with_lists: bool = True) -> Iterator[tuple[str, Any]]:
    for name, value in payload.items():
        inside: Iterable[Any] = value if isinstance(value, list) else (value,)
        if isinstance(value, list) and not with_lists:
            continue
        for each in inside:
            if isinstance(each, Mapping):
                yield from _leaves(each, with_lists=with_lists)
            elif each is not None and each != "":
                yield name, each


def _end(name: str) -> str:
    return name.rsplit("/", 1)[-1]
