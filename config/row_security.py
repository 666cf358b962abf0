"""Row-level security: which rows of which tables PostgreSQL shows to a request, made from the models after every `migrate`.

Requests work as a role that owns nothing (core/database_roles.py). What of the tables of people it sees and writes is decided
here by how a row leads to its organisation and region (accounts/bounds.py) and by the reach that the policy gives
(accounts/rows.py).
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from accounts.bounds import EVERY, WAYS, Way
from accounts.field_classes import telling_of_people
from accounts.policy import BOUND_TO_PURPOSE
from accounts.rows import BOUND, REGIONS, SHARED, TOLD, VIEW, WRITE, acts_in_regions
from config.row_conditions import in_place, in_regions
from config.row_roles import provide_roles
from config.watched import OURS, is_halfway, paths_of
from core.database_roles import DESK, EVERYWHERE, ORGANISATIONS, PLACES, SERVICE
from core.database_roles import REGIONS as REGIONS_SETTING
from core.told import TOLD as TOLD_COLUMNS

#: Tables that tell of people by a column and are not behind the wall, with the reason.
OUTSIDE = {
    "accounts.clientsecret": "digests, read before it is known who signs in",
    "accounts.clienttoken": "the same",
    "accounts.idempotencykey": "digests of an account's own requests, and ids",
    "accounts.user": "read before it is known who signs in; of colleagues, whom the policy bounds",
    "displacement.honeyrecord": "sealed ids, which auditors of every organisation open",
    "reports.delivery": "addresses of readers, bounded by regions and by no organisation",
    "reports.subscription": "the same",
    "shelters.shelter": "everybody who works in the region sees where there is a bed",
}
#: Tables without such a column that belong to people all the same.
BESIDES = ("displacement.casualtystep", "displacement.householdjoin", "intake.finding")
#: Tables of people that lie nowhere: of an organisation as a whole.
_NOWHERE = {"exchange.endpoint"}
#: What both roles may do with a table of the trail. Its triggers write the rest, as whoever owns it.
_TRAIL = {
    "audit_auditevent": "SELECT, INSERT",
    "audit_reading": "SELECT, INSERT",
    "audit_rowchange": "SELECT",
    "audit_seal": "SELECT",
    "django_migrations": "SELECT",
}
_STAY, _CASUALTY = "shelters.stay", "displacement.casualty"
_ROWS = "SELECT, INSERT, UPDATE, DELETE"
#: What an agreement in force shares with a partner's system; few sessions name a region of that, and the others do not ask.
_SHARED = f"(SELECT musterpoint_regions('{SHARED}')) IS NOT NULL AND musterpoint_is_shared({{column}})"
#: People whom a row names that its reader is shown: guests in one's own shelter, victims in one's own files.
_NAMED = "(SELECT true FROM musterpoint_named named WHERE named.person_id = {column} LIMIT 1)"
#: Rows of others that are seen besides, by conditions on a column.
_SEEN_BESIDES: dict[str, dict[str, str]] = {
    "displacement.person": {"id": _NAMED, "household_id": _SHARED},
    "displacement.household": {"id": _SHARED},
    "displacement.consent": {"household_id": _SHARED},
}

#: Households, and whom they answer for: where somebody works for one purpose alone, only those who did not say no to it last.
_ANSWERING = {"displacement.household": "id", "displacement.person": "household_id"}

#: Whether the session is told who the victim of a casualty `c` of an incident `i` was.
_VICTIM_TOLD = f"""(current_setting('role') <> '{DESK}' OR c.next_of_kin_informed_at IS NOT NULL
        OR i.organisation_id::text LIKE ANY(musterpoint_regions('displacement.casualty:{TOLD}')))"""

FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION musterpoint_organisations() RETURNS uuid[] LANGUAGE sql STABLE AS $$
    SELECT string_to_array(nullif(current_setting('{ORGANISATIONS}', true), ''), ',')::uuid[]
$$;
CREATE OR REPLACE FUNCTION musterpoint_places() RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT string_to_array(nullif(current_setting('{PLACES}', true), ''), ',')
$$;
CREATE OR REPLACE FUNCTION musterpoint_is_everywhere() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT current_setting('{EVERYWHERE}', true) = 'yes'
$$;
CREATE OR REPLACE FUNCTION musterpoint_regions(wanted text) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT array_agg(split_part(told, '|', 2) || '%')
    FROM unnest(string_to_array(nullif(current_setting('{REGIONS_SETTING}', true), ''), ',')) told
    WHERE split_part(told, '|', 1) = wanted
$$;
CREATE OR REPLACE FUNCTION musterpoint_victim_name(wanted uuid) RETURNS text LANGUAGE sql STABLE
SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT c.victim_name FROM displacement_casualty c JOIN displacement_incident i ON i.id = c.incident_id
    WHERE c.id = wanted AND {_VICTIM_TOLD}
$$;
CREATE OR REPLACE FUNCTION musterpoint_victim(wanted uuid) RETURNS uuid LANGUAGE sql STABLE
SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT c.person_id FROM displacement_casualty c JOIN displacement_incident i ON i.id = c.incident_id
    WHERE c.id = wanted AND {_VICTIM_TOLD}
$$;
CREATE OR REPLACE FUNCTION musterpoint_keep_victim() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF current_setting('role') = '{DESK}' AND musterpoint_victim(OLD.id) IS DISTINCT FROM OLD.person_id THEN
        RAISE EXCEPTION 'whoever is not told who a victim was cannot say that it was another';
    END IF;
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER displacement_casualty_victim BEFORE UPDATE ON displacement_casualty FOR EACH ROW
WHEN (OLD.person_id IS DISTINCT FROM NEW.person_id) EXECUTE FUNCTION musterpoint_keep_victim();
CREATE OR REPLACE FUNCTION musterpoint_refused(wanted uuid, asked text) RETURNS boolean LANGUAGE sql STABLE
SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT coalesce((
        SELECT NOT c.is_given FROM displacement_consent c
        WHERE c.household_id = wanted AND c.purpose = asked AND c.voided_at IS NULL
        ORDER BY c.occurred_at DESC, c.recorded_at DESC, c.id DESC LIMIT 1
    ), false)
$$;
CREATE OR REPLACE FUNCTION musterpoint_is_shared(wanted uuid) RETURNS boolean LANGUAGE sql STABLE
SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT EXISTS (
        SELECT FROM displacement_household h JOIN regions_region r ON r.id = h.registered_in_id
        JOIN exchange_agreement a ON a.giving_id = h.organisation_id
        WHERE h.id = wanted AND a.receiving_id = ANY(musterpoint_organisations())
        AND r.path LIKE ANY(musterpoint_regions('{SHARED}'))
        AND a.accepted_at IS NOT NULL AND a.ended_at IS NULL
        AND a.valid_from <= statement_timestamp() AND a.valid_until > statement_timestamp()
        AND (NOT EXISTS (SELECT FROM exchange_agreement_regions n WHERE n.agreement_id = a.id) OR EXISTS (
            SELECT FROM exchange_agreement_regions n JOIN regions_region t ON t.id = n.region_id
            WHERE n.agreement_id = a.id AND r.path LIKE t.path || '%'))
    ) AND (
        SELECT c.is_given FROM displacement_consent c
        WHERE c.household_id = wanted AND c.purpose = 'partners' AND c.voided_at IS NULL
        ORDER BY c.occurred_at DESC, c.recorded_at DESC, c.id DESC LIMIT 1
    )
$$;
"""


