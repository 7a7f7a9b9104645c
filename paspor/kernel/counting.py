"""What is counted of requests. Labels are names of routes, methods and codes, never values."""

from dataclasses import dataclass

from django.conf import settings
from prometheus_client import CollectorRegistry, Counter, Histogram

# Each process has its own; paspor.metrics adds up what they wrote.
REGISTRY = CollectorRegistry()
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

REQUEST_SECONDS = Histogram(
    "paspor_request_seconds",
    "How long requests took, by route.",
    ["method", "route"],
    buckets=SECONDS,
    registry=REGISTRY,
)
DATABASE_SECONDS = Histogram(
    "paspor_request_database_seconds",
    "How long requests waited for the database, by route.",
    ["route"],
    buckets=SECONDS,
    registry=REGISTRY,
)
RESPONSES = Counter(
    "paspor_responses",
    "Answers by route and status.",
    ["route", "status"],
    registry=REGISTRY,
)
REFUSALS = Counter(
    "paspor_refusals",
    "Refusals by their code, on pages and over the API.",
    ["code"],
    registry=REGISTRY,
)


@dataclass(frozen=True)
class Answered:
    """One request that is over."""

    method: str
    route: str
    status: int
    seconds: float
    database_seconds: float


def is_on() -> bool:
    return bool(settings.METRICS_TOKEN or settings.METRICS_NETWORKS)


def answered(request: Answered) -> None:
    if not is_on():
        return
    route = request.route or "unknown"
    REQUEST_SECONDS.labels(request.method, route).observe(request.seconds)
    DATABASE_SECONDS.labels(route).observe(request.database_seconds)
    RESPONSES.labels(route, str(request.status)).inc()


def refused(code: str) -> None:
    if is_on():
        REFUSALS.labels(code).inc()
