"""
Figures for Prometheus: how much, how long, how well. No label holds an id, a name or a date.

They are those of one process, from its start.
"""

import platform
from importlib.metadata import version
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    generate_latest,
)

from scheduler.plan import Plan

REGISTRY: Final = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

_ANSWER_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_SOLVE_SECONDS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640)
_GAPS = (0.0, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)

REQUESTS: Final = Counter(
    "fahrten_http_requests",
    "HTTP requests answered.",
    ["method", "route", "status"],
    registry=REGISTRY,
)
REQUEST_SECONDS: Final = Histogram(
    "fahrten_http_request_seconds",
    "From the first byte of a request to the last of its answer.",
    ["method", "route"],
    buckets=_ANSWER_SECONDS,
    registry=REGISTRY,
)
SOLVE_SECONDS: Final = Histogram(
    "fahrten_solve_seconds",
    "Planning a whole day; proven tells whether no plan can be better.",
    ["proven"],
    buckets=_SOLVE_SECONDS,
    registry=REGISTRY,
)
SOLVE_GAP: Final = Histogram(
    "fahrten_solve_gap_ratio",
    "How far above the optimum a plan can be at most, relative to its cost.",
    buckets=_GAPS,
    registry=REGISTRY,
)
UNSERVED: Final = Counter(
    "fahrten_solve_unserved_requests",
    "Requests that plans of whole days could not take.",
    registry=REGISTRY,
)
PLANS_KEPT: Final = Counter(
    "fahrten_plans_kept",
    "Versions of plans of whole days that were kept in the database.",
    registry=REGISTRY,
)
SOLVES: Final = Counter(
    "fahrten_solves",
    "Solves of whole days that came to an end here; given_back are done later, or elsewhere.",
    ["result"],
    registry=REGISTRY,
)
SOLVES_OPEN: Final = Gauge(
    "fahrten_solves_open",
    "Days of the whole installation that wait for a solve, or are being solved.",
    ["state"],
    registry=REGISTRY,
)
SOLVE_WAIT_SECONDS: Final = Histogram(
    "fahrten_solve_wait_seconds",
    "From when a day was asked for until a worker process took it.",
    buckets=_ANSWER_SECONDS,
    registry=REGISTRY,
)
OFFERS: Final = Counter(
    "fahrten_offers",
    "Searches for offers that found some or none; offers accepted or held.",
    ["result"],
    registry=REGISTRY,
)
OFFER_SECONDS: Final = Histogram(
    "fahrten_offer_seconds",
    "Finding offers, and taking one.",
    ["step"],
    buckets=_ANSWER_SECONDS,
    registry=REGISTRY,
)
EVENTS: Final = Counter(
    "fahrten_events_replanned",
    "Events of running days after which the rest of the day was planned anew.",
    ["kind"],
    registry=REGISTRY,
)
EVENT_SECONDS: Final = Histogram(
    "fahrten_event_seconds",
    "From an event to the next version of its day.",
    buckets=_ANSWER_SECONDS,
    registry=REGISTRY,
)
FORGOTTEN: Final = Gauge(
    "fahrten_forgotten_timestamp_seconds",
    "When everything that was too old was forgotten last, in seconds since 1970; 0: not yet.",
    registry=REGISTRY,
)
Info("fahrten_build", "The program that runs.", registry=REGISTRY).info(
    {"version": version("gesunde-fahrten"), "python": platform.python_version()}
)


def answered(*, method: str, route: str, status: int, seconds: float) -> None:
    """Count an answer; *route* is the template, never the path."""
    REQUESTS.labels(method, route, str(status)).inc()
    REQUEST_SECONDS.labels(method, route).observe(seconds)


def solved(plan: Plan, *, seconds: float) -> None:
    """Count a plan of a whole day."""
    SOLVE_SECONDS.labels("yes" if plan.proven else "no").observe(seconds)
    SOLVE_GAP.observe(plan.gap)
    UNSERVED.inc(len(plan.unserved))


def exposition() -> bytes:
    """Everything, as Prometheus reads it (text format 0.0.4)."""
    return generate_latest(REGISTRY)