@dataclass(frozen=True, slots=True)
class Walled:
    """A table of people, and how its rows lead to organisations and regions."""

    model: type[models.Model]
    ways: tuple[Way, ...]

    @property
    def kind(self) -> str:
        """As the policy calls it."""
        return self.model._meta.label_lower

    @property
    def table(self) -> str:
        """Its name."""
        return self.model._meta.db_table

    def own(self) -> str:
        """The condition for rows of the organisations that the session names, where it names them."""
        joined = " AND " if self.kind in EVERY else " OR "
        return f"({joined.join(in_place(self.model, way) for way in self.ways)})"

    def within_regions(self, act: str) -> str:
        """The condition for rows of all organisations in the regions that the session names for the act."""
        return in_regions(self.model, self.ways[0].region, f"{self.kind}:{act}")


def _named() -> Iterator[str]:
    """The view of whom rows name, which the service owns: two policies that ask each other would be refused as endless.

    A function in its place would be started for each person who is not one's own.
    """
    stay, casualty = (Walled(apps.get_model(kind), WAYS[kind][:1]) for kind in (_STAY, _CASUALTY))
    yield "DROP FUNCTION IF EXISTS musterpoint_is_named(uuid)"
    yield (
        f"CREATE VIEW musterpoint_named AS SELECT person_id FROM {stay.table} WHERE {stay.own()}"
        f" UNION ALL SELECT person_id FROM {casualty.table}"
        f" WHERE {casualty.own()} OR (next_of_kin_informed_at IS NOT NULL AND {casualty.within_regions(VIEW)})"
    )
    yield f"ALTER VIEW musterpoint_named OWNER TO {SERVICE}"
    yield f"GRANT SELECT ON musterpoint_named TO {DESK}"


