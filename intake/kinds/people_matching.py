"""Who of a list is in the file twice, or in the register already (docs/adr/0013-batches.md).

Certainly one and the same, and not registered again: the same partner's number; or the same names, exact birth date and sex,
with something of the household that agrees: its number, its telephone, another member who is found in the same household, or
patronymic and home region. Without that, people of one name and birth date are only likely the same: they are registered and
proposed as possible duplicates.
"""

from intake.kinds.kind import Checking, Pair, Span
from intake.models.staging import Severity
from intake.slots import mark_sql

#: Two sexes that do not contradict each other.
_SEX_AGREES = "({mine} = {theirs} OR {mine} = '' OR {theirs} = 'not_collected' OR {theirs} = 'not_answered')"


def match_within(checking: Checking) -> None:
    """People who stand in the file twice, each held against the first row of the same names, birth date and sex."""
    s = checking.slot

    def agrees(name: str) -> str:
        return f"({s(name)} <> '' AND {s(name)} = {s(name, 'f')})"

    phone, first = mark_sql(s("phone")), mark_sql(s("phone", "f"))
    same = (
        f"({phone} <> '' AND {phone} = {first})"
        f" OR (lower({s('patronymic')}) = lower({s('patronymic', 'f')}) AND {s('patronymic')} <> '' AND {agrees('origin')})"
    )
    for code, severity, grouped, where in (
        ("double_in_household", Severity.ERROR, "fingerprint, lead", "true"),
        ("double_in_file", Severity.ERROR, "fingerprint", f"s.lead <> f.lead AND ({same})"),
        ("in_two_households", Severity.WARNING, "fingerprint", "s.lead <> f.lead"),
    ):
        checking.find(
            code, "", severity, f"{_IS_OPEN} AND {where}", source=_first_of(grouped), other="f.number"
        )
        checking.grade()


_IS_OPEN = f"s.severity < {Severity.ERROR}"


def _first_of(grouped: str) -> str:
    """Beside each row `s` the first row `f` of those that are the same in these columns."""
    same = " AND ".join(f"twice.{name} = s.{name}" for name in grouped.split(", "))
    return (
        f"JOIN (SELECT {grouped}, min(number) AS number FROM intake_stagedrow WHERE batch_id = %(batch)s"
        f" AND fingerprint IS NOT NULL AND severity < {Severity.ERROR} GROUP BY {grouped} HAVING count(*) > 1) twice"
        f" ON {same} AND twice.number < s.number"
        " JOIN intake_stagedrow f ON f.batch_id = s.batch_id AND f.number = twice.number"
    )


def match_register(checking: Checking, span: Span | None) -> None:
    """Mark the rows of the span, or of all the batch, that are registered already, and those that are like somebody.

    Up to ten statements. What this batch has written itself is left out, so that the end does not depend on where chunks end.
    """
    told = set(checking.batch.columns.values())
    checking.grade()
    bounds = _bounds(span)
    if "reference" in told:
        _match_references(checking, {**bounds, "heading": checking.heading("reference")})
    if "birth_date" in told:
        _match_names(checking, {**bounds, "heading": ""})
    checking.run(_WITH_FAMILY, bounds)
    if "household" in told:
        _match_households(checking, {**bounds, "heading": checking.heading("household")})
    checking.grade()


def _bounds(span: Span | None) -> dict[str, object]:
    return {"after": span.after if span else 0, "last": span.last if span else 2**31 - 1}


_OPEN = (
    "s.batch_id = %(batch)s AND s.lead > %(after)s AND s.lead <= %(last)s"
    f" AND s.known_as IS NULL AND s.severity < {Severity.ERROR}"
)

#: Whoever is not registered yet of a family that is: they join its household.
_WITH_FAMILY = (
    "UPDATE intake_stagedrow s SET parent_id = known.household_id FROM ("
    "SELECT k.lead, min(p.household_id::text)::uuid AS household_id"
    " FROM intake_stagedrow k JOIN displacement_person p ON p.id = k.known_as"
    " WHERE k.batch_id = %(batch)s AND k.lead > %(after)s AND k.lead <= %(last)s AND k.known_as IS NOT NULL"
    f" GROUP BY k.lead HAVING count(DISTINCT p.household_id) = 1) known WHERE {_OPEN} AND s.lead = known.lead"
)


def _noted(code: str, severity: Severity, chosen: str) -> str:
    """A statement's tail that writes one finding for each row that `chosen` holds; never the same one twice."""
    return (
        ' INSERT INTO intake_finding (batch_id, row, "column", code, severity)'
        f" SELECT DISTINCT %(batch)s::uuid, c.number, %(heading)s, '{code}', {int(severity)} FROM {chosen} c"
        " WHERE NOT EXISTS (SELECT 1 FROM intake_finding o WHERE o.batch_id = %(batch)s AND o.row = c.number"
        f" AND o.code = '{code}')"
    )


def _match_references(checking: Checking, bounds: dict[str, object]) -> None:
    reference = checking.slot("reference")
    registered = (
        f"FROM intake_stagedrow s JOIN displacement_person p ON p.organisation_id = %(organisation)s"
        f" AND p.reference = {reference} AND p.reference <> '' AND p.voided_at IS NULL WHERE {_OPEN}"
    )
    other = "p.family_key <> s.keys[1] AND p.given_key <> s.keys[2]"
    checking.run(
        f"WITH c AS (SELECT s.number {registered} AND {other})"
        + _noted("reference_of_another", Severity.ERROR, "c"),
        bounds,
    )
    checking.run(
        f"WITH r AS (SELECT s.number, p.id {registered} AND NOT ({other})), c AS ({_mark('r')})"
        + _noted("registered_already", Severity.FINE, "c"),
        bounds,
    )


