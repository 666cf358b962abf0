"""Every address of the API as everybody, at every place."""

import re
from typing import Any
from uuid import uuid4

from rest_framework.test import APIClient

from accounts.client_scopes import client_scopes
from accounts.policy import Role
from audit.models import AuditEvent
from config.api_urls import router
from core.api.filters import IdFilter
from tests.api.conftest import system_headers
from tests.api.route import Route
from tests.api.routes import ROUTES, WRITES
from tests.authorisation.expected import (
    ABSENT,
    ELSEWHERE,
    FAR,
    FOREIGN,
    OWN,
    PLACES,
    Place,
    class_of,
    may,
    may_at_all,
    personal_columns,
    sees,
)
from tests.authorisation.grounds import Grounds
from tests.authorisation.sweep import Asker, Report, bare

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
#: What no body may set: who and when, whose, and how far a record has come.
NEVER_SET = (
    "id",
    "recorded_by",
    "recorded_at",
    "voided_at",
    "serial",
    "organisation_id",
    "verified_by",
    "rung",
    "status",
)


def asker(role: Role, grounds: Grounds, report: Report) -> Asker:
    """Somebody in the role, over the API."""
    client = APIClient(raise_request_exception=False)
    user = grounds.users[role]
    if role is Role.PARTNER_SYSTEM:
        user.narrow(frozenset(client_scopes()))  # as a token of a client does that may all that clients may
    client.force_authenticate(user)
    client.credentials(**system_headers())
    return Asker(role, client, grounds.canaries, report)


def places_of(route: Route) -> tuple[Place, ...]:
    """Where a record of the route can lie: reports in one region or in the other, what belongs to nobody in one."""
    if not route.record:
        return (OWN,)
    if route.record in ("region", "operation", "need", "source", "claim", "claim_choice"):
        return (OWN, ABSENT)
    if route.resource.startswith("reports."):
        has_another = route.record in ("edition", "erratum", "needed_erratum")
        return (OWN, ELSEWHERE, ABSENT) if has_another else (OWN, ABSENT)
    return (*PLACES, ABSENT)


def status_of(role: Role, route: Route, place: Place) -> int:
    """What the policy says to a request with a body that nobody accepts."""
    kinds = [(route.resource, route.action), *([route.also] if route.also else [])]
    if not all(may_at_all(role, *kind) for kind in kinds):
        return 403
    fine = 400 if route.body else 200
    if not route.record:
        return fine
    shown = route.also[0] if route.also else route.resource
    if route.hidden_without and not may_at_all(role, *route.hidden_without):
        return 404
    if not may(role, shown, "view", place):
        return 404
    return fine if may(role, route.resource, route.action, place) and not route.is_for_sender else 403


def url_of(route: Route, grounds: Grounds, place: Place) -> str:
    """The address of the record there."""
    if not place.exists:
        absent = "987654321" if route.path.startswith("sources/") else str(uuid4())
        return f"/api/v1/{route.path.format(absent)}"
    return route.url(grounds.at[place.name])


def sweep_places(who: Asker, grounds: Grounds) -> None:
    """Each route at each place; what is out of scope is byte for byte what is absent."""
    for route in ROUTES:
        lost = None
        for place in reversed(places_of(route)):
            body: dict[str, Any] = {"data": {"no_such_field": 1}} if route.body else {}
            url = url_of(route, grounds, place)
            answer = who.expect(status_of(who.role, route, place), route.method, url, place.name, **body)
            if place is ABSENT:
                lost = bare(answer)
            elif lost is not None and answer.status_code == 404:
                who.report.case(
                    bare(answer) == lost, who.role, url, "differs from what is absent at", place.name
                )
        if status_of(who.role, route, OWN) in (200, 400):
            who.expect(405, "delete", url_of(route, grounds, OWN).split("?")[0])


def sweep_bodies(who: Asker, grounds: Grounds) -> None:
    """Ids of other places in bodies, and keys that nobody may send: nothing is written."""
    for route in WRITES:
        assert route.body
        if status_of(who.role, route, OWN) != 400 or route.format != "json":
            continue
        url = url_of(route, grounds, OWN)
        for place in (ELSEWHERE, FOREIGN, FAR) if FAR in places_of(route) or not route.record else ():
            _refused(who, route, url, grounds.at[place.name], place.name)
        own = route.body(grounds.at[OWN.name])
        for key in NEVER_SET:
            if key not in own and not (key == "rung" and "steps" in route.path):
                _refused(who, route, url, grounds.at[OWN.name], key, extra={key: str(uuid4())})
        foreign = {"organisation": grounds.at[FOREIGN.name].organisation.short_name}
        _refused(who, route, url, grounds.at[OWN.name], "another organisation", extra=foreign)


def _refused(
    who: Asker, route: Route, url: str, ground: Any, *about: object, extra: dict[str, Any] | None = None
) -> None:
    """Send a body of that ground; where it names a record or says more than it may, nothing is done and nothing traced."""
    assert route.body
    body = {**route.body(ground), **(extra or {})}
    if not extra and not _ID.search(str(body)):
        return
    before = AuditEvent.objects.count()
    # A list of records is taken apart: 207, and each item is refused by itself.
    answer = who.expect((207, 400, 403, 404, 409), route.method, url, *about, data=body)
    who.report.case(answer.traces == before, who.role, url, "left a trace", *about)


def sweep_questions(who: Asker, grounds: Grounds) -> None:
    """Filters, orders and ids in queries: what is not listed is refused, and what is hidden is not asked about."""
    views: list[tuple[str, Any, str]] = router.registry
    for prefix, view, _name in views:
        if not may_at_all(who.role, view.resource, "view") or prefix in ("figures", "changes"):
            continue
        url, filters = f"/api/v1/{prefix}/", view.filterset_class.base_filters if view.filterset_class else {}
        for column in _columns(view.resource):
            is_shown = sees(who.role, view.resource, column, OWN)
            for asked in (column, f"{column}__startswith"):
                if not (asked in filters and is_shown):
                    who.expect(400, "get", f"{url}?{asked}=1", "a filter")
            if not (column in view.orderings and is_shown):
                who.expect(400, "get", f"{url}?ordering={column}", "an order")
        for name, each in filters.items():
            if isinstance(each, IdFilter):
                _ids_tell_nothing(who, grounds, view, f"{url}?{name}=", name)


def _ids_tell_nothing(who: Asker, grounds: Grounds, view: Any, url: str, name: str) -> None:
    lost = bare(who.expect(200, "get", f"{url}{uuid4()}"))
    for place in PLACES:
        record = getattr(grounds.at[place.name], name, None)
        if record is None or may(who.role, view.resource, "view", place) or "edition" in name:
            continue
        answer = who.expect(200, "get", f"{url}{record.pk}")
        who.report.case(bare(answer) == lost, who.role, url, "tells of", place.name)


def _columns(resource: str) -> list[str]:
    try:
        return [column for column in personal_columns(resource) if class_of(resource, column)]
    except KeyError:
        return []
