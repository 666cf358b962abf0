"""Every address of the API: what it does to which kind of record, and a body that it accepts."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.api.report_routes import EDITIONS, ERRATA, SUBSCRIPTIONS
from tests.api.route import Route
from tests.api.world import World, earlier
from tests.factories.displacement import ClaimFactory


def _reads(path: str, resource: str, record: str, key: str = "pk") -> list[Route]:
    return [
        Route("get", f"{path}/", resource, "view"),
        Route("get", f"{path}/{{}}/", resource, "view", record, key),
    ]


def _void(path: str, resource: str, record: str) -> Route:
    return Route("post", f"{path}/{{}}/void/", resource, "void", record, body=lambda _w: {"reason": "Twice."})


#: What lists of the world tell of: whoever may not see it does not see the list.
ADD_PEOPLE = ("displacement.household", "add")
#: Whoever may not see exact figures does not see the exact editions of the world, nor their errata.
SEE_EXACT = ("reports.figure", "view")
READS = [
    *_reads("regions", "regions.region", "region", "key"),
    *_reads("operations", "regions.operation", "operation", "key"),
    *_reads("specific-needs", "displacement.specificneed", "need"),
    *_reads("households", "displacement.household", "household"),
    *_reads("people", "displacement.person", "person"),
    *_reads("shared-people", "exchange.sharedperson", "shared_person"),
    *_reads("agreements", "exchange.agreement", "agreement"),
    *_reads("movements", "displacement.movement", "movement"),
    *_reads("shelters", "shelters.shelter", "shelter"),
    *_reads("stays", "shelters.stay", "stay"),
    *_reads("headcounts", "shelters.headcount", "headcount"),
    *_reads("incidents", "displacement.incident", "incident"),
    *_reads("casualties", "displacement.casualty", "casualty"),
    *_reads("sources", "displacement.source", "source"),
    *_reads("claims", "displacement.claim", "claim"),
    *_reads("claim-choices", "displacement.claimchoice", "claim_choice"),
    *_reads("expected-reports", "displacement.expectedreport", "expected_report"),
    *_reads("flag-acknowledgements", "reports.flagacknowledgement", "acknowledgement"),
    *_reads("subscriptions", "reports.subscription", "subscription"),
    Route("get", "batches/", "intake.batch", "view"),
    *(
        Route("get", f"batches/{{}}/{below}", "intake.batch", "view", "batch", hidden_without=ADD_PEOPLE)
        for below in ("", "findings/")
    ),
    Route(
        "get",
        "batches/{}/refused/",
        "intake.batch",
        "view",
        "batch",
        hidden_without=ADD_PEOPLE,
        is_for_sender=True,
    ),
    *_reads("kobo-forms", "intake.koboform", "kobo_form"),
    Route("get", "editions/", "reports.edition", "view"),
    *(
        Route("get", f"editions/{{}}/{below}", "reports.edition", "view", "edition", hidden_without=SEE_EXACT)
        for below in ("", "files/text/", "compare/")
    ),
    Route("get", "errata/", "reports.erratum", "view"),
    Route("get", "errata/{}/", "reports.erratum", "view", "erratum", hidden_without=SEE_EXACT),
    Route("get", "figures/?region=RU-KRS", "reports.figure", "view"),
    *_reads("erasures", "retention.erasure", "erasure"),
    Route("get", "changes/", "exchange.change", "view"),
]
CREATES = [
    Route(
        "post",
        "households/",
        "displacement.household",
        "add",
        body=lambda _w: {
            "registered_in": "RU-KRS-KURSK",
            "origin": "Суджанский район",
            "people": [
                {"given_name": "Олена", "age": 44},
                {"given_name": "Іван", "birth_date": "2017-05-02"},
            ],
            "groups": [{"people": 2, "sex": "female", "age_band": "18-59"}],
            "consents": {"service": True, "authorities": False},
        },
    ),
    Route(
        "post",
        "people/",
        "displacement.person",
        "add",
        body=lambda w: {"household": str(w.household.pk), "given_name": "Марія", "needs": [w.need.pk]},
    ),
    Route(
        "post",
        "erasures/",
        "retention.erasure",
        "add",
        body=lambda w: {"person": str(w.somebody().pk), "ground": "asked"},
    ),
    Route(
        "post",
        "movements/",
        "displacement.movement",
        "add",
        body=lambda w: {
            "person": str(w.person.pk),
            "kind": "arrived",
            "occurred_at": earlier(hours=3),
            "destination": "RU-KRS-KURSK",
            "place": "relatives",
        },
    ),
    Route(
        "post",
        "shelters/",
        "shelters.shelter",
        "add",
        body=lambda _w: {
            "name": "Sports hall",
            "region": "RU-KRS-KURSK",
            "site_type": "sports_hall",
            "state": {"phase": "open", "places_open": 40},
        },
    ),
    Route(
        "post",
        "stays/",
        "shelters.stay",
        "add",
        body=lambda w: {"person": str(w.somebody().pk), "shelter": str(w.shelter.pk)},
    ),
    Route(
        "post",
        "headcounts/",
        "shelters.headcount",
        "add",
        body=lambda w: {"shelter": str(w.shelter.pk), "people": 9, "children": 4},
    ),
    Route(
        "post",
        "incidents/",
        "displacement.incident",
        "add",
        body=lambda _w: {"region": "RU-KRS-SUDZHANSKY", "occurred_at": earlier(days=1), "cause": "drone"},
    ),
    Route(
        "post",
        "casualties/",
        "displacement.casualty",
        "add",
        body=lambda w: {"incident": str(w.incident.pk), "outcome": "injured", "people_max": 3},
    ),
    Route(
        "post",
        "claims/",
        "displacement.claim",
        "add",
        body=lambda w: {
            "source": w.source.name,
            "region": "RU-KRS",
            "indicator": "killed",
            "kind": "cumulative",
            "qualifier": "at_least",
            "value": 12,
            "as_of": earlier(days=2),
            "published_at": earlier(days=1),
        },
    ),
    Route(
        "post",
        "expected-reports/",
        "displacement.expectedreport",
        "add",
        body=lambda w: {"source": w.source.name, "region": "RU-KRS", "indicator": "killed", "every_days": 7},
    ),
]


def _many(route: Route) -> Route:
    """The same, in a list."""
    assert route.body
    one = route.body
    return Route(
        "post", f"{route.path}bulk/", route.resource, route.action, body=lambda w: {"items": [one(w)]}
    )


BULKS = [
    _many(route) for route in CREATES if route.path in ("households/", "people/", "movements/", "stays/")
]
ACTS = [
    Route(
        "patch",
        "households/{}/",
        "displacement.household",
        "change",
        "household",
        body=lambda w: {"version": w.household.version, "people_declared": 4},
    ),
    Route(
        "post",
        "households/{}/name-people/",
        "displacement.household",
        "change",
        "household",
        body=lambda _w: {"people": [{"given_name": name} for name in ("Анна", "Ольга", "Пётр")]},
    ),
    Route(
        "post",
        "households/{}/split/",
        "displacement.household",
        "change",
        "household",
        body=lambda _w: {"groups": [{"people": 1, "sex": "female", "age_band": "18-59"}]},
    ),
    Route(
        "post",
        "households/{}/join/",
        "displacement.household",
        "change",
        "household",
        body=lambda w: {"into": str(w.another_household().pk), "reason": "One family in two halves."},
    ),
    _void("households", "displacement.household", "household"),
    Route(
        "patch",
        "people/{}/",
        "displacement.person",
        "change",
        "person",
        body=lambda w: {"version": w.person.version, "family_name": "Petrenko"},
    ),
    _void("people", "displacement.person", "person"),
    _void("movements", "displacement.movement", "movement"),
    Route(
        "post",
        "shelters/{}/states/",
        "shelters.shelter",
        "change",
        "shelter",
        body=lambda _w: {"places_open": 60},
    ),
    Route(
        "post",
        "shelters/{}/protected-places/",
        "shelters.shelter",
        "change",
        "shelter",
        body=lambda _w: {"cover": "basement", "places": 20},
    ),
    Route("post", "stays/{}/check-out/", "shelters.stay", "change", "stay", body=lambda _w: {}),
    _void("stays", "shelters.stay", "stay"),
    _void("headcounts", "shelters.headcount", "headcount"),
    _void("incidents", "displacement.incident", "incident"),
    _void("casualties", "displacement.casualty", "casualty"),
    Route(
        "post",
        "households/{}/consents/",
        "displacement.consent",
        "add",
        "household",
        body=lambda _w: {"purpose": "partners", "is_given": False, "obtained": "telephone"},
        also=("displacement.household", "view"),
    ),
    Route(
        "post",
        "people/{}/documents/",
        "displacement.identitydocument",
        "add",
        "person",
        body=lambda _w: {"kind": "id_card", "country": "UA", "number": "004417392"},
        also=("displacement.person", "view"),
    ),
    Route(
        "post",
        "casualties/{}/sources/",
        "displacement.casualtysource",
        "add",
        "casualty",
        body=lambda w: {"source": w.source.name, "occurred_at": earlier(days=1), "supports_what": True},
        also=("displacement.casualty", "view"),
    ),
    Route(
        "post",
        "casualties/{}/steps/",
        "displacement.casualtystep",
        "add",
        "casualty",
        body=lambda _w: {"rung": "refuted", "reason": "The person is alive."},
        also=("displacement.casualty", "view"),
    ),
    Route(
        "post",
        "casualties/{}/inform-next-of-kin/",
        "displacement.casualty",
        "change",
        "casualty",
        body=lambda _w: {},
    ),
    Route(
        "post",
        "claims/{}/links/",
        "displacement.claim",
        "add",
        "claim",
        body=lambda w: {"target": _earlier_claim(w), "relation": "corrects", "reason": "A later count."},
    ),
    Route(
        "post",
        "claims/{}/choose/",
        "displacement.claim",
        "choose",
        "claim",
        body=lambda _w: {"reason": "It names the districts that it counts."},
    ),
    _void("claim-choices", "displacement.claimchoice", "claim_choice"),
    _void("expected-reports", "displacement.expectedreport", "expected_report"),
    _void("flag-acknowledgements", "reports.flagacknowledgement", "acknowledgement"),
]
#: Readers may see these, and only publishers may write; what they say in which state is tested on its own.
LISTS = [
    Route(
        "post",
        "batches/",
        "intake.batch",
        "add",
        body=lambda _w: {"file": a_list(), "kind": "people", "region": "RU-KRS-KURSK"},
        format="multipart",
    ),
    Route(
        "post",
        "batches/{}/columns/",
        "intake.batch",
        "change",
        "unnamed_batch",
        hidden_without=ADD_PEOPLE,
        body=lambda w: {"columns": {w.unnamed_batch.headings[0]: "family_name"}},
    ),
    Route(
        "post",
        "batches/{}/accept/",
        "intake.batch",
        "change",
        "batch",
        hidden_without=ADD_PEOPLE,
        body=lambda _w: {"with_warnings": False, "leaving_out": [2]},
    ),
    Route(
        "post",
        "batches/{}/discard/",
        "intake.batch",
        "void",
        "batch",
        hidden_without=ADD_PEOPLE,
        body=lambda _w: {},
    ),
    Route(
        "post",
        "batches/{}/undo/",
        "intake.batch",
        "void",
        "accepted_batch",
        hidden_without=ADD_PEOPLE,
        body=lambda _w: {"reason": "Last week's list."},
    ),
]
WRITES = [*CREATES, *BULKS, *ACTS, *EDITIONS, *ERRATA, *SUBSCRIPTIONS, *LISTS]
ROUTES = [*READS, *WRITES]


#: Where another service sends what it has in its own shape, of which nothing is refused by name; tests/intake tests it.
FROM_SERVERS = {("post", "kobo-forms/*/submissions/")}


def a_list() -> SimpleUploadedFile:
    """Two people as a partner sends them."""
    lines = ["family name,given name,origin", "Kovalchuk,Olena,RU-KRS", "Melnyk,Hanna,RU-KRS"]
    return SimpleUploadedFile("people.csv", "\n".join(lines).encode())


def _earlier_claim(world: World) -> str:
    """Another claim about the same thing, to which a link may lead."""
    return str(ClaimFactory.create(source=world.source, as_of=world.claim.as_of).pk)
