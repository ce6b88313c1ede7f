"""All numbers in Prometheus' text form."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from chengyun.operations.metrics import facts, folders, passing


class _Facts(Collector):
    def collect(self) -> Iterable[Metric]:
        return facts.metrics()


class _AllProcesses(Collector):
    def collect(self) -> Iterable[Metric]:
        found: Iterable[Metric] = MultiProcessCollector.merge(folders.files(), accumulate=True)  # type: ignore[no-untyped-call]
        return found


def text() -> bytes:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Facts())
    if folders.files():
        registry.register(_AllProcesses())
        return generate_latest(registry)
    return generate_latest(registry) + generate_latest(passing.REGISTRY)
