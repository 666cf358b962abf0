"""Whether the process lives, and whether it can serve: for load balancers, compose and `manage.py up`."""

from collections.abc import Callable

from django.core.cache import cache
from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from config.starting import Unsafe, refuse_unsafe_database
from core.api.errors import RETRY_SECONDS

#: Filled once the tables were seen complete: they do not become older again while the process lives.
_complete: set[bool] = set()


@require_safe
def live(_request: HttpRequest) -> JsonResponse:
    """The process answers. It asks nothing else, so that a restart is never the answer to a database that is away."""
    return _answer({"status": "live"})


@require_safe
def ready(_request: HttpRequest) -> JsonResponse:
    """PostgreSQL and Valkey answer and the tables are as this version needs them; else 503 and a sentence each."""
    checks: dict[str, Callable[[], str]] = {"database": _database, "cache": _cache}
    problems = {name: words for name, check in checks.items() if (words := check())}
    if problems:
        return _answer({"status": "not ready", "problems": problems}, status=503)
    return _answer({"status": "ready"})


def _answer(body: dict[str, object], status: int = 200) -> JsonResponse:
    answer = JsonResponse(body, status=status, headers={"Cache-Control": "no-store"})
    if status == 503:
        answer["Retry-After"] = str(RETRY_SECONDS)
    return answer


def _database() -> str:
    """What is wrong with the database; empty where nothing is. One query, more until the tables were seen complete."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _complete:
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                return _("The tables are of an older version: run `manage.py migrate`.")
            refuse_unsafe_database()
            _complete.add(True)
    except Unsafe as error:
        return str(error)
    except DatabaseError:
        return _("PostgreSQL does not answer: start it, or look at DATABASE_URL.")
    return ""


def _cache() -> str:
    """What is wrong with Valkey; empty where nothing is."""
    try:
        cache.set("health", "1", timeout=10)
        if cache.get("health") == "1":
            return ""
    except (RedisError, OSError):
        pass
    return _("Valkey does not answer: start it, or look at REDIS_URL.")
