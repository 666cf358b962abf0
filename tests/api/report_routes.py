"""Addresses of editions and errata that write, each with a body that it accepts."""

from tests.api.route import Route

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
