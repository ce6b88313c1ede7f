"""Requests as they pass. The label is the view's name, of which there is a fixed number; never an address."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram

REGISTRY = CollectorRegistry()
METHODS = frozenset({"GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"})
NOWHERE = "(nowhere)"

REQUESTS = Counter("chengyun_requests", "Answered requests", ["view", "method", "status"], registry=REGISTRY)
SECONDS = Histogram(
    "chengyun_request_seconds",
    "Time to answer",
    ["view"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=REGISTRY,
)
STATEMENTS = Histogram(
    "chengyun_request_statements",
    "SQL statements of a request",
    ["view"],
    buckets=(0, 2, 4, 8, 15, 30, 100),
    registry=REGISTRY,
)


def served(view: str, method: str, status: int, seconds: float, statements: int) -> None:
    view = view or NOWHERE
    REQUESTS.labels(view, method if method in METHODS else "other", str(status)).inc()
    SECONDS.labels(view).observe(seconds)
    STATEMENTS.labels(view).observe(statements)
