"""OAuth scopes: in what portions partners' systems are given what the policy opens to them. They narrow, and open nothing."""

from functools import cache

#: What a client of a partner's system asks for (`people:read`), by the kinds of record that it opens. Each kind that the API
#: serves is in one family.
#: `:read` shows; `:write` does everything else, and shows what it needs for that.
FAMILIES: dict[str, frozenset[str]] = {
    "reference": frozenset(
        {
            "accounts.organisation",
            "regions.region",
            "regions.operation",
            "regions.areastatus",
            "displacement.specificneed",
        }
    ),
    "people": frozenset(
        {
            "displacement.household",
            "displacement.person",
            "displacement.movement",
            "displacement.consent",
            "exchange.agreement",
            "exchange.sharedperson",
        }
    ),
    "shelters": frozenset(
        {
            "shelters.shelter",
            "shelters.shelterstate",
            "shelters.protectedplace",
            "shelters.room",
            "shelters.stay",
            "shelters.headcount",
        }
    ),
    # Who may ask that somebody be erased is given that by itself.
    "erasures": frozenset({"retention.erasure"}),
    # Numbers of documents are a portion of their own: whoever is given people is not given these.
    "documents": frozenset({"displacement.identitydocument"}),
    "casualties": frozenset(
        {
            "displacement.incident",
            "displacement.casualty",
            "displacement.casualtysource",
            "displacement.casualtystep",
        }
    ),
    "claims": frozenset(
        {
            "displacement.source",
            "displacement.claim",
            "displacement.claimchoice",
            "displacement.expectedreport",
        }
    ),
    "lists": frozenset({"intake.batch", "intake.mapping", "intake.koboform", "intake.submission"}),
    "editions": frozenset({"reports.edition", "reports.erratum"}),
    "figures": frozenset({"reports.figure", "reports.flagacknowledgement"}),
    "subscriptions": frozenset({"reports.subscription"}),
    "changes": frozenset({"exchange.change"}),
}


@cache
def scope_of(resource: str, action: str) -> str:
    """The scope that an act on a kind of record (`app.model`) needs; blank where none opens it."""
    family = next((name for name, kinds in FAMILIES.items() if resource in kinds), "")
    act = "read" if action.startswith("view") else "write"
    return f"{family}:{act}" if family else ""
