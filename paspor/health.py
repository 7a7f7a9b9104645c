"""/healthz: this process answers. /readyz: it can serve, so send it visitors. /metrics: numbers.

Answered before sessions, hosts and redirects are looked at: a balancer asks by the
machine's bare address, and asks most when things are broken.
"""

from collections.abc import Callable
from functools import cache

from django.core.cache import cache as shared_cache
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse

from paspor import metrics
from paspor.kernel import database


class HealthMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = PAGES.get(request.path_info)
        return self.get_response(request) if answer is None else answer(request)


def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


def ready(request: HttpRequest) -> JsonResponse:
    """503 without a database, with one that hangs, or with one that misses migrations of this code.

    A cache that is away makes the portal slower, not wrong, so it is only told.
    """
    state = _database()
    return JsonResponse(
        {
            "status": "ok" if state == "ok" else "not ready",
            "database": state,
            "cache": "ok" if shared_cache.answers() else "away",
        },
        status=200 if state == "ok" else 503,
        headers={"Cache-Control": "no-store"},
    )


PAGES = {"/healthz": live, "/readyz": ready, "/metrics": metrics.page}


def _database() -> str:
    if not database.answers():
        return "away"
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations")
            applied = set(cursor.fetchall())
    except DatabaseError:
        return "away"
    return "ok" if _migrations() <= applied else "not migrated"


@cache
def _migrations() -> frozenset[tuple[str, str]]:
    """All that this code brings along; read from the disk once."""
    return frozenset(MigrationLoader(None).disk_migrations)
