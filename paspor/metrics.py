"""/metrics: numbers for Prometheus, of what stands in the database (queueing.wall.counts) and of
what the web servers count (paspor.kernel.counting).
"""

import hmac
import ipaddress
from collections.abc import Callable, Iterable, Iterator

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, generate_latest, multiprocess
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from paspor.kernel import broker, counting, ratelimit
from paspor.kernel.metrics import folder
from paspor.kernel.problems import Unavailable
from queueing.wall import counts
from queueing.wall.counts import Question

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def page(request: HttpRequest) -> HttpResponse:
    """404 for whoever may not read it, as for an address that there is not."""
    if not may_read(request):
        return HttpResponse(status=404)
    return HttpResponse(b"".join(written()), content_type=CONTENT_TYPE)


def may_read(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return True
    address = ratelimit.address_of(request)
    return bool(address) and any(
        ipaddress.ip_address(address) in ipaddress.ip_network(network)
        for network in settings.METRICS_NETWORKS
    )


def written() -> Iterator[bytes]:
    yield generate_latest(_counted())
    yield generate_latest(_State())


def _counted() -> CollectorRegistry:
    """Of all workers of this server; of this process alone where they do not count together."""
    if not folder():
        return counting.REGISTRY
    together = CollectorRegistry()
    multiprocess.MultiProcessCollector(together, path=folder())
    return together


class _State(CollectorRegistry):
    def collect(self) -> Iterator[Metric]:
        yield from _database()
        yield _one("paspor_cache_up", "Whether the cache answers.", cache.answers())
        yield _one("paspor_broker_up", "Whether the broker answers.", broker.answers())
        waiting = broker.queue_length()
        if waiting is not None:
            yield _one("paspor_queue_length", "Tasks that wait for a worker.", waiting)


def _database() -> Iterator[Metric]:
    """Without it the other numbers are still told."""
    try:
        rows = counts.state()
    except (DatabaseError, Unavailable):
        rows = None
    yield _one("paspor_database_up", "Whether the database answers.", rows is not None)
    for question in counts.QUESTIONS if rows is not None else ():
        yield _family(question, rows[question.name])


def _family(question: Question, rows: Iterable[tuple[object, ...]]) -> Metric:
    kind: Callable[..., Metric] = CounterMetricFamily if question.counts_up else GaugeMetricFamily
    family = kind(question.name, question.description, labels=question.labels)
    for *labels, value in rows:
        family.add_metric([str(label) for label in labels], float(value))
    return family


def _one(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(name, told, value=float(value))
