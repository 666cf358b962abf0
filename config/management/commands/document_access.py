"""`manage.py document_access`: write the reference page of who may see and do what, from the policy that the code asks."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from accounts.bounds import BOUNDS, EVERY
from accounts.budgets import HINTS_A_DAY, MOST_REVEALS_GRANTED, REVEALS_A_DAY
from accounts.fields import classes_of
from accounts.policy import (
    BOUND_TO_PURPOSE,
    EMERGENCY_ROLES,
    GRANTS,
    LONGEST_EMERGENCY_HOURS,
    MASKED,
    POLICY,
    USUAL_EMERGENCY_HOURS,
    WAITING,
    FieldClass,
    Reach,
    Role,
    Rule,
)
from accounts.routes import tables
from accounts.rows import REGIONS, acts_in_regions
from accounts.telling import TOLD_OF_EMERGENCIES
from config.row_security import OUTSIDE, walled

PAGE = Path(settings.BASE_DIR) / "docs" / "reference" / "access.md"
_HEAD = """# Who may see and do what

Written by `manage.py document_access` from `accounts/policy.py`, `accounts/field_classes.toml` and `accounts/routes.toml`;
change them there. The desk, the API and the generated tests ask the same tables. What is not listed is refused, for superusers
too: they are keepers of the service.
"""
_LEGEND = """**Whose.** *own*: of the organisation of the membership; *all*: of every organisation. Both end at the region of
the membership where the kind of record is bounded by a region. Where it is bounded by nothing, whoever has it sees all of it.

**Fields.** `open` columns are shown to whoever sees the record; the others by their class. `hidden` ones are shown to nobody.
A field that is not shown is left out of the API's answers and of the desk's pages, lists, filters, searches and orders.
"""
_WALL = """## The second wall

PostgreSQL itself keeps organisations and their regions apart in these tables
([organisations](../adr/0032-postgresql-keeps-organisations-apart.md),
[regions](../adr/0054-postgresql-keeps-regions-apart-by-the-same-lookups.md)). A request works as a role that owns nothing and
sees rows that lead to an organisation and a region in which the account works; of *all in the region* also those of every
organisation there, where a role above says *all*. Of several ways one is enough, where it does not say *and*. Where every
role of an account in an organisation is bound to one purpose it asks what the household answered last. It holds nobody to
acts: that is done above. What is hidden or masked comes out of the database
[veiled](../adr/0061-what-is-not-shown-comes-out-of-the-database-veiled.md).

| records | lead to organisation, region | all in the region |
|---|---|---|"""


class Command(BaseCommand):
    """One table for each role, the classes of fields, the addresses and the tasks."""

    help = "Write docs/reference/access.md from the policy."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to write."""
        parser.add_argument("--output", type=Path, default=PAGE)

    def handle(self, *_args: Any, output: Path, **_options: Any) -> None:
        """Write the page."""
        output.write_text(page(), encoding="utf-8")
        self.stdout.write(f"{len(POLICY)} roles written to {output.name}.")


def page() -> str:
    """The whole page, in English."""
    with translation.override("en"):
        parts = [
            _HEAD,
            _LEGEND,
            *_roles(),
            *_emergencies(),
            *_fields(),
            *_masks(),
            *_waits(),
            *_wall(),
            *_addresses(),
        ]
    return "\n".join(parts)


def _roles() -> Iterator[str]:
    for role, rules in POLICY.items():
        yield f"## {str(role.label).capitalize()}\n"
        yield "| records | bounded by | may | fields |\n|---|---|---|---|"
        yield from (_line(resource, rule) for resource, rule in sorted(rules.items()))
        granted = sorted(str(each.label) for each in GRANTS.get(role, ()))
        yield f"\nGives and takes the roles: {', '.join(granted)}.\n" if granted else ""


def _masks() -> Iterator[str]:
    yield "## Masked\n"
    yield "Lists, pages, matches and answers show these columns by a mask to everybody but partners' systems.\n"
    yield "| table | column | shown |\n|---|---|---|"
    for kind, columns in sorted(MASKED.items()):
        yield from (f"| `{kind}` | {name} | {mask} |" for name, mask in columns.items())
    yield "\nOne record is opened at a time, by whoever may `reveal` it, so many in a day:\n"
    yield from (f"- {role.label}: {most}" for role, most in REVEALS_A_DAY.items())
    yield f"\nAn administrator grants somebody up to {MOST_REVEALS_GRANTED} more for a day.\n"
    for role, purpose in BOUND_TO_PURPOSE.items():
        yield f"A {role.label} sees no household, and nobody in it, that answered no to `{purpose}` last.\n"
    yield "At the door somebody is told of so many persons in a day that another organisation knows somebody like them:\n"
    yield from (f"- {role.label}: {most}" for role, most in HINTS_A_DAY.items())
    yield ""


