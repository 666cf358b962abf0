"""Processor seconds of this program and its session in PostgreSQL: what a work costs where others use the machine too."""

import os
import time
from pathlib import Path

from django.db import connection


def spent() -> float:
    """Processor seconds so far; those of the clock where PostgreSQL runs elsewhere. One query.

    A work of one step after the other takes no longer by the clock on an idle machine, but for waits on disks.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [backend] = cursor.fetchone()
    stat = Path(f"/proc/{backend}/stat")
    if not stat.exists() or b"postgres" not in stat.read_bytes():
        return time.perf_counter()
    return time.process_time() + of_process(backend)


def of_process(process: int) -> float:
    """Processor seconds that a process has had so far; 0 for one that is gone, or where the system does not tell."""
    told = _stat(process)
    return sum(map(int, told[11:13])) / os.sysconf("SC_CLK_TCK") if told else 0.0


def descendants(process: int) -> set[int]:
    """The process and all that it started, and they; of Linux alone."""
    parents = {
        int(each.name): int(told[1])
        for each in Path("/proc").glob("[0-9]*")
        if (told := _stat(int(each.name)))
    }
    found, new = {process}, {process}
    while new := {each for each, parent in parents.items() if parent in new} - found:
        found |= new
    return found


def _stat(process: int) -> list[str]:
    """What Linux tells of a process, from its state on; nothing of one that is gone."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return []
