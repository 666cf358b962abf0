"""The figures for screens: counted at most once a minute, whoever looks."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

import structlog
from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import get_language
from redis.exceptions import RedisError

from regions.models import Operation, Region
from reports.figures.count import figures_for as count_figures
from reports.figures.figure import Figure

#: How long a number on a screen may lag behind the register.
SECONDS = 60

_log = structlog.get_logger(__name__)


def figures_for(
    region: Region, *, as_of: datetime, known_at: datetime, operation: Operation | None = None
) -> list[Figure]:
    """The same figures as `count.figures_for`, from Valkey where somebody asked the same within the last minute.

    Screens that ask "now" share an answer, which may be a minute old; questions about the past get their own moments to
    the microsecond. Without Valkey the figures are counted: slower, never wrong. No queries where they are held.
    """
    name = operation.key if operation else ""
    key = f"figures:{region.key}:{name}:{_stamp(as_of)}:{_stamp(known_at)}:{get_language()}"
    held = _reach(lambda: cache.get(key))
    if held is not None:
        return cast(list[Figure], held)
    figures = count_figures(region, as_of=as_of, known_at=known_at, operation=operation)
    _reach(lambda: cache.set(key, figures, SECONDS))
    return figures


def _stamp(moment: datetime) -> str:
    """The moment as a part of a key; "now" is the same for everybody within one minute."""
    is_now = abs(timezone.now() - moment) < timedelta(seconds=SECONDS)
    return f"{moment.timestamp() // SECONDS:.0f}m" if is_now else f"{moment.timestamp():.6f}"


def _reach(ask: Callable[[], Any]) -> Any:
    """What Valkey answers; None where it is away."""
    try:
        return ask()
    except RedisError:
        _log.warning("figures_cache_away")
        return None
