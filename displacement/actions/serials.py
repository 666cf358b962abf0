"""Serials behind registration numbers: one sequence for households and persons, never reused."""

from core.prepared import preparing


def next_serials(count: int) -> list[int]:
    """So many serials that nobody else holds, in rising order. One query, also for a hundred thousand.

    They are usually neighbours, but not surely: another registration may draw in between. Drawn serials of a registration
    that fails stay unused.
    """
    if count <= 0:
        return []
    with preparing() as cursor:
        cursor.execute(
            "SELECT nextval('displacement_registration_serial') FROM generate_series(1, %s) ORDER BY 1",
            [count],
        )
        return [int(serial) for (serial,) in cursor.fetchall()]
