"""Every act of the desk asked for and sent, at every place, blank and filled in, also with ids of what lies elsewhere."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.urls import reverse

from accounts.policy import Role
from audit.models import AuditEvent
from core.admin import DeskAdmin
from core.admin.fields import RecordField
from tests.authorisation.expected import ELSEWHERE, FAR, FOREIGN, OWN, PLACES, Place, may, may_at_all
from tests.authorisation.grounds import Ground, Grounds
from tests.authorisation.over_desk import BY_OWN_RULES
from tests.authorisation.sweep import Asker, bare

#: What a page of the desk answers to who may do the act: the form once more, done, or a refusal by a rule of its own.
_DONE_OR_NOT = (200, 302, 403)
#: What is opened with a record, where more is: a person with how to reach them, and with their documents.
_OPENED_WITH = {
    "displacement.person": frozenset(
        {"displacement.person", "displacement.household", "displacement.identitydocument"}
    ),
}
#: Sent blank only, with the reason.
_NOT_FILLED = {("exchange.endpoint", "rotate"): "a canary lies where its secret was, which nothing can open"}
_ELSEWHERE = (ELSEWHERE, FOREIGN, FAR)


def sweep_acts(who: Asker, grounds: Grounds) -> None:
    """The first and all further acts of each kind of record, and the act that makes a new one."""
    desks: dict[type[Model], Any] = dict(admin.site._registry)
    for model, desk in desks.items():
        if isinstance(desk, DeskAdmin):
            for act in desk.all_acts():
                _everywhere(who, grounds, model, act)
            if desk.adding is not None:
                _add(who, grounds, model)
        _selections(who, grounds, model, desk)


def _everywhere(who: Asker, grounds: Grounds, model: type[Model], act: Any) -> None:
    resource = model._meta.label_lower
    if act.action == "reveal":
        who.opening = _OPENED_WITH.get(resource, frozenset({resource}))
    form = None
    for place in PLACES:
        record = grounds.at[place.name].record(resource)
        if record is None:
            continue
        url = _act_url(record, act.name)
        status = _status(who.role, resource, act.action, place)
        asked = who.expect(status, "get", url, place.name)
        form = _form_of(asked) or form
        blank = who.expect(status, "post", url, place.name, data={})
        is_sent = (resource, act.name) not in _NOT_FILLED
        filled = _filled(form, grounds.at[place.name]) if is_sent else {}
        before = AuditEvent.objects.count()
        answer = who.expect(status, "post", url, place.name, "filled in", data=filled)
        if not _may_do(who.role, resource, act.action, place):
            for each in (blank, answer):
                who.report.case(each.traces == before, who.role, url, "left a trace at", place.name)
        elif form is not None and place is OWN:
            _with_ids_of_others(who, grounds, url, form, filled)
    who.opening = frozenset()


def _add(who: Asker, grounds: Grounds, model: type[Model]) -> None:
    """The page of a new one: with ids of other places in what is sent, and in its address."""
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
    fine: Any = _DONE_OR_NOT if may_at_all(who.role, model._meta.label_lower, "add") else 403
    form = _form_of(who.expect(fine, "get", url))
    who.expect(fine, "post", url, data={})
    if form is None:
        return
    filled = _filled(form, grounds.at[OWN.name])
    who.expect(fine, "post", url, "filled in", data=filled)
    _with_ids_of_others(who, grounds, url, form, filled)


def _with_ids_of_others(
    who: Asker, grounds: Grounds, url: str, form: forms.Form, filled: Mapping[str, Any]
) -> None:
    """A record that is not theirs is refused as one that is absent, and its id in the address names nobody."""
    for name, field in _record_fields(form):
        related = field.relation.related_model._meta.label_lower
        for place in _ELSEWHERE:
            record = grounds.at[place.name].record(related)
            if record is None or may(who.role, related, field.action, place):
                continue
            before = AuditEvent.objects.count()
            about = (name, "of", place.name)
            answer = who.expect(
                _DONE_OR_NOT, "post", url, *about, data={**filled, name: record.pk}, echo=str(record.pk)
            )
            who.report.case(answer.traces == before, who.role, url, "left a trace with", *about)
            nobody = uuid4()
            lost = who.expect((200, 302, 403), "get", url, data={name: nobody}, echo=str(nobody))
            named = who.expect(
                (200, 302, 403), "get", url, *about, data={name: record.pk}, echo=str(record.pk)
            )
            is_same = len(bare(named)) - len(bare(lost)) in range(-80, 80)
            who.report.case(is_same, who.role, url, "tells by its address", *about)


def _selections(who: Asker, grounds: Grounds, model: type[Model], desk: Any) -> None:
    """Acts on many of a list, with records that are not theirs among the ticked."""
    resource = model._meta.label_lower
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    for name in [*(desk.actions or ()), "delete_selected"]:
        action = name if isinstance(name, str) else name.__name__
        for place in _ELSEWHERE:
            record = grounds.at[place.name].record(resource)
            if record is None or may(who.role, resource, "view", place):
                continue
            before = AuditEvent.objects.count()
            data = {"action": action, "_selected_action": [record.pk], "index": 0, "post": "yes"}
            answer = who.expect(
                (200, 302, 403), "post", url, action, place.name, data=data, echo=str(record.pk)
            )
            who.report.case(answer.traces == before, who.role, url, action, "left a trace at", place.name)


def _status(role: Role, resource: str, action: str, place: Place) -> Any:
    """What the policy says to whoever asks for the act's page there, and to whoever sends it."""
    if not may_at_all(role, resource, "view"):
        return 403
    own_rules = (404,) if resource in BY_OWN_RULES else ()
    if not may(role, resource, "view", place):
        return 404
    if not may(role, resource, action, place):
        return (403, *own_rules)
    return (*_DONE_OR_NOT, *own_rules)


