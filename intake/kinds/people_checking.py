"""What only the other rows of a list of people can tell: each check is one statement over all rows."""

from intake.kinds.kind import Checking
from intake.models.staging import Severity
from intake.slots import mark_sql

#: Rows with one household number; more are a column that means something else.
LARGEST_HOUSEHOLD = 200
#: What a household has once, so that its rows should agree.
_OF_HOUSEHOLD = ("registered_in", "registered_on", "phone", "language")


def check_rows(checking: Checking) -> None:
    """Households whose rows contradict each other, doubled references, unknown needs, journeys without a beginning."""
    told = set(checking.batch.columns.values())
    if "household" in told:
        _check_households(checking, told)
    if "reference" in told:
        _check_references(checking)
    if "needs" in told:
        _check_needs(checking)
    s = checking.slot
    checking.find(
        "origin_unknown",
        "origin",
        Severity.WARNING,
        f"{s('origin')} = '' AND ({s('left_on')} <> '' OR {s('arrived_on')} <> '')",
    )


def _check_households(checking: Checking, told: set[str]) -> None:
    s = checking.slot
    sizes = (
        "JOIN (SELECT h.lead, count(*) AS members,"
        f" max(nullif({s('people', 'h')}, '')::int) AS declared, bool_or({s('counted', 'h')} <> '') AS is_counted"
        " FROM intake_stagedrow h WHERE h.batch_id = %(batch)s GROUP BY h.lead) size ON size.lead = s.lead"
    )
    checking.find(
        "household_too_large",
        "household",
        Severity.ERROR,
        f"size.members > {LARGEST_HOUSEHOLD}",
        source=sizes,
    )
    if "people" in told:
        checking.find(
            "counts_differ",
            "people",
            Severity.WARNING,
            "s.number = s.lead AND NOT size.is_counted AND size.declared <> size.members",
            source=sizes,
        )
    for name in _OF_HOUSEHOLD:
        if name in told:
            mine, first = s(name), s(name, "f")
            if name == "phone":
                mine, first = mark_sql(mine), mark_sql(first)
            checking.find(
                "household_disagrees",
                name,
                Severity.WARNING,
                f"s.number <> s.lead AND {mine} <> '' AND {first} <> '' AND {mine} <> {first}",
                source="JOIN intake_stagedrow f ON f.batch_id = s.batch_id AND f.number = s.lead",
                other="s.lead",
            )


def _check_references(checking: Checking) -> None:
    """The first row with a person's number is taken, the others are refused."""
    s = checking.slot
    checking.find(
        "reference_twice",
        "reference",
        Severity.ERROR,
        "s.number > twice.first",
        source=(
            f"JOIN (SELECT {s('reference', 'r')} AS reference, min(r.number) AS first FROM intake_stagedrow r"
            f" WHERE r.batch_id = %(batch)s AND {s('reference', 'r')} <> '' GROUP BY 1 HAVING count(*) > 1) twice"
            f" ON twice.reference = {s('reference')}"
        ),
        other="twice.first",
    )


def _check_needs(checking: Checking) -> None:
    needs = checking.slot("needs")
    checking.find(
        "unknown_need",
        "needs",
        Severity.ERROR,
        f"{needs} <> '' AND EXISTS (SELECT 1 FROM unnest(string_to_array({needs}, ' ')) told(code)"
        " LEFT JOIN displacement_specificneed n ON n.code = told.code WHERE n.code IS NULL)",
    )
