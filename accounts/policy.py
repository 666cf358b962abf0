"""The one policy: which role may do what with which kind of record, whose records, and what of them it sees.

Everything that decides about access reads this table: the desk, the API, querysets, fields, and the tests that are generated
from it. A role or a permission is one line. What is not listed is refused. `reach` says whose records: a role's own
organisation's (in its region and below), or everybody's in its region and below. `sees` names the classes of fields
(accounts/field_classes.toml) that are shown. accounts/routes.toml says which entry each address and task stands for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.scopes import scope_of
from core.masking import Mask


class Role(models.TextChoices):
    """What somebody does here."""

    REGISTRAR = "registrar", _("registrar")
    SHELTER_MANAGER = "shelter_manager", _("shelter manager")
    CASEWORKER = "caseworker", _("caseworker")
    PROTECTION_OFFICER = "protection_officer", _("protection officer")
    CASUALTY_RECORDER = "casualty_recorder", _("casualty recorder")
    CASUALTY_VERIFIER = "casualty_verifier", _("casualty verifier")
    TRACING_OFFICER = "tracing_officer", _("tracing officer")
    REGIONAL_COORDINATOR = "regional_coordinator", _("regional coordinator")
    PUBLISHER = "publisher", _("publisher")
    ORGANISATION_ADMIN = "organisation_admin", _("organisation administrator")
    AUDITOR = "auditor", _("auditor")
    PARTNER_SYSTEM = "partner_system", _("partner system")
    REPORT_RECIPIENT = "report_recipient", _("report recipient")
    KEEPER = "keeper", _("keeper of the service")


class Reach(StrEnum):
    """Whose records a permission opens."""

    OWN = "own organisation"
    REGION = "every organisation in the region"


class FieldClass(StrEnum):
    """What a column tells, as accounts/field_classes.toml sorts them. Nobody sees `hidden`."""

    OPEN = "open"
    IDENTITY = "identity"
    CONTACT = "contact"
    WHEREABOUTS = "whereabouts"
    PROTECTION = "protection"
    HIDDEN = "hidden"


#: All that can be shown.
EVERYTHING = frozenset(FieldClass) - {FieldClass.HIDDEN}


@dataclass(frozen=True, slots=True)
class Scope:
    """One membership, or one glass that was broken, as access rules see it. An empty path is every region.

    Without an organisation (a superuser's) it opens nothing that belongs to one. `until` is when a broken glass is whole again.
    `grants` are the scopes of a partner's client or token, which narrow what the role opens; None: nobody narrows it.
    """

    role: Role
    organisation_id: UUID | None
    region_path: str
    until: datetime | None = None
    grants: frozenset[str] | None = None

    def resources(self) -> frozenset[str]:
        """The kinds of record (`app.model`) that this membership opens at all."""
        return frozenset(POLICY[self.role])

    def reach(self, resource: str, action: str) -> "Reach | None":
        """With whose records of this kind (`app.model`) this membership opens the act; None: refused."""
        reach = reach_of(self.role, resource, action)
        if reach is None or self.grants is None:
            return reach
        wanted = scope_of(resource, action)
        return reach if {wanted, wanted.replace(":read", ":write")} & self.grants else None


@dataclass(frozen=True, slots=True)
class Rule:
    """What one role may do with one kind of record, for each act, with whose, and which fields it sees of them."""

    actions: Mapping[str, Reach]
    sees: frozenset[FieldClass] = EVERYTHING

    def __or__(self, other: "Rule") -> "Rule":
        """Both rules together: see everybody's, change one's own."""
        return Rule({**self.actions, **other.actions}, self.sees | other.sees)

    def seeing(self, *classes: FieldClass) -> "Rule":
        """The same, with these classes of fields beside the open ones and nothing else."""
        return Rule(self.actions, frozenset({FieldClass.OPEN, *classes}))


@dataclass(frozen=True, slots=True)
class Waiting:
    """Columns that nobody but people of the organisation of a record sees before another column, `until`, is filled in.

    `organisation` is the lookup from the record to the id of its organisation. A partner's system waits, too.
    """

    columns: frozenset[str]
    until: str
    organisation: str


def _own(actions: str) -> Rule:
    return Rule(dict.fromkeys(actions.split(), Reach.OWN))


def _region(actions: str) -> Rule:
    return Rule(dict.fromkeys(actions.split(), Reach.REGION))


#: What readers may have: the public's, partners', and the exact reports of those who work here. Of errata the published ones.
_FOR_PUBLIC = _region("view")
_FOR_PARTNERS = _region("view view_partners")
_INTERNAL = _region("view view_partners view_internal")
#: Facts about places and published numbers: no person is in them, so whoever works here may read them.
_OPEN = {
    "regions.region": _region("view"),
    "regions.areastatus": _region("view"),
    "regions.operation": _region("view"),
    "displacement.source": _region("view"),
    "displacement.claim": _region("view"),
    "displacement.claimchoice": _region("view"),
    "displacement.expectedreport": _region("view"),
    "displacement.specificneed": _region("view"),
    "reports.figure": _region("view"),
    "reports.edition": _INTERNAL,
    "reports.erratum": _INTERNAL,
    "accounts.organisation": _region("view"),
}
#: Of reports only what partners get: no exact figure, which is not to be told outside.
_PARTNERS = {
    "reports.edition": _FOR_PARTNERS,
    "reports.erratum": _FOR_PARTNERS,
}
_REGISTER = {
    "displacement.household": _own("view add change void reveal"),
    "displacement.householdgroup": _own("view add void"),
    "displacement.householdchange": _own("view"),
    "displacement.person": _own("view add change void reveal"),
    "displacement.personneed": _own("view add void"),
    "displacement.identitydocument": _own("view add void reveal"),
    "displacement.consent": _own("view add void"),
    "displacement.movement": _own("view add void"),
}
#: Who may say that two records are one person, and take that back.
_IDENTITY = {
    "displacement.possibleduplicate": _own("view change"),
    "displacement.merge": _own("view change"),
    "displacement.bulkdecision": _own("view add"),
}
#: Lists of what a role writes. Who may not see what a list tells of does not see the list either (Batch.visible_to).
_LISTS = {
    "intake.batch": _own("view add change void"),
    "intake.mapping": _own("view add change void"),
}
_INTAKE = {
    **_LISTS,
    "intake.koboform": _own("view add change"),
    "intake.submission": _own("view add"),
}
_WHO, _WHERE, _CALL = FieldClass.IDENTITY, FieldClass.WHEREABOUTS, FieldClass.CONTACT
_SHELTERS = {
    "shelters.shelter": _region("view"),
    "shelters.shelterstate": _region("view"),
    "shelters.protectedplace": _region("view"),
    "shelters.room": _region("view"),
    "shelters.headcount": _region("view"),
}

_OF_CASUALTIES = ("displacement.casualtysource", "displacement.casualtystep")
#: Files of people: one asks and downloads, another approves. Erasures: one asks, another carries out.
#: Systems that read people: one asks, another approves.
_EXPORT, _ERASURE, _CLIENT = "roster.peopleexport", "retention.erasure", "accounts.client"
#: One sets a legal hold and asks that it be lifted, another lifts it; nobody else learns that there is one.
_HOLD = "retention.hold"

POLICY: dict[Role, dict[str, Rule]] = {
    Role.REGISTRAR: {
        **_OPEN,
        **_REGISTER,
        **_IDENTITY,
        **_SHELTERS,
        **_INTAKE,
        _EXPORT: _own("view add download"),
        _ERASURE: _own("view add"),
        "shelters.stay": _own("view add reveal"),
    },
    Role.SHELTER_MANAGER: {
        **_OPEN,
        **_SHELTERS,
        **_LISTS,
        # Whom to let in, and from where they come: no needs, no answers, no telephone numbers.
        "displacement.household": _own("view").seeing(_WHO, _WHERE),
        "displacement.person": _own("view reveal").seeing(_WHO),
        # A full house sends people on, so its manager sees where else there is a bed.
        "shelters.shelter": _region("view") | _own("add change"),
        "shelters.shelterstate": _region("view") | _own("add void"),
        "shelters.protectedplace": _region("view") | _own("add void"),
        "shelters.room": _region("view") | _own("add change"),
        "shelters.headcount": _region("view") | _own("add void"),
        "shelters.stay": _own("view add change void"),
    },
    Role.CASEWORKER: {
        **_OPEN,
        **_SHELTERS,
        **_REGISTER,
        **_IDENTITY,
        _ERASURE: _own("view add"),
        "shelters.stay": _own("view reveal"),
    },
    Role.PROTECTION_OFFICER: {
        **_OPEN,
        **_SHELTERS,
        **_REGISTER,
        **_IDENTITY,
        _EXPORT: _own("view add download approve change"),
        _ERASURE: _own("view add approve"),
        # A system that reads people is a file of people that is never closed: who approves those approves these.
        _CLIENT: _own("view approve"),
        _HOLD: _own("view add change approve"),
        "shelters.stay": _own("view reveal"),
    },
    Role.CASUALTY_RECORDER: {
        **_OPEN,
        **_LISTS,
        "displacement.incident": _own("view add change void"),
        "displacement.casualty": _own("view add change void"),
        "displacement.casualtysource": _own("view add void"),
        "displacement.casualtystep": _own("view add"),
    },
    Role.CASUALTY_VERIFIER: {
        **_OPEN,
        "displacement.incident": _region("view"),
        "displacement.casualty": _region("view verify"),
        "displacement.casualtysource": _region("view add"),
        "displacement.casualtystep": _region("view add"),
    },
    Role.TRACING_OFFICER: {
        **_OPEN,
        # Whom somebody looks for, and how to ask them.
        "displacement.person": _own("view reveal").seeing(_WHO),
        "displacement.household": _own("view reveal").seeing(_WHO, _WHERE, _CALL),
    },
    Role.REGIONAL_COORDINATOR: {
        **_OPEN,
        "regions.areastatus": _region("view add void"),
        "reports.flagacknowledgement": _region("view"),
        "reports.subscription": _region("view add change approve end"),
    },
    Role.PUBLISHER: {
        **_OPEN,
        **_LISTS,
        "regions.areastatus": _region("view add void"),
        "displacement.source": _region("view add change"),
        "displacement.claim": _region("view add choose"),
        "displacement.claimchoice": _region("view void"),
        "displacement.expectedreport": _region("view add void"),
        "reports.edition": _INTERNAL | _region("add change publish"),
        "reports.erratum": _INTERNAL | _region("change publish"),
        "reports.flagacknowledgement": _region("view void"),
        "reports.notice": _region("view"),
        "reports.subscription": _region("view add change approve end"),
        "reports.delivery": _region("view"),
        "reports.mailhold": _region("view add change"),
    },
    Role.ORGANISATION_ADMIN: {
        **_OPEN,
        "accounts.user": _own("view add change reset"),
        "accounts.membership": _own("view add change delete"),
        "accounts.breakglass": _own("view add change review"),
        # How many people each colleague opened today, and more of them where the work needs it.
        "accounts.revealday": _own("view change"),
        _EXPORT: _own("view approve change"),
        _ERASURE: _own("view approve"),
        _HOLD: _own("view approve"),
        # Unusual readings of colleagues, which somebody explains by name.
        "roster.alarm": _own("view change"),
        # Families that are laid out for intruders: who places them knows them, and no list tells them again.
        "displacement.honeyrecord": _own("add"),
        "intake.batch": _own("view"),
        "intake.mapping": _own("view"),
        "intake.koboform": _own("view"),
        # Partners' systems: how they sign in, and where they are told of changes.
        _CLIENT: _own("view add change approve"),
        "exchange.endpoint": _own("view add change"),
        "exchange.message": _own("view change"),
        # What others' systems may read of one's people: signed on one side, accepted on the other.
        "exchange.agreement": _own("view add approve end"),
    },
    Role.AUDITOR: {
        **_OPEN,
        # What was done in an emergency they read, and sign off.
        "accounts.breakglass": _region("view review"),
        "accounts.revealday": _region("view"),
        _EXPORT: _region("view"),
        _ERASURE: _region("view"),
        _HOLD: _region("view"),
        "roster.alarm": _region("view"),
        "displacement.honeyrecord": _region("view"),
        "audit.auditevent": _region("view"),
        "audit.reading": _region("view"),
        "audit.rowchange": _region("view"),
    },
    Role.PARTNER_SYSTEM: {
        **{resource: rule for resource, rule in _OPEN.items() if resource != "reports.figure"},
        **_PARTNERS,
        # What it registered it corrects, over what it saw; to void and to merge is for people.
        **dict.fromkeys(("displacement.household", "displacement.person"), _own("view add change")),
        "displacement.identitydocument": _own("view add"),
        "displacement.movement": _own("view add"),
        # The family answers its partner, and asks the partner to be forgotten: that is recorded, and people decide.
        "displacement.consent": _own("view add"),
        _ERASURE: _own("view add"),
        # Of what its organisation enters at the desk it keeps copies.
        **dict.fromkeys((*_SHELTERS, "shelters.stay", "displacement.incident"), _own("view")),
        **dict.fromkeys(("displacement.casualty", *_OF_CASUALTIES), _own("view")),
        # Of others' people what agreements with its organisation name.
        **dict.fromkeys(("exchange.agreement", "exchange.sharedperson"), _own("view")),
        # Ids of what changed, of the kinds and records that it may view anyway.
        "exchange.change": _own("view"),
        # It answers for its own lists as a registrar does.
        **_LISTS,
        "intake.koboform": _own("view"),
        "intake.submission": _own("view add"),
    },
    Role.REPORT_RECIPIENT: {**_PARTNERS},
    # The settings of the service, and nobody's records. A superuser is a keeper, and nothing more.
    Role.KEEPER: {
        **_OPEN,
        "accounts.organisation": _region("view add change"),
        "accounts.user": _region("view add change"),
        "accounts.membership": _region("view add change delete"),
        "accounts.breakglass": _region("view add change review"),
        # Where an organisation has one administrator and nobody else who may: a second person all the same.
        _CLIENT: _region("view approve"),
        "regions.operation": _region("view add change"),
        "reports.mailhold": _region("view add change"),
    },
}

#: Which roles somebody in a role may give to others, and take from them. Nobody gives one to themselves.
GRANTS: dict[Role, frozenset[Role]] = {
    Role.ORGANISATION_ADMIN: frozenset(Role) - {Role.KEEPER},
    Role.KEEPER: frozenset({Role.ORGANISATION_ADMIN, Role.AUDITOR, Role.KEEPER}),
}
#: Which roles can be taken for some hours by breaking the glass: those that help somebody who is here, and decide nothing.
EMERGENCY_ROLES = (
    Role.REGISTRAR,
    Role.SHELTER_MANAGER,
    Role.CASEWORKER,
    Role.PROTECTION_OFFICER,
    Role.TRACING_OFFICER,
    Role.CASUALTY_RECORDER,
)
LONGEST_EMERGENCY_HOURS, USUAL_EMERGENCY_HOURS = 12, 4

#: Roles that work for one purpose alone: no household is open to them that answered no to it (`displacement.consent`), nor
#: anybody in it. Who was never asked is open, since whom somebody looks for can say no only once they are found and asked.
BOUND_TO_PURPOSE: dict[Role, str] = {Role.TRACING_OFFICER: "tracing"}

#: Columns that lists, pages and answers show by their masks, to everybody but partners' systems, which keep in step by them.
MASKED: dict[str, dict[str, Mask]] = {
    "displacement.household": {"phone": Mask.ENDING},
    "displacement.person": {"birth_date": Mask.YEAR},
    "displacement.identitydocument": {"number": Mask.ENDING},
    # A name, a shelter and a room are where somebody sleeps tonight.
    "shelters.stay": {"room": Mask.NOTHING},
}
#: By which act a kind of record is shown whole: whoever runs the shelter knows who sleeps where.
UNMASKED_BY: dict[str, str] = {"shelters.stay": "change"}

#: What waits: who was killed or hurt is told to others once the family knows (accounts/waiting.py).
WAITING: dict[str, Waiting] = {
    "displacement.casualty": Waiting(
        frozenset({"person", "victim_name"}), "next_of_kin_informed_at", "incident__organisation_id"
    ),
}


def reach_of(role: Role, resource: str, action: str) -> Reach | None:
    """With whose records of this kind (`app.model`) the role may do the act; None: refused."""
    rule = POLICY[role].get(resource)
    return rule.actions.get(action) if rule else None
