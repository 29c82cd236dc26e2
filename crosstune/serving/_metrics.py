"""What a server counts, for Prometheus."""

from __future__ import annotations

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600)


class Metrics:
    """The metrics of one server."""

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        self.requests = Counter(
            "crosstune_requests", "Requests answered.", ("route", "status"), registry=registry
        )
        self.seconds = Histogram(
            "crosstune_request_seconds",
            "From the first byte to the answer.",
            ("route",),
            buckets=_SECONDS,
            registry=registry,
        )
        self.results = Counter(
            "crosstune_programs", "Programs run, by verdict.", ("language", "status"), registry=registry
        )
        self.cpu = Counter(
            "crosstune_program_cpu_seconds",
            "CPU time of programs and their builds.",
            ("language",),
            registry=registry,
        )
        self.refused = Counter(
            "crosstune_refused_programs", "Programs refused as too many wait.", registry=registry
        )
        self.abandoned = Counter(
            "crosstune_abandoned_programs",
            "Programs given up: the client went away, or the deadline passed.",
            registry=registry,
        )
        self.waiting = Gauge(
            "crosstune_waiting_programs", "Programs that wait for a worker.", registry=registry
        )
        self.running = Gauge("crosstune_running_programs", "Programs that have a worker.", registry=registry)
        self.workers = Gauge(
            "crosstune_workers", "Programs that can run at the same time.", registry=registry
        )

    def text(self) -> bytes:
        """All metrics in Prometheus' text format."""
        return generate_latest(self._registry)
