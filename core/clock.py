"""The one clock of several machines: PostgreSQL's."""

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """What time it is by the database, in UTC. One query.

    Whatever is due, leased or expired is decided by it, so that a worker whose own clock is hours off neither makes a report
    early nor takes a mail out of the hands of a worker that is still sending it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment
