"""Who is who in the whole register at once: how long it takes, what it finds, and what a night with few new people costs.

IDENTITY_PEOPLE=20000 makes a quick run; the bars are those of a million.
"""

import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator

from benchmarks.database import own_database
from benchmarks.identity_register import Questions, load
from displacement.actions.searching import search
from displacement.models import PossibleDuplicate
from displacement.models.search import SearchedPerson

PEOPLE = int(os.environ.get("IDENTITY_PEOPLE", "1000000"))
#: Bar for all against all at a million, reading from PostgreSQL and writing to it included.
MOST_SECONDS = 360
#: So many people are new in a usual night.
NEW = 1_000


def lines() -> Iterator[str]:
    """`name  value  (bar)  n` in a database of its own."""
    with own_database():
        questions = load(PEOPLE)
        before = _memory()
        began, busy = time.perf_counter(), time.process_time()
        result = search(is_whole=True)
        took, busy = time.perf_counter() - began, time.process_time() - busy
        assert result is not None
        yield (
            f"all against all at {PEOPLE:,} people  {took:.0f} s  (at most {MOST_SECONDS} s)"
            f"  {busy:.0f} s of them at work in this process, {result.pairs_compared:,} pairs compared,"
            f" {result.pairs_found:,} found"
        )
        yield f"memory of it  {_memory() - before:.0f} MB  (no bar)"
        yield from _right(questions)
        SearchedPerson.objects.filter(pk__in=list(questions.humans)[:: max(1, PEOPLE // NEW)]).delete()
        began = time.perf_counter()
        result = search()
        assert result is not None
        yield (
            f"{result.people_searched:,} new people against {PEOPLE:,}  {time.perf_counter() - began:.1f} s  (no bar)"
            f"  {result.pairs_found:,} found"
        )


def _right(questions: Questions) -> Iterator[str]:
    """F1 over pairs, by the lowest probability that is taken for one person."""
    humans = questions.humans
    found = [
        (probability, humans[first] == humans[second])
        for first, second, probability in PossibleDuplicate.objects.values_list(
            "first_id", "second_id", "probability"
        ).iterator()
    ]
    truth = sum(n * (n - 1) // 2 for n in Counter(humans.values()).values())
    for threshold in (0.5, 0.7, 0.9, 0.95, 0.99):
        kept = [right for probability, right in found if probability >= threshold]
        precision, recall = sum(kept) / max(len(kept), 1), sum(kept) / truth
        f1 = 2 * sum(kept) / (len(kept) + truth)
        yield (
            f"duplicates at {PEOPLE:,} from probability {threshold} on  F1 {f1:.3f}  (no bar)"
            f"  precision {precision:.3f}, recall {recall:.3f}, n={truth:,}"
        )


def _memory() -> float:
    """The most that this process held so far, in MB (kilobytes on Linux, bytes on macOS)."""
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
