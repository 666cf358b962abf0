"""Every write of the API with a body that it accepts, at every place, and lists in which one item is not theirs."""

import re
from typing import Any

from audit.models import AuditEvent
from tests.api.route import Route
from tests.api.routes import BULKS, ROUTES, WRITES
from tests.authorisation.expected import ABSENT, ELSEWHERE, FAR, FOREIGN, OWN, may, personal_columns
from tests.authorisation.grounds import Grounds
from tests.authorisation.over_api import places_of, status_of, url_of
from tests.authorisation.sweep import Asker

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
#: What is done, and what rules beside the policy refuse: a fault in the body, a state, a tag.
_DONE_OR_NOT = (200, 201, 202, 204, 207, 400, 403, 404, 409, 412)


def sweep_writes(who: Asker, grounds: Grounds) -> None:
    """What the policy refuses is refused whatever the body says, and leaves nothing."""
    for route in WRITES:
        assert route.body
        for place in places_of(route):
            status = status_of(who.role, route, place)
            ground = grounds.at[OWN.name if place is ABSENT else place.name]
            before = AuditEvent.objects.count()
            # A list of items is taken apart, and a form with a file is read, before each is refused by itself.
            answer = who.expect(
                _DONE_OR_NOT if status == 400 else status,
                route.method,
                url_of(route, grounds, place),
                place.name,
                "with a good body",
                data=route.body(ground),
                format=route.format,
            )
            if status != 400:
                who.report.case(answer.traces == before, who.role, route, "left a trace", place.name)


def sweep_bulks(who: Asker, grounds: Grounds) -> None:
    """One item that is not theirs among their own: only their own is done."""
    for route in BULKS:
        assert route.body
        if status_of(who.role, route, OWN) != 400:
            continue
        own = route.body(grounds.at[OWN.name])["items"]
        alone = _traces(who, route, grounds, own)
        for place in (ELSEWHERE, FOREIGN, FAR):
            others = route.body(grounds.at[place.name])["items"]
            if not _ID.search(str(others)):
                continue
            both = _traces(who, route, grounds, [*own, *others])
            who.report.case(both == alone, who.role, route, "did an item of", place.name)


def _traces(who: Asker, route: Route, grounds: Grounds, items: list[Any]) -> int:
    before = AuditEvent.objects.count()
    answer = who.expect((207, 400), "post", url_of(route, grounds, OWN), len(items), data={"items": items})
    return int(answer.traces) - before


def sweep_fields(who: Asker, grounds: Grounds) -> None:
    """Each personal column asked for by name, of each record that there is: shown as without asking, or no such field."""
    for route in ROUTES:
        if route.method != "get" or not route.record or not route.path.endswith("{}/"):
            continue
        for place in places_of(route):
            if place is ABSENT or not may(who.role, route.resource, "view", place):
                continue
            for column in _columns(route.resource):
                url = f"{url_of(route, grounds, place)}?fields={column}"
                who.expect((200, 400, 404), "get", url, place.name)


def _columns(resource: str) -> list[str]:
    try:
        return personal_columns(resource)
    except KeyError:
        return []