def _mark(chosen: str) -> str:
    return (
        f"UPDATE intake_stagedrow s SET known_as = {chosen}.id FROM {chosen}"
        f" WHERE s.batch_id = %(batch)s AND s.number = {chosen}.number RETURNING s.number"
    )


def _candidates(checking: Checking) -> str:
    """Rows beside registered people of the same names, exact birth date and sex; `is_certain` says who is the same."""
    s, ids = checking.slot, checking.own_ids()
    same_name = "lower(p.patronymic) = lower({0}) AND {0} <> ''".format(s("patronymic"))
    return (
        "SELECT s.number, s.record_id, p.id, "
        f"(h.reference <> '' AND h.reference = {s('household')})"
        f" OR coalesce(h.phone_index = nullif({mark_sql(s('phone'))}, '')::bigint, false)"
        f" OR ({same_name} AND {s('origin')} <> '' AND h.origin_id = nullif({s('origin')}, '')::int)"
        " OR count(*) OVER (PARTITION BY s.lead, p.household_id) > 1 AS is_certain"
        " FROM intake_stagedrow s JOIN displacement_person p"
        f" ON p.birth_date = nullif({s('born')}, '')::date AND p.birth_precision = 'day'"
        " AND p.family_key = s.keys[1] AND p.given_key = s.keys[2]"
        f" JOIN displacement_household h ON h.id = p.household_id WHERE {_OPEN} AND s.fingerprint IS NOT NULL"
        " AND p.organisation_id = %(organisation)s AND p.voided_at IS NULL AND p.merged_into_id IS NULL"
        f" AND p.id NOT BETWEEN '{ids[0]}' AND '{ids[1]}'"
        f" AND {_SEX_AGREES.format(mine=s('sex'), theirs='p.sex')}"
    )


def _match_names(checking: Checking, bounds: dict[str, object]) -> None:
    checking.run(
        f"WITH m AS MATERIALIZED ({_candidates(checking)}),"
        " r AS (SELECT DISTINCT ON (number) number, id FROM m WHERE is_certain ORDER BY number, id),"
        f" c AS ({_mark('r')})" + _noted("registered_already", Severity.FINE, "c"),
        bounds,
    )
    checking.run(
        f"WITH m AS MATERIALIZED ({_candidates(checking)})"
        + _noted("like_registered", Severity.WARNING, "m"),
        bounds,
    )


def _match_households(checking: Checking, bounds: dict[str, object]) -> None:
    """What a household number that is registered already means for the rows under it."""
    s = checking.slot
    named = "EXISTS (SELECT 1 FROM displacement_person p WHERE p.household_id = h.id AND p.voided_at IS NULL)"
    ids = checking.own_ids()
    # A household that this batch has written itself is not "registered already".
    registered = (
        "FROM intake_stagedrow s JOIN displacement_household h ON h.organisation_id = %(organisation)s"
        f" AND h.reference = {s('household')} AND h.reference <> '' AND h.voided_at IS NULL"
        f" AND h.id NOT BETWEEN '{ids[0]}' AND '{ids[1]}' WHERE {_OPEN}"
    )
    people = (
        "(SELECT sum(g.people) FROM displacement_householdgroup g"
        " WHERE g.household_id = h.id AND g.voided_at IS NULL)"
    )
    total = (
        f"(SELECT sum(nullif({s('counted', 'o')}, '')::int) FROM intake_stagedrow o"
        " WHERE o.batch_id = s.batch_id AND o.lead = s.lead)"
    )
    is_counted = f"{s('counted')} <> ''"
    checking.run(
        f"WITH r AS (SELECT s.number, h.id {registered} AND {is_counted} AND NOT {named} AND {people} = {total}),"
        f" c AS ({_mark('r')})" + _noted("household_counted", Severity.FINE, "c"),
        bounds,
    )
    for code, where in (
        ("counted_otherwise", f"NOT {named} AND {people} <> {total}"),
        ("named_already", named),
    ):
        checking.run(
            f"WITH c AS (SELECT s.number {registered} AND {is_counted} AND {where})"
            + _noted(code, Severity.ERROR, "c"),
            bounds,
        )
    checking.run(
        f"WITH r AS (SELECT s.number, h.id {registered} AND NOT ({is_counted}) AND NOT {named})"
        " UPDATE intake_stagedrow s SET parent_id = r.id FROM r WHERE s.batch_id = %(batch)s AND s.number = r.number",
        bounds,
    )
    checking.run(
        f"WITH c AS (SELECT s.number {registered} AND NOT ({is_counted}) AND {named} AND s.parent_id <> h.id)"
        + _noted("number_taken", Severity.WARNING, "c"),
        bounds,
    )


def likely_pairs(checking: Checking, span: Span) -> list[Pair]:
    """Pairs to propose once the span is written: like somebody registered, or like somebody in an earlier row."""
    told = set(checking.batch.columns.values())
    pairs: list[Pair] = []
    if "birth_date" not in told:
        return pairs
    found = checking.rows(f"SELECT m.record_id, m.id FROM ({_candidates(checking)}) m", _bounds(span))
    pairs.extend(Pair(first, second) for first, second in found)
    within = checking.rows(
        "SELECT s.record_id, o.record_id FROM intake_finding f"
        " JOIN intake_stagedrow s ON s.batch_id = f.batch_id AND s.number = f.row"
        " JOIN intake_stagedrow o ON o.batch_id = f.batch_id AND o.number = f.other_row"
        " WHERE f.batch_id = %(batch)s AND f.code = 'in_two_households'"
        " AND greatest(s.lead, o.lead) > %(after)s AND greatest(s.lead, o.lead) <= %(last)s",
        _bounds(span),
    )
    pairs.extend(Pair(first, second) for first, second in within)
    return pairs
