"""Every page of the desk as everybody, at every place."""

from collections.abc import Collection
from typing import Any
from uuid import uuid4

from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.policy import Role
from tests.authorisation.expected import (
    ABSENT,
    FOREIGN,
    OWN,
    PLACES,
    Place,
    may,
    may_at_all,
    personal_columns,
    sees,
)
from tests.authorisation.grounds import Grounds
from tests.authorisation.sweep import Asker, Report, bare, first_difference

#: Kinds of record with no page here because no ground has one; what they show is open.
WITHOUT_PLACES = {
    "auth.group": "closed for everybody: the policy has no such kind",
    "audit.auditevent": "belongs to nobody; for auditors as a whole",
    "audit.reading": "as above",
    "audit.rowchange": "as above",
    "accounts.breakglass": "tests/accounts/test_break_glass.py",
    "displacement.bulkdecision": "seen by who decided it only",
    "reports.flagacknowledgement": "tests/desk/test_reconciliation.py",
    "reports.mailhold": "belongs to nobody",
    "reports.notice": "names a region and a publisher",
    "regions.areastatus": "belongs to nobody",
}
#: Seen by rules of their own beside the policy's place: which verdicts, audiences and states.
BY_OWN_RULES = {
    "reports.edition",
    "reports.erratum",
    "intake.batch",
    "shelters.stay",
    "displacement.possibleduplicate",
}


def asker(role: Role, grounds: Grounds, report: Report) -> Asker:
    """Somebody in the role, signed in at the desk."""
    client = Client(raise_request_exception=False)
    client.force_login(grounds.users[role])
    return Asker(role, client, grounds.canaries, report)


def sweep_records(who: Asker, grounds: Grounds, only: Collection[str] = ()) -> None:
    """The list, the page, the history, the act pages and the deletion of every kind of record, at every place."""
    for model, desk in admin.site._registry.items():
        resource = model._meta.label_lower
        if only and resource not in only:
            continue
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        may_view = may_at_all(who.role, resource, "view")
        who.expect(200 if may_view else 403, "get", reverse(f"{name}_changelist"))
        may_add = may_at_all(who.role, resource, "add")
        who.expect((200, 403) if may_add else 403, "get", reverse(f"{name}_add"))
        acts = [each.name for each in getattr(desk, "acts", ())][:1]
        pages = {"change": (), "history": (), **{act: (act,) for act in acts}}
        if not may_view:
            _closed(who, grounds, name, resource)
            continue
        lost = {page: _page(who, name, page, uuid4(), more, 404, ABSENT) for page, more in pages.items()}
        for place in PLACES:
            record = grounds.at[place.name].record(resource)
            if record is not None:
                _pages(who, name, pages, record, place, lost)


Pages = dict[str, tuple[str, ...]]


def _closed(who: Asker, grounds: Grounds, name: str, resource: str) -> None:
    """The pages of a kind of record that the role does not have, whether the record exists or not."""
    record = grounds.at[OWN.name].record(resource)
    for key in (uuid4(), record.pk if record is not None else uuid4()):
        _page(who, name, "change", key, (), 403, OWN)


def _pages(who: Asker, name: str, pages: Pages, record: Model, place: Place, lost: dict[str, Any]) -> None:
    """Each page of a record: shown, or byte for byte what is absent."""
    resource = record._meta.label_lower
    if not may(who.role, resource, "view", place):
        # One place is asked for every page, the others for the one to which all the others lead.
        for page, more in pages.items() if place is FOREIGN else [("change", ())]:
            answer = _page(who, name, page, record.pk, more, 404, place)
            one, other = bare(answer), bare(lost[page])
            what = ("differs from what is absent at", place.name, first_difference(one, other))
            who.report.case(one == other, who.role, name, page, *what)
        return
    by_own_rules = (404,) if resource in BY_OWN_RULES else ()
    for page, more in pages.items():
        fine = (200, 302, 403, *by_own_rules) if more else (200, *by_own_rules)
        if place is OWN or page == "change":
            _page(who, name, page, record.pk, more, fine, place)
    if not may_at_all(who.role, resource, "delete"):
        who.expect(403, "post", reverse(f"{name}_delete", args=[record.pk]), place.name, data={"post": "yes"})


def _page(
    who: Asker, name: str, page: str, key: Any, more: tuple[str, ...], status: Any, place: Place
) -> Any:
    kind = "act" if more else page
    return who.expect(status, "get", reverse(f"{name}_{kind}", args=[key, *more]), place.name)


def sweep_searches(who: Asker, grounds: Grounds) -> None:
    """Words of other places typed into every search box, and questions about columns in every address."""
    for model, desk in admin.site._registry.items():
        resource = model._meta.label_lower
        if not may_at_all(who.role, resource, "view"):
            continue
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        if desk.search_fields:
            _words_find_nothing(who, grounds, url, resource)
        try:
            columns = personal_columns(resource)
        except KeyError:
            continue
        for column in columns:
            if column not in [each for each in desk.list_filter if isinstance(each, str)]:
                who.expect((302, 400), "get", url, column, data={f"{column}__startswith": "q"})


def _words_find_nothing(who: Asker, grounds: Grounds, url: str, resource: str) -> None:
    """Words of records that this person may not see do not find them. One column for each place."""
    words = {
        place: (word, column)
        for word, (of, column, place) in grounds.canaries.planted.items()
        if of == resource and not sees(who.role, of, column, place)
    }
    for place, (word, column) in words.items():
        answer = who.expect(200, "get", url, data={"q": word}, echo=word)
        record = grounds.at[place.name].record(resource)
        is_seen = may(who.role, resource, "view", place)
        is_found = record is not None and str(record.pk) in answer.told
        who.report.case(is_seen or not is_found, who.role, url, "finds", column, "of", place.name)


def sweep_matches(who: Asker, grounds: Grounds) -> None:
    """The search boxes of forms offer what the list of the record offers, and nothing else."""
    url = reverse("admin:autocomplete")
    for model, desk in admin.site._registry.items():
        for name in desk.autocomplete_fields:
            related: Any = model._meta.get_field(name).related_model
            asked = {
                "app_label": model._meta.app_label,
                "model_name": model._meta.model_name,
                "field_name": name,
                "term": "",
            }
            fine = may_at_all(who.role, related._meta.label_lower, "view")
            who.expect(200 if fine else 403, "get", url, name, data=asked)
    who.expect(404, "get", f"/r/1/{grounds.at[OWN.name].person.pk}/")


def unplaced(grounds: Grounds) -> set[str]:
    """Kinds of record on the desk of which no ground has one."""
    kinds = {model._meta.label_lower for model in admin.site._registry}
    return {kind for kind in kinds if grounds.at[OWN.name].record(kind) is None}