def walled() -> list[Walled]:
    """Every table of people. Raises LookupError for one that leads to no place: then nobody could say whose it is."""
    found = []
    for kind in sorted({*telling_of_people(), *BESIDES} - OUTSIDE.keys()):
        if kind.split(".")[0] not in OURS:
            continue
        model = apps.get_model(kind)
        ways = WAYS.get(kind) or tuple(Way(path, "") for path in paths_of(model) if kind in _NOWHERE)
        if not ways:
            raise LookupError(
                f"{kind} tells of people, and nothing says whose its rows are and where: name it in WAYS."
            )
        found.append(Walled(model, ways))
    return found


def _unless_refused(wall: Walled) -> str:
    """What narrows own rows where somebody works for one purpose alone. For others a statement looks once whether they do, by
    what PostgreSQL has built in: a function of ours would be started for each page.
    """
    column = _ANSWERING.get(wall.kind)
    if column is None:
        return ""
    table, found = wall.table, ""
    for purpose in sorted(set(BOUND_TO_PURPOSE.values())):
        told = f"{BOUND}:{purpose}"
        nobody = f"strpos(coalesce(current_setting('{REGIONS_SETTING}', true), ''), '{told}|') = 0"
        found += (
            f" AND ((SELECT {nobody})"
            f" OR {table}.\"organisation_id\"::text NOT LIKE ALL ((SELECT musterpoint_regions('{told}'))::text[])"
            f" OR NOT musterpoint_refused({table}.\"{column}\", '{purpose}'))"
        )
    return found


def _policies(wall: Walled) -> Iterator[str]:
    """One for each act, so that the cheap condition comes first: PostgreSQL orders several policies as it likes."""
    seen, written, table = [wall.own() + _unless_refused(wall)], [wall.own()], wall.table
    acts = acts_in_regions(wall.kind) if wall.kind in REGIONS else []
    if VIEW in acts:
        seen.append(wall.within_regions(VIEW))
    if WRITE in acts:
        written.append(wall.within_regions(WRITE))
    for column, condition in _SEEN_BESIDES.get(wall.kind, {}).items():
        seen.append(condition.format(column=f'{table}."{column}"'))
    using, check = f"USING ({' OR '.join(seen)})", f"({' OR '.join(written)})"
    yield f"CREATE POLICY desk_select ON {table} FOR SELECT TO {DESK} {using}"
    yield f"CREATE POLICY desk_insert ON {table} FOR INSERT TO {DESK} WITH CHECK {check}"
    yield f"CREATE POLICY desk_update ON {table} FOR UPDATE TO {DESK} USING {check} WITH CHECK {check}"
    yield f"CREATE POLICY desk_delete ON {table} FOR DELETE TO {DESK} USING {check}"