def _waits() -> Iterator[str]:
    yield "## Waiting\n"
    yield (
        "Only people of the organisation of a record see these columns before another one is filled in; a partner's system "
        "waits, too. Lists, searches and filters have them for nobody who sees records of others.\n"
    )
    yield "| kind of record | column | waits for |\n|---|---|---|"
    for kind, waiting in sorted(WAITING.items()):
        yield from (f"| `{kind}` | {name} | {waiting.until} |" for name in sorted(waiting.columns))
    yield ""


def _wall() -> Iterator[str]:
    yield _WALL
    for wall in walled():
        acts = ", ".join(acts_in_regions(wall.kind)) if wall.kind in REGIONS else ""
        ways = [", ".join(f"`{lookup}`" for lookup in way if lookup) for way in wall.ways]
        joined = (" *and* " if wall.kind in EVERY else " or ").join(ways)
        yield f"| `{wall.kind}` | {joined} | {acts or '-'} |"
    yield "\nNot behind it, though they tell of people:\n"
    yield from (f"- `{kind}`: {why}" for kind, why in sorted(OUTSIDE.items()))
    yield ""


def _line(resource: str, rule: Rule) -> str:
    whose = {Reach.OWN: "own", Reach.REGION: "all"}
    acts: dict[str, list[str]] = {}
    for action, reach in rule.actions.items():
        acts.setdefault(whose[reach], []).append(action)
    may = "; ".join(f"{kind}: {', '.join(actions)}" for kind, actions in sorted(acts.items()))
    bounds = ", ".join(sorted(BOUNDS.get(resource, ()))) or "-"
    there = frozenset(classes_of(resource).values()) - {FieldClass.HIDDEN}
    seen = [str(each) for each in FieldClass if each in rule.sees & there]
    fields = ", ".join(seen) if "view" in rule.actions and there else "-"
    return f"| `{resource}` | {bounds} | {may} | {fields} |"


def _emergencies() -> Iterator[str]:
    roles = ", ".join(str(role.label) for role in EMERGENCY_ROLES)
    told = ", ".join(str(role.label) for role in TOLD_OF_EMERGENCIES)
    who = ", ".join(str(r.label) for r in Role if "add" in _acts(r, "accounts.breakglass"))
    yield "## Emergency access\n"
    yield f"Taken by: {who}. Roles: {roles}.\n"
    yield f"{USUAL_EMERGENCY_HOURS} hours, {LONGEST_EMERGENCY_HOURS} at most; it ends by itself.\n"
    yield f"Told at once by mail, of the organisation: {told}.\n"


def _acts(role: Role, resource: str) -> frozenset[str]:
    rule = POLICY[role].get(resource)
    return frozenset(rule.actions) if rule else frozenset()


def _fields() -> Iterator[str]:
    yield "## Classes of fields\n"
    yield "| table | class | columns |\n|---|---|---|"
    for model in sorted(apps.get_models(), key=lambda each: each._meta.label_lower):
        classes = classes_of(model._meta.label_lower)
        for kind in FieldClass:
            columns = sorted(name for name, each in classes.items() if each is kind)
            if columns and kind is not FieldClass.OPEN:
                yield f"| `{model._meta.label_lower}` | {kind} | {', '.join(columns)} |"
    yield "\nEvery other column is open.\n"


def _addresses() -> Iterator[str]:
    told = tables()
    yield "## Addresses of the API\n\n| view | act | needs |\n|---|---|---|"
    for view, acts in told["api"].items():
        for act, entry in acts.items():
            if act != "resource":
                yield f"| {view} | {act} | {_needed(entry, acts['resource'])} |"
    for heading, table in (
        ("Pages", told["pages"]),
        ("Pages of the desk", told["desk"]["pages"]),
        ("Pages of every kind of record on the desk", told["desk"]["records"]),
        ("Pages of one kind of record", told["desk"]["named"]),
        ("Tasks", told["tasks"]),
    ):
        yield f"\n## {heading}\n\n| name | needs |\n|---|---|"
        yield from (
            f"| {name or '(any other address)'} | {_needed(entry)} |" for name, entry in table.items()
        )
    yield ""


def _needed(entry: Any, resource: str = "the record") -> str:
    if isinstance(entry, str):
        other, _colon, action = entry.rpartition(":")
        return f"{action} `{other or resource}`" if (other or "." in resource) else f"{action} {resource}"
    ((door, why),) = entry.items()
    return f"{door.replace('_', ' ')}: {why}"
