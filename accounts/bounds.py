"""What bounds a kind of record where a reach of the policy is narrower than everywhere, and how a row leads there."""

from typing import NamedTuple

_BOTH, _PLACE = frozenset({"organisation", "region"}), frozenset({"region"})
#: What is not named belongs to nobody in particular.
BOUNDS: dict[str, frozenset[str]] = {
    "displacement.household": _BOTH,
    "displacement.householdgroup": _BOTH,
    "displacement.householdchange": _BOTH,
    "displacement.consent": _BOTH,
    "displacement.person": _BOTH,
    "displacement.personneed": _BOTH,
    "displacement.identitydocument": _BOTH,
    "displacement.honeyrecord": frozenset({"organisation"}),
    "displacement.movement": _BOTH,
    "displacement.possibleduplicate": _BOTH,
    "displacement.merge": _BOTH,
    "displacement.incident": _BOTH,
    "displacement.casualty": _BOTH,
    "displacement.casualtysource": _BOTH,
    "displacement.casualtystep": _BOTH,
    "shelters.shelter": _BOTH,
    "shelters.shelterstate": _BOTH,
    "shelters.room": _BOTH,
    "shelters.protectedplace": _BOTH,
    "shelters.headcount": _BOTH,
    "shelters.stay": _BOTH,
    "intake.batch": _BOTH,
    "intake.koboform": _BOTH,
    "intake.submission": _BOTH,
    "intake.mapping": frozenset({"organisation"}),
    "displacement.expectedreport": _PLACE,
    "reports.flagacknowledgement": _PLACE,
    "reports.edition": _PLACE,
    "reports.erratum": _PLACE,
    "reports.subscription": _PLACE,
    "reports.delivery": _PLACE,
    "exchange.agreement": frozenset({"organisation"}),
    "exchange.sharedperson": _BOTH,
    "roster.peopleexport": _BOTH,
    "retention.erasure": _BOTH,
    "retention.hold": _BOTH,
    "roster.alarm": frozenset({"organisation"}),
    "exchange.endpoint": _BOTH,
    "exchange.message": _BOTH,
    "accounts.breakglass": _BOTH,
    "accounts.client": _BOTH,
    "accounts.user": frozenset({"organisation"}),
    "accounts.revealday": frozenset({"organisation"}),
    "accounts.membership": frozenset({"organisation"}),
}


class Way(NamedTuple):
    """Two lookups from a row: to the organisation whose it is, and to the region where it lies."""

    organisation: str
    region: str


def _of_person(lookup: str) -> Way:
    return Way(f"{lookup}__organisation", f"{lookup}__household__registered_in")


def _of_household(lookup: str) -> Way:
    return Way(f"{lookup}__organisation", f"{lookup}__registered_in")


_OF_LIST = Way("batch__organisation", "batch__registered_in")
_OF_CASE = Way("casualty__incident__organisation", "casualty__incident__region")
_OF_MERGE = _of_person("merge__kept")
#: How rows of people lead to their place, read by `visible_to` and by row security alike (accounts/visibility.py,
#: config/row_security.py). Of several ways one is enough, but for `EVERY`.
WAYS: dict[str, tuple[Way, ...]] = {
    "displacement.household": (Way("organisation", "registered_in"),),
    "displacement.person": (Way("organisation", "household__registered_in"),),
    "displacement.householdgroup": (_of_household("household"),),
    "displacement.householdchange": (_of_household("from_household"), _of_household("to_household")),
    "displacement.householdjoin": (_of_household("household"),),
    "displacement.consent": (_of_household("household"),),
    "displacement.identitydocument": (_of_person("person"),),
    "displacement.personneed": (_of_person("person"),),
    "displacement.movement": (_of_person("person"), _of_household("household")),
    "displacement.merge": (_of_person("kept"), _of_person("merged")),
    "displacement.repointing": (_OF_MERGE,),
    "displacement.takenover": (_OF_MERGE,),
    "displacement.possibleduplicate": (_of_person("first"), _of_person("second")),
    "displacement.pairword": (
        Way("organisation", "pair__first__household__registered_in"),
        Way("organisation", "pair__second__household__registered_in"),
    ),
    "displacement.searchedperson": (_of_person("person"),),
    "displacement.incident": (Way("organisation", "region"),),
    "displacement.casualty": (Way("incident__organisation", "incident__region"),),
    "displacement.casualtysource": (_OF_CASE,),
    "displacement.casualtystep": (_OF_CASE,),
    # Where somebody sleeps is a matter of the shelter's region, whoever it is.
    "shelters.stay": (
        Way("shelter__organisation", "shelter__region"),
        Way("person__organisation", "shelter__region"),
    ),
    "intake.batch": (Way("organisation", "registered_in"),),
    "intake.batchpart": (_OF_LIST,),
    "intake.stagedrow": (_OF_LIST,),
    "intake.finding": (_OF_LIST,),
    "intake.submission": (Way("form__organisation", "form__registered_in"),),
    "roster.exportpart": (Way("export__organisation", "export__region"),),
}
#: Kinds of which every way has to lead into one's place: they tell of two records at once.
EVERY = frozenset({"displacement.merge", "displacement.householdchange"})
