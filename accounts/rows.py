"""Whose rows PostgreSQL itself lets somebody's request see: the second wall, made from the same policy as the first."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any
from uuid import UUID

from django.http import HttpRequest, StreamingHttpResponse

from accounts.field_classes import telling_of_people
from accounts.middleware import FOR_EVERYBODY
from accounts.models import User
from accounts.policy import BOUND_TO_PURPOSE, POLICY, WAITING, Reach, Role, Scope, reach_of
from accounts.veils import veils_of
from accounts.waiting import told_organisations
from core.database_roles import CLOSED, DESK, Standing, held, put_back, stand
from core.veils import Veils, bare, wear, worn

#: Kinds of record behind the wall with which some role reaches every organisation in its region.
REGIONS = (
    "displacement.incident",
    "displacement.casualty",
    "displacement.casualtysource",
    "displacement.casualtystep",
)
VIEW, WRITE = "view", "write"
#: Of which organisations somebody is told what others wait for (accounts/waiting.py); their ids stand in the place of regions.
TOLD = "told"
#: In which organisations somebody works for one purpose alone (`bound:tracing`); their ids stand in the place of regions.
BOUND = "bound"
#: Of whom somebody may read others' people under sharing agreements; which agreements are in force, PostgreSQL looks up itself.
SHARED_KIND = "exchange.sharedperson"
SHARED = f"{SHARED_KIND}:{VIEW}"


def standing_of(user: Any) -> Standing:
    """For whose rows where this user's requests are: of nobody where no role opens people. No query beyond the user's scopes.

    What others share is for clients' accounts alone, whatever role somebody has.

    In each organisation it is as wide as all of the user's roles there together, regions and all: which of them opens which
    kind of record, the policy goes on to say.
    """
    if not isinstance(user, User) or not user.is_active:
        return CLOSED
    scopes = user.scopes()
    places = {
        f"{scope.organisation_id}|{scope.region_path}"
        for scope in scopes
        if scope.organisation_id and _opens_own(scope.role)
    }
    regions = {
        f"{kind}|{scope.region_path}"
        for scope in scopes
        for kind in _opens_regions(scope.role)
        if kind != SHARED or scope.grants is not None
    }
    told = {f"{kind}:{TOLD}|{each}" for kind in WAITING for each in told_organisations(scopes, kind)}
    return Standing(DESK, tuple(sorted(places)), tuple(sorted(regions | told | _bound(scopes))))


def _bound(scopes: Iterable[Scope]) -> set[str]:
    """The organisations in which each role that opens people is bound to one purpose."""
    purposes: dict[UUID, set[str | None]] = {}
    for scope in scopes:
        if scope.organisation_id and _opens_own(scope.role):
            purposes.setdefault(scope.organisation_id, set()).add(BOUND_TO_PURPOSE.get(scope.role))
    return {
        f"{BOUND}:{purpose}|{organisation}"
        for organisation, (purpose, *others) in purposes.items()
        if purpose is not None and not others
    }


@cache
def _opens_own(role: Role) -> bool:
    """Whether the role opens any kind of record of people of its own organisation."""
    return any(
        Reach.OWN in rule.actions.values()
        for kind, rule in POLICY[role].items()
        if kind in telling_of_people()
    )


@cache
def _opens_regions(role: Role) -> frozenset[str]:
    """What the role does with everybody's records in its region: `kind:view`, and `kind:write` for all other acts.

    And in which region it reads what others share with its organisation.
    """
    shared = {SHARED} if reach_of(role, SHARED_KIND, VIEW) else set()
    return frozenset(shared) | {f"{kind}:{act}" for kind in REGIONS for act in _regional_acts(role, kind)}


def _regional_acts(role: Role, kind: str) -> set[str]:
    rule = POLICY[role].get(kind)
    told = rule.actions.items() if rule else ()
    return {VIEW if act == VIEW else WRITE for act, reach in told if reach is Reach.REGION}


def acts_in_regions(kind: str) -> list[str]:
    """What some role does with everybody's records of the kind in its region: to view, or to write."""
    return sorted({act for role in Role for act in _regional_acts(role, kind)})


class OwnRows:
    """Lets each request see the rows of who signed in, with the veils that the policy lays over them, and puts the connection
    back whatever happens.

    Two round trips for each request, no query of the page: the role, the organisations and the regions in one, and back.
    Somebody who signs in later, over the API, is named by `accounts.api.views`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        """Whoever comes next on this connection finds nobody's scope; what is still to be sent is read under this one."""
        try:
            answer = self.get_response(request)
            if isinstance(answer, StreamingHttpResponse):
                answer.streaming_content = _sent(answer.streaming_content, held(), worn())
            return answer
        finally:
            bare()
            put_back()

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Once the session is known to live, and before anything of the page is read."""
        match = request.resolver_match
        if match is None or match.view_name not in FOR_EVERYBODY:
            stand(standing_of(request.user))
            wear(veils_of(request.user))


def _sent(parts: Any, standing: Standing, veils: Veils) -> Iterator[bytes]:
    """The parts of an answer, each read as the request was."""
    stand(standing)
    wear(veils)
    try:
        yield from parts
    finally:
        bare()
        put_back()
