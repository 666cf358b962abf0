"""Taking back a fact that was wrong."""

from collections import Counter
from typing import TypeVar
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from audit.actions.record import record
from core.actors import Actor
from core.database_errors import whole_or_refused
from core.facts import Fact, FactQuerySet
from core.refusals import Refusals, refusal

AnyFact = TypeVar("AnyFact", bound=Fact)


@whole_or_refused()
def void(fact: AnyFact, *, by: Actor, reason: str) -> AnyFact:
    """Mark the fact as wrong from now on, and with it every fact that hangs on it; what was known before stays as it was.

    A person is voided with movements, needs and stays, a household with its people, an incident with its victims: found from
    the models, so that a new kind of fact is not forgotten. Three queries, and one or two for each kind that hangs on it.
    Raises ValidationError without a reason or where the fact has been voided already.
    """
    refusals = Refusals()
    why = refusals.check_reason(reason, _("Say why this record is wrong: others will read it."))
    refusals.raise_any()
    locked: AnyFact = type(fact)._base_manager.select_for_update(no_key=True).get(pk=fact.pk)
    if locked.is_void:
        message = _("This record has been voided already. Reload the page to see by whom and why.")
        refusals.add("", message, "void")
    refusals.raise_any()
    _refuse_held(type(locked), [locked.pk])
    locked.voided_at, locked.voided_by, locked.void_reason = timezone.now(), by.pk, why
    locked.save(update_fields=["voided_at", "voided_by", "void_reason"])
    along = Counter[str]()
    _void_below(locked, type(locked), [locked.pk], along)
    record(
        "void", locked, by=by, reason=why, detail={"along": dict(sorted(along.items()))} if along else None
    )
    return locked


def _refuse_held(kind: type[Fact], pks: list[UUID]) -> None:
    """Let the kind of fact say what has to be done first, such as taking back a merge. No query where it has nothing to say."""
    facts = kind._default_manager.filter(pk__in=pks)
    reason = facts.reason_not_to_void() if isinstance(facts, FactQuerySet) else ""
    if reason:
        raise refusal(reason, code="held")


def _void_below(fact: Fact, model: type[Fact], pks: list[UUID], along: Counter[str]) -> None:
    """Void the standing facts whose foreign key names one of these, kind by kind, and what hangs on them in turn.

    A relation without a name from this side ("+"), such as the person whom a casualty was, is a mention and no belonging.
    """
    for relation in model._meta.related_objects:
        kind = relation.related_model
        if not relation.one_to_many or not isinstance(kind, type) or not issubclass(kind, Fact):
            continue
        standing = kind._base_manager.filter(voided_at=None, **{f"{relation.field.name}__in": pks})
        below = list(standing.values_list("pk", flat=True))
        if below:
            _refuse_held(kind, below)
            kind._base_manager.filter(pk__in=below).update(
                voided_at=fact.voided_at, voided_by=fact.voided_by, void_reason=fact.void_reason
            )
            along[kind._meta.label_lower] += len(below)
            _void_below(fact, kind, below, along)
