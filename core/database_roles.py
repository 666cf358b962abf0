"""Under which role of PostgreSQL this connection works, and for which organisations where: the wall behind all other rules.

Requests work as DESK, which owns no table and sees the rows of the organisations that the session names, in the regions that
it names with each, and none where it names none. What the service does for everybody works as SERVICE, entered by
`as_service` alone, each time with a reason.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from enum import StrEnum
from typing import Any, NamedTuple

from django.db import Error, connections
from django.db.backends.signals import connection_created
from psycopg.pq import TransactionStatus

from core.prepared import kept_cursor

DESK = "musterpoint_desk"
SERVICE = "musterpoint_service"
#: What the policies of rows read (config/row_security.py).
ORGANISATIONS = "musterpoint.organisations"
PLACES = "musterpoint.places"
EVERYWHERE = "musterpoint.everywhere"
REGIONS = "musterpoint.regions"

_STAND = "SELECT set_config('role', %s, false), " + ", ".join(
    f"set_config('{setting}', %s, false)" for setting in (ORGANISATIONS, PLACES, EVERYWHERE, REGIONS)
)
_HELD = "musterpoint_standing"


class Standing(NamedTuple):
    """A role, and whose rows where: `organisation|path` of its own ones, an empty path for all of one's regions, and
    `kind:act|path` of regions in which every organisation counts.
    """

    role: str
    places: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()

    @property
    def organisations(self) -> tuple[str, ...]:
        """The ids of those whose rows are seen somewhere."""
        return tuple(sorted({place.partition("|")[0] for place in self.places}))

    @property
    def is_everywhere(self) -> bool:
        """Whether no region bounds them, in any of their organisations."""
        return bool(self.places) and {f"{each}|" for each in self.organisations} <= set(self.places)


#: Whoever signed in to the database: commands, migrations, and what tests make.
LOGIN = Standing("none")
#: Nobody's rows.
CLOSED = Standing(DESK)
#: Everybody's rows.
EVERYBODY = Standing(SERVICE)


class Why(StrEnum):
    """What the service does for everybody, in the middle of somebody's request."""

    FIGURES = "figures are counted over all organisations; they name nobody"
    LIKELY = "a person at the door is compared with everybody; of others only that there is a match is told"
    PAIRS = "a pair of records may be of two organisations; what of the other is shown, disclosure says"
    REPEATS = "a page that is sent twice is known again, whoever sent it before"
    MERGES = "whatever names a merged person names the survivor, whoever wrote it down"
    LISTS = "a list that is taken back takes along what was found about its people, with whomever"
    ERASURES = "whoever is erased is erased everywhere, whoever wrote something down of them"
    HOLDS = "whom a legal hold covers is told from all that names them, whoever wrote it down"
    PLACES = "beds are counted whoever sleeps in them"
    DECOYS = "whose decoy somebody opened, and which it is for an auditor; nobody is behind one"


#: How a connection of this process stands when nobody asks for anything.
_base = LOGIN


def begin_with(standing: Standing) -> None:
    """How connections that this process opens from now on stand: CLOSED in the web server, EVERYBODY in a worker."""
    global _base
    _base = standing


def stand(standing: Standing) -> None:
    """Work under this role for these organisations from now on. One round trip, none where it is so already."""
    ours = _connection()
    if ours.connection is None and held() == standing:
        return  # as it will open
    _open(ours)
    if held() != standing:
        _say(ours, standing)


def held() -> Standing:
    """How the connection stands, or will when it opens."""
    ours = _connection()
    standing: Standing = vars(ours).get(_HELD, LOGIN) if ours.connection is not None else _base
    return standing


def put_back() -> None:
    """Stand as the process does between requests, so that whoever gets the connection next finds nobody's scope.

    Where that cannot be said the connection is closed; in a broken transaction of somebody else (a test's) its end takes
    back what was set in it.
    """
    ours = _connection()
    if ours.connection is None or held() == _base:
        return
    try:
        _return(ours, _base)
    except Error:
        ours.close()


@contextmanager
def as_service(why: Why) -> Iterator[None]:
    """See and write everybody's rows in this block, for this reason. Two round trips within a request, none elsewhere."""
    ours = _connection()
    _open(ours)
    before = held()
    if before.role != DESK:
        yield
        return
    _say(ours, EVERYBODY)
    try:
        yield
    finally:
        _return(ours, before)


def _connection() -> Any:
    """Django's, whose statements are counted; ours are no question of a page, and go past that."""
    return connections["default"]


def _open(ours: Any) -> None:
    """As before each statement of Django's: a connection that the server has left meanwhile is opened anew."""
    ours.close_if_health_check_failed()
    ours.ensure_connection()


def _say(ours: Any, standing: Standing) -> None:
    role, places, regions = standing
    is_everywhere = "yes" if standing.is_everywhere else ""
    told = [role, ",".join(standing.organisations), ",".join(places), is_everywhere, ",".join(regions)]
    with ours.wrap_database_errors, closing(kept_cursor(ours)) as cursor:
        cursor.execute(_STAND, told)
    setattr(ours, _HELD, standing)


def _return(ours: Any, before: Standing) -> None:
    """Stand as before. A savepoint or a transaction that is broken takes the role back with itself, and hears nothing now."""
    if ours.connection is None:
        return
    if ours.connection.info.transaction_status == TransactionStatus.INERROR:
        setattr(ours, _HELD, before)
    else:
        _say(ours, before)


def _begin(connection: Any, **_options: Any) -> None:
    """A connection that was just opened stands as the process does."""
    setattr(connection, _HELD, LOGIN)
    if connection.alias == "default" and _base != LOGIN:
        _say(connection, _base)


connection_created.connect(_begin, dispatch_uid="database roles")
