"""Which incidents and victims of a list are on file already, set-wise."""

from intake.kinds.asking import Asking


def find_incidents(asking: Asking) -> None:
    """The incident on file: of the same organisation, moment, region, place and cause. One statement."""
    same = " AND ".join(f"i.{name} = {or_unknown(asking, name)}" for name in ("place", "cause"))
    asking.fill(
        "incident",
        "i.id::text",
        "displacement_incident i",
        f"i.voided_at IS NULL AND i.organisation_id = %(organisation)s AND {same}"
        f" AND i.region_id = nullif({asking.slot('region')}, '')::int"
        f" AND i.occurred_at = nullif({asking.slot('occurred_at')}, '')::timestamptz",
    )


def know(asking: Asking) -> None:
    """A victim of the same name and outcome in the same incident is on file. Names are compared as they were written."""
    asking.know(
        "c.id",
        "displacement_casualty c",
        f"c.incident_id = nullif({asking.slot('incident')}, '')::uuid AND c.voided_at IS NULL"
        f" AND c.outcome = {asking.slot('outcome')} AND c.victim_name <> ''"
        f" AND lower(c.victim_name) = lower({asking.slot('victim_name')})",
    )


def find_repeats(asking: Asking) -> None:
    """Two rows with one name are one victim; two without a name may be two."""
    same = ", ".join(
        asking.slot(name)
        for name in (
            "incident_key",
            "outcome",
            "name_key",
            "low",
            "high",
            "sex",
            "age",
            "civilian_status",
        )
    )
    for find, code, test in (
        (asking.refuse, "said_twice", "<>"),
        (asking.warn, "looks_the_same", "="),
    ):
        find(
            code,
            "outcome",
            f"s.number > first.number AND {asking.slot('name_key')} {test} ''",
            source=(
                f"JOIN (SELECT s.number AS own, min(s.number) OVER (PARTITION BY {same}) AS number"
                f" FROM intake_stagedrow s WHERE {asking.rows_asked}) first ON first.own = s.number"
            ),
            other="first.number",
        )


def or_unknown(asking: Asking, name: str) -> str:
    """The SQL for the slot, or for "unknown" where the row leaves it blank: as the register holds it."""
    return f"coalesce(nullif({asking.slot(name)}, ''), 'unknown')"
