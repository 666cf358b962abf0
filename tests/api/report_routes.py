"""Addresses of editions, errata and subscriptions that write, each with a body that it accepts."""

from tests.api.route import Body, Route
from tests.factories.reports import FLAG

EDITIONS = [
    Route(
        "post",
        "editions/",
        "reports.edition",
        "add",
        body=lambda _w: {"operation": "kursk-2024", "region": "RU-KRS", "local_day": "2024-08-11"},
    ),
    Route(
        "post",
        "editions/{}/highlights/",
        "reports.edition",
        "change",
        "draft",
        body=lambda _w: {"lines": ["One.", "Two.", "Three."]},
    ),
    Route(
        "post",
        "editions/{}/acknowledge/",
        "reports.edition",
        "change",
        "flagged",
        body=lambda _w: {"flag": FLAG, "reason": "Both numbers are right."},
    ),
    Route("post", "editions/{}/submit/", "reports.edition", "change", "draft", body=lambda _w: {}),
    Route("post", "editions/{}/approve/", "reports.edition", "publish", "in_review", body=lambda _w: {}),
    Route(
        "post",
        "editions/{}/send-back/",
        "reports.edition",
        "publish",
        "in_review",
        body=lambda _w: {"reason": "A district was missing."},
    ),
    Route("post", "editions/{}/publish/", "reports.edition", "publish", "approved", body=lambda _w: {}),
    Route(
        "post",
        "editions/{}/withdraw/",
        "reports.edition",
        "publish",
        "edition",
        body=lambda _w: {"reason": "A district was missing."},
    ),
]
ERRATA = [
    Route(
        "post",
        "errata/{}/propose/",
        "reports.erratum",
        "change",
        "needed_erratum",
        body=lambda _w: {"reason": "The governor took his number back."},
    ),
    Route("post", "errata/{}/publish/", "reports.erratum", "publish", "proposed_erratum", body=lambda _w: {}),
    Route(
        "post",
        "errata/{}/dismiss/",
        "reports.erratum",
        "publish",
        "needed_erratum",
        body=lambda _w: {"reason": "It was a test."},
    ),
]


def _act(path: str, action: str, record: str, body: Body) -> Route:
    return Route("post", f"subscriptions/{{}}/{path}/", "reports.subscription", action, record, body=body)


SUBSCRIPTIONS = [
    Route(
        "post",
        "subscriptions/",
        "reports.subscription",
        "add",
        body=lambda _w: {"name": "Nina", "address": "nina@readers.example", "regions": ["RU-KRS", "RU-ORL"]},
    ),
    _act("approve", "approve", "proposed_subscription", lambda _w: {}),
    _act("regions", "change", "subscription", lambda _w: {"regions": ["RU-KRS", "RU-ORL"]}),
    _act("readers", "change", "subscription", lambda _w: {"audience": "public"}),
    _act("formats", "change", "subscription", lambda _w: {"formats": "none"}),
    _act(
        "quiet-hours",
        "change",
        "subscription",
        lambda _w: {"quiet_from": "22:00", "quiet_until": "07:00", "zone": "Europe/Kyiv"},
    ),
    _act("ask", "change", "unconfirmed_subscription", lambda _w: {}),
    _act("end", "end", "subscription", lambda _w: {}),
]
