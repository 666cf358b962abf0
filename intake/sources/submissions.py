"""Submissions of Kobo and ODK as rows: one for each member of a household.

What stands once in a form (telephone, home region) is said of each of its members; a repeat is a table of members. An edited
submission stands in the place of the one that it replaces. Fields are named by the end of their path
(`group_hh/people/given_name` is `given_name`), as short as it can be without meaning two.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from intake.sources.source import Column, Source, SourceRow

#: The household's token, and when its form was sent; named as the fields of people are.
TOKEN, SENT = "household", "submitted_at"
#: The server's own notes on a submission; none of them is about people.
_UNSAID = frozenset(
    {
        *(
            "__version__",
            "formhub/uuid",
            "meta/instanceID",
            "meta/deprecatedID",
            "meta/rootUuid",
            "meta/instanceName",
        ),
        *(
            "meta/audit",
            "start",
            "end",
            "today",
            "deviceid",
            "username",
            "simserial",
            "subscriberid",
            "phonenumber",
        ),
    }
)
#: How forms call the number of people that somebody said, beside the `_count` that belongs to a repeat.
_COUNTS = frozenset({"household_size", "hh_size", "people_declared", "number_of_people", "family_size"})
_COUNTS_OF_REPEATS = frozenset(
    {"people_count", "members_count", "household_members_count", "hh_members_count"}
)
DECLARED = "people"
#: ODK Central's names for what Kobo calls otherwise.
_CENTRAL = {"__id": "meta/instanceID", "__system/submissionDate": "_submission_time"}

Submission = Mapping[str, Any]
Path = tuple[str, ...]
Cells = dict[Path, str]


class Household(NamedTuple):
    """One submission, taken apart: what it says once, and what it says of each member."""

    token: str
    sent_at: str
    once: Cells
    members: list[Cells]


def identifiers(submission: Submission) -> tuple[str, str, str]:
    """The submission's own id, that of the version which it replaces, and the root of all versions; "" where not said."""
    own = _plain(submission.get("meta/instanceID") or submission.get("_uuid"))
    return own, _plain(submission.get("meta/deprecatedID")), _plain(submission.get("meta/rootUuid"))


def _plain(value: Any) -> str:
    return str(value or "").strip().removeprefix("uuid:")


def latest_versions(submissions: Sequence[Submission]) -> list[tuple[int, str, Submission]]:
    """The submissions that stand, each with its place from 1 and the token of its household, in their order.

    Versions are told by the server's number, by the chain of replaced ids, and by the root; of the versions of one household
    the one that was sent last stands.
    """
    roots: dict[str, str] = {}
    standing: dict[str, tuple[tuple[bool, str], int, Submission]] = {}
    gone = {identifiers(submission)[1] for submission in submissions} - {""}
    for place, submission in enumerate(submissions, start=1):
        own, replaced, root = identifiers(submission)
        numbered = f"#{submission['_id']}" if submission.get("_id") is not None else ""
        known = next((roots[name] for name in (root, replaced, own, numbered) if name in roots), "")
        token = known or root or replaced or own or numbered or f"submission {place}"
        roots.update(dict.fromkeys(filter(None, (own, replaced, root, numbered)), token))
        rank = (own not in gone, str(submission.get("_submission_time") or ""))
        if token not in standing or rank >= standing[token][0]:
            standing[token] = (rank, place, submission)
    rows = [(place, token, submission) for token, (_rank, place, submission) in standing.items()]
    return sorted(rows, key=lambda row: row[0])


def households(submissions: Sequence[Submission]) -> list[Household]:
    """Each standing submission, taken apart."""
    flat = [dict(_flat(submission)) for submission in submissions]
    return [_taken_apart(token, each) for _place, token, each in latest_versions(flat)]


def _flat(submission: Submission, above: str = "") -> Iterator[tuple[str, Any]]:
    """Groups as paths, as Kobo writes them; ODK Central nests them and has other names for its own notes."""
    for name, value in submission.items():
        path = f"{above}{name}"
        if path in _CENTRAL:
            yield _CENTRAL[path], value
        elif isinstance(value, Mapping):
            yield from _flat(value, f"{path}/")
        else:
            yield path, value


def _taken_apart(token: str, submission: Submission) -> Household:
    once: Cells = {}
    members: list[Cells] = []
    for name, value in submission.items():
        if name in _UNSAID or name.startswith("_"):
            continue
        path = tuple(name.split("/"))
        if isinstance(value, list):
            members += [_member(each) for each in value if isinstance(each, Mapping)]
        else:
            once[_declared(path)] = _text(value)
    return Household(token, _moment(submission.get("_submission_time")), once, members)


def _member(entry: Mapping[str, Any]) -> Cells:
    return {
        tuple(name.split("/")): _text(value)
        for name, value in _flat(entry)
        if not isinstance(value, list) and not name.startswith("_") and name != "meta/instanceID"
    }


def _declared(path: Path) -> Path:
    """A count of people under the one name that the register has for it."""
    return (DECLARED,) if path[-1].lower() in _COUNTS | _COUNTS_OF_REPEATS else path


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _moment(value: Any) -> str:
    """The server's clock is UTC, and it does not say so."""
    text = _text(value)
    return f"{text}Z" if "T" in text and not text.endswith("Z") and "+" not in text else text


def as_source(submissions: Sequence[Submission]) -> Source:
    """The standing submissions as a table: a row for each member, and one for a form without members.

    Where the form asks for the head of the household outside the repeat, the head has the first row. Memory grows with the
    submissions, which the caller holds already.
    """
    taken = households(submissions)
    once = _names(path for each in taken for path in each.once)
    member = _names(path for each in taken for cells in each.members for path in cells)
    columns = list(dict.fromkeys([TOKEN, SENT, *once.values(), *member.values()]))
    notices = ["submissions_edited"] if len(taken) < len(submissions) else []
    rows = _rows(taken, once, member, columns)
    return Source("kobo", tuple(Column(name) for name in columns), rows, notices)


def _names(paths: Iterator[Path] | Any) -> dict[Path, str]:
    """A name for each path: its end, as short as no other path of this level ends so."""
    every = list(dict.fromkeys(paths))
    names: dict[Path, str] = {}
    for path in every:
        length = 1
        while length < len(path) and sum(other[-length:] == path[-length:] for other in every) > 1:
            length += 1
        names[path] = "_".join(path[-length:])
    return names


def _rows(
    taken: list[Household], once: dict[Path, str], member: dict[Path, str], columns: list[str]
) -> Iterator[SourceRow]:
    of_member = set(member.values())
    # Rows are counted on, since members of one submission are rows of their own; the token says which it is.
    place = 0
    for each in taken:
        said = {once[path]: value for path, value in each.once.items()}
        common = {TOKEN: each.token, SENT: each.sent_at}
        shared = {name: value for name, value in said.items() if name not in of_member}
        people = [{member[path]: value for path, value in cells.items()} for cells in each.members]
        if not people or any(value for name, value in said.items() if name in of_member):
            people.insert(0, said)
        for person in people:
            cells = {**common, **shared, **person}
            place += 1
            yield SourceRow(place, tuple(cells.get(name, "") for name in columns))
