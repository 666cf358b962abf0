"""Which tables are watched, so that no write to them is without a trace, and whose each of their rows is."""

from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor

from audit import watching
from audit.watching import Paths, Watched
from exchange.kinds import TOLD

#: The packages whose tables are ours.
OURS = (
    "regions",
    "accounts",
    "exchange",
    "displacement",
    "shelters",
    "roster",
    "intake",
    "reports",
    "retention",
)
#: How a row leads to its organisation, where it has no field of that name. A table that stands nowhere here leaves its traces
#: in the chain of whatever its transaction wrote before, else in the service's own.
_PATHS: dict[str, Paths] = {
    "accounts.clientask": ("client__organisation",),
    "accounts.clientnotice": ("client__organisation",),
    "accounts.breakglassreport": ("glass__organisation",),
    "accounts.clientsecret": ("client__organisation",),
    "accounts.clienttoken": ("secret__client__organisation",),
    "displacement.movement": ("person__organisation", "household__organisation"),
    "displacement.householdgroup": ("household__organisation",),
    "displacement.householdchange": ("from_household__organisation",),
    "displacement.householdjoin": ("household__organisation",),
    "displacement.consent": ("household__organisation",),
    "displacement.identitydocument": ("person__organisation",),
    "displacement.personneed": ("person__organisation",),
    "displacement.casualty": ("incident__organisation",),
    "displacement.casualtysource": ("casualty__incident__organisation",),
    "displacement.casualtystep": ("casualty__incident__organisation",),
    "displacement.merge": ("kept__organisation",),
    "exchange.agreement": ("giving",),
    "exchange.message": ("endpoint__organisation",),
    "shelters.stay": ("person__organisation",),
    "shelters.shelterstate": ("shelter__organisation",),
    "shelters.protectedplace": ("shelter__organisation",),
    "shelters.headcount": ("shelter__organisation",),
    "shelters.room": ("shelter__organisation",),
    "roster.exportpart": ("export__organisation",),
    "intake.batchpart": ("batch__organisation",),
    "intake.stagedrow": ("batch__organisation",),
    "intake.finding": ("batch__organisation",),
    "intake.submission": ("form__organisation",),
}


def watched() -> list[Watched]:
    """Every table of ours, and how its rows lead to their organisation."""
    return [
        Watched(model, paths_of(model), model._meta.label_lower in TOLD)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in OURS and model._meta.managed and not model._meta.proxy
    ]


def paths_of(model: type[models.Model]) -> Paths:
    """The lookups from its rows to their organisation; none where they belong to nobody in particular."""
    return _PATHS.get(model._meta.label_lower, _own(model))


def _own(model: type[models.Model]) -> Paths:
    names = {field.name for field in model._meta.concrete_fields}
    return ("organisation",) if "organisation" in names else ()


def is_halfway() -> bool:
    """Whether some migration of the project has not run: then triggers would name what is not there."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def unwatch(plan: list[Any] | None = None, **_options: Any) -> None:
    """Before tables are altered. Nothing where there is nothing to do."""
    if plan:
        watching.unwatch()


def watch(plan: list[Any] | None = None, **_options: Any) -> None:
    """After `migrate`: triggers for the tables as they are now, and a trace of what ran while there were none.

    Nothing where there was no plan at all, as after a flush, nor where tables are not yet what their models say.
    """
    if plan is None or is_halfway():
        return
    watching.watch(watched())
    if plan:
        watching.note_migrations(str(migration) for migration, _is_backward in plan)
