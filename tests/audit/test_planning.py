"""The trail stays cheap where statistics say nothing true, as of a long list that is on its way while the server looks at it.

A join with a table that looks empty is planned as one that reads it whole for each row: the movements of 121,000 people took a
quarter of an hour instead of seconds.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from audit.watching import Watched
from config.watched import watched

pytestmark = pytest.mark.django_db
LOOKING_UP = [each for each in watched() if any("__" in path for path in each.paths)]


def _steps(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", []):
        yield from _steps(below)


@pytest.mark.parametrize("each", LOOKING_UP, ids=[each.table for each in LOOKING_UP])
def test_the_organisation_of_a_row_is_looked_up_by_keys(each: Watched) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # as in the functions of the triggers
        cursor.execute(f"EXPLAIN (FORMAT JSON) SELECT {each.organisation_of('n')} FROM {each.table} n")
        [[[told]]] = cursor.fetchall()
    steps = list(_steps(told["Plan"]))
    assert not [step for step in steps if "Join" in step["Node Type"] or step["Node Type"] == "Nested Loop"]
    lookups = [step for step in steps if step.get("Parent Relationship") == "SubPlan"]
    assert len(lookups) == sum(path.count("__") for path in each.paths)
    for lookup in lookups:
        assert lookup["Node Type"] in ("Index Scan", "Index Only Scan"), lookup
        assert "Index Cond" in lookup, lookup