def _wall(wall: Walled) -> Iterator[str]:
    """The service owns the table, which is why the policies are not for it, and COPY works: it forces none on itself."""
    yield f"ALTER TABLE {wall.table} OWNER TO {SERVICE}"
    yield f"ALTER TABLE {wall.table} ENABLE ROW LEVEL SECURITY"
    yield from _policies(wall)


def _grants(tables: list[str], schema: str) -> Iterator[str]:
    """The roles write rows, and those of the trail are only ever added. Neither empties a table."""
    both = f"{DESK}, {SERVICE}"
    yield f"GRANT USAGE ON SCHEMA {schema} TO {both}"
    for table in tables:
        yield f"GRANT {_TRAIL.get(table, _ROWS)} ON {table} TO {both}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {both}"


def _narrow(wall: Walled) -> Iterator[str]:
    """Columns that a function tells are read through it alone: to requests the rest of the table is granted."""
    columns = wall.model._meta.concrete_fields
    read = [f'"{each.column}"' for each in columns if not isinstance(each, TOLD_COLUMNS)]
    if len(read) < len(columns):
        yield f"REVOKE SELECT ON {wall.table} FROM {DESK}"
        yield f"GRANT SELECT ({', '.join(read)}) ON {wall.table} TO {DESK}"


def raise_walls() -> bool:
    """Make policies, owners and rights as the models are now. False where all stands already; then three queries.

    Raises NoRoles where the roles are not there and this login may not make them.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        provide_roles()
        cursor.execute("SELECT quote_ident(current_schema())")
        schema = cursor.fetchone()[0]
        # What functions keep as their search path: a table that somebody makes for a session is never taken for ours.
        cursor.execute("SELECT set_config('search_path', %s, true)", [f"{schema}, pg_temp"])
        tables = sorted(connection.introspection.table_names(cursor))
        walls = walled()
        made = [FUNCTIONS, f"GRANT CREATE ON SCHEMA {schema} TO {SERVICE}"]
        made += [*_grants(tables, schema), *_named()]
        made += [statement for wall in walls for statement in _wall(wall)]
        made += [statement for wall in walls for statement in _narrow(wall)]
        version = hashlib.sha256("\n".join(made).encode()).hexdigest()
        cursor.execute("SELECT obj_description(to_regproc('musterpoint_organisations'))")
        if cursor.fetchone() == (version,) and not open_tables():
            return False
        lower_walls()
        cursor.execute(";\n".join([*made, f"COMMENT ON FUNCTION musterpoint_organisations() IS '{version}'"]))
    return True


def lower_walls() -> None:
    """Take policies and the view away while tables are altered, since they name columns that may be gone.

    Requests see nothing then.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('DROP POLICY %I ON %s', polname, polrelid::regclass) FROM pg_policy WHERE polname ~ '^desk_'"
        )
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)
        cursor.execute("DROP VIEW IF EXISTS musterpoint_named")


def open_tables() -> list[str]:
    """Tables of people that stand open: without row security or a policy, or not the service's own. One query."""
    wanted = {wall.table: len(list(_policies(wall))) for wall in walled()}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, count(p.oid) FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid"
            " WHERE c.relname = ANY(%s) AND c.relrowsecurity AND pg_get_userbyid(c.relowner) = %s GROUP BY 1",
            [list(wanted), SERVICE],
        )
        found = dict(cursor.fetchall())
    return sorted(table for table, policies in wanted.items() if found.get(table) != policies)


def lower(plan: list[Any] | None = None, **_options: Any) -> None:
    """Before tables are altered. Nothing where there is nothing to do."""
    if plan:
        lower_walls()


def rise(plan: list[Any] | None = None, **_options: Any) -> None:
    """After `migrate`, where tables are what their models say. Nothing where there was no plan at all, as after a flush."""
    if plan is not None and not is_halfway():
        raise_walls()
