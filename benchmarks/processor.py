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
    ticks = stat.read_text().rsplit(")", 1)[1].split()[11:13]
    return time.process_time() + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