def _may_do(role: Role, resource: str, action: str, place: Place) -> bool:
    return may(role, resource, "view", place) and may(role, resource, action, place)


def _act_url(record: Model, act: str) -> str:
    opts = record._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_act", args=[record.pk, act])


def _form_of(answer: Any) -> forms.Form | None:
    told = getattr(answer, "context_data", None) or {}
    form = told.get("form")
    return form if isinstance(form, forms.Form) else None


def _record_fields(form: forms.Form) -> Iterator[tuple[str, RecordField]]:
    for name, field in form.fields.items():
        if isinstance(field, RecordField):
            yield name, field


def _filled(form: forms.Form | None, ground: Ground) -> dict[str, Any]:
    """Something plausible in every field; records are those of the ground. Tables of rows stay empty."""
    if form is None:
        return {"reason": "Because of a test."}
    filled = {name: _value(field, ground) for name, field in form.fields.items()}
    filled |= {
        name: value
        for table in getattr(form, "rows", {})
        for name, value in ((f"{table}-TOTAL_FORMS", 0), (f"{table}-INITIAL_FORMS", 0))
    }
    return {name: value for name, value in filled.items() if value is not None}


def _value(field: forms.Field, ground: Ground) -> Any:
    if isinstance(field, RecordField):
        record = ground.record(field.relation.related_model._meta.label_lower)
        return record.pk if record is not None else None
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        return next(
            (value for value, words in choices if value and not isinstance(words, (list, tuple))), None
        )
    if isinstance(field, forms.FileField):
        return None
    return next(
        (value for kind, value in _PLAUSIBLE.items() if isinstance(field, kind)), "Because of a test."
    )


_PLAUSIBLE: dict[type[forms.Field], Any] = {
    forms.BooleanField: "on",
    forms.DateTimeField: "2024-08-08T10:00",
    forms.DateField: "2024-08-08",
    forms.IntegerField: 1,
    forms.EmailField: "nobody@example.org",
}
