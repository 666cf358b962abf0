"""What the top of every page and the index offer: only what this person may do."""

from dataclasses import dataclass
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Entry:
    """A list in the menu: the model that it shows, and the heading that it stands under."""

    heading: str | Promise
    model: str
    label: str | Promise


@dataclass(frozen=True, slots=True)
class Task:
    """Something that people come to the desk to do, with the permission that it needs."""

    permission: str
    label: str | Promise
    hint: str | Promise
    address: str
    query: str = ""


_REGISTER, _SHELTERS, _CASUALTIES = _("Register"), _("Shelters"), _("Casualties")
_NUMBERS, _REPORTS, _PLACES, _PEOPLE = _("Claims"), _("Reports"), _("Reference"), _("Administration")

MENU = (
    Entry(_REGISTER, "displacement.household", _("Households")),
    Entry(_REGISTER, "displacement.person", _("People")),
    Entry(_REGISTER, "displacement.movement", _("Movements")),
    Entry(_REGISTER, "displacement.possibleduplicate", _("Duplicates")),
    Entry(_REGISTER, "displacement.merge", _("Merges")),
    Entry(_REGISTER, "roster.peopleexport", _("Exports")),
    Entry(_REGISTER, "retention.erasure", _("Erasures")),
    Entry(_REGISTER, "retention.hold", _("Legal holds")),
    Entry(_REGISTER, "intake.batch", _("Lists sent in")),
    Entry(_REGISTER, "intake.mapping", _("Mappings of columns")),
    Entry(_REGISTER, "intake.koboform", _("Forms")),
    Entry(_SHELTERS, "shelters.shelter", _("Shelters")),
    Entry(_SHELTERS, "shelters.stay", _("Stays")),
    Entry(_SHELTERS, "shelters.headcount", _("Headcounts")),
    Entry(_CASUALTIES, "displacement.casualty", _("Casualties")),
    Entry(_CASUALTIES, "displacement.incident", _("Incidents")),
    Entry(_NUMBERS, "displacement.claim", _("Claims")),
    Entry(_NUMBERS, "displacement.claimchoice", _("Choices of claims")),
    Entry(_NUMBERS, "displacement.expectedreport", _("Expected reports")),
    Entry(_NUMBERS, "displacement.source", _("Sources")),
    Entry(_REPORTS, "reports.edition", _("Editions")),
    Entry(_REPORTS, "reports.erratum", _("Errata")),
    Entry(_REPORTS, "reports.flagacknowledgement", _("Acknowledged flags")),
    Entry(_REPORTS, "reports.notice", _("Missing reports")),
    Entry(_REPORTS, "reports.subscription", _("Subscriptions")),
    Entry(_REPORTS, "reports.delivery", _("Deliveries")),
    Entry(_REPORTS, "reports.mailhold", _("Hold all mail")),
    Entry(_PLACES, "regions.region", _("Regions")),
    Entry(_PLACES, "regions.areastatus", _("Area statuses")),
    Entry(_PLACES, "regions.operation", _("Operations")),
    Entry(_PLACES, "displacement.specificneed", _("Needs")),
    Entry(_PEOPLE, "accounts.user", _("Users")),
    Entry(_PEOPLE, "accounts.organisation", _("Organisations")),
    Entry(_PEOPLE, "accounts.breakglass", _("Emergency access")),
    Entry(_PEOPLE, "accounts.client", _("Partners' systems")),
    Entry(_PEOPLE, "exchange.agreement", _("Sharing agreements")),
    Entry(_PEOPLE, "accounts.revealday", _("Opened records")),
    Entry(_PEOPLE, "roster.alarm", _("Alarms")),
    Entry(_PEOPLE, "displacement.honeyrecord", _("Honey records")),
    Entry(_PEOPLE, "exchange.endpoint", _("Webhooks")),
    Entry(_PEOPLE, "exchange.message", _("Messages of webhooks")),
    Entry(_PEOPLE, "audit.auditevent", _("Audit trail")),
    Entry(_PEOPLE, "audit.reading", _("Readings")),
    Entry(_PEOPLE, "audit.rowchange", _("Changes of rows")),
)

TASKS = (
    Task(
        "displacement.add_household",
        _("Register a household"),
        _("A family by name, or only counted at the door."),
        "admin:displacement_household_add",
    ),
    Task(
        "intake.add_batch",
        _("Send in a list"),
        _("A spreadsheet or a partner's file, looked at before it counts."),
        "admin:intake_batch_add",
    ),
    Task(
        "displacement.change_possibleduplicate",
        _("Decide who is registered twice"),
        _("Pairs of records that may be one person, the likeliest first."),
        "admin:displacement_possibleduplicate_changelist",
    ),
    Task(
        "shelters.add_stay",
        _("Check somebody in"),
        _("A person or a whole household."),
        "admin:shelters_stay_add",
    ),
    Task(
        "shelters.change_stay",
        _("Check somebody out"),
        _("Find the open stay and end it."),
        "admin:shelters_stay_changelist",
        "open=yes",
    ),
    Task(
        "shelters.add_headcount",
        _("Report tonight's headcount"),
        _("How many are in, how many places are free."),
        "admin:shelters_headcount_add",
    ),
    Task(
        "displacement.add_incident",
        _("Record an incident"),
        _("When, where and how; then who was hurt."),
        "admin:displacement_incident_add",
    ),
    Task(
        "displacement.verify_casualty",
        _("Verify casualties"),
        _("Corroborated by others and waiting for you."),
        "admin:displacement_casualty_changelist",
        "rung__exact=corroborated",
    ),
    Task(
        "displacement.add_claim",
        _("Record a claim"),
        _("A number that somebody published, in their words."),
        "admin:displacement_claim_add",
    ),
    Task(
        "regions.add_areastatus",
        _("Record an area's status"),
        _("Evacuation, access, lost contact."),
        "admin:regions_areastatus_add",
    ),
    Task(
        "reports.publish_edition",
        _("Review and publish reports"),
        _("They are waiting to be read."),
        "admin:reports_edition_changelist",
        "status__exact=in_review",
    ),
    Task(
        "reports.publish_erratum",
        _("Correct published reports"),
        _("What they used no longer stands: they need an erratum."),
        "admin:reports_erratum_changelist",
        "state__exact=needed",
    ),
    Task(
        "accounts.add_user",
        _("Add a user"),
        _("With a role in your organisation."),
        "admin:accounts_user_add",
    ),
    Task(
        "accounts.add_breakglass",
        _("Take emergency access"),
        _("A role for some hours, with a reason; others are told at once."),
        "admin:accounts_breakglass_add",
    ),
    Task(
        "audit.view_auditevent",
        _("Read the audit trail"),
        _("Who did what, when."),
        "admin:audit_auditevent_changelist",
    ),
)


def menu_for(request: HttpRequest, site: AdminSite) -> list[tuple[str, list[dict[str, Any]]]]:
    """Headings with the lists that this person may see. No query beyond the user's scopes."""
    if not site.has_permission(request):
        return []
    groups: dict[str, list[dict[str, Any]]] = {}
    for entry in MENU:
        app, _dot, model = entry.model.partition(".")
        if not request.user.has_perm(f"{app}.view_{model}"):
            continue
        try:
            address = reverse(f"admin:{app}_{model}_changelist")
        except NoReverseMatch:
            continue
        item = {"label": entry.label, "url": address, "is_here": request.path.startswith(address)}
        groups.setdefault(str(entry.heading), []).append(item)
    return list(groups.items())


def tasks_for(request: HttpRequest) -> list[dict[str, Any]]:
    """What this person can do, most frequent first. No query beyond the user's scopes."""
    return [
        {
            "label": task.label,
            "hint": task.hint,
            "url": reverse(task.address) + (f"?{task.query}" if task.query else ""),
        }
        for task in TASKS
        if request.user.has_perm(task.permission)
    ]
