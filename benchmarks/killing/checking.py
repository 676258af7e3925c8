"""What must hold after a process has died: nothing lost, nothing twice, everything solved."""

import time
from collections import Counter
from datetime import date
from typing import Any

import httpx2 as httpx

from benchmarks.killing.people import Noted

LONGEST_SECONDS = 300.0  # so long is waited at all, to tell how late something was


def check_requests(client: httpx.Client, noted: Noted) -> list[str]:
    """Find what was acknowledged and is not there as it was sent, or is there twice."""
    with noted.lock:
        acknowledged = dict(noted.requests)
    faults, kept = [], dict[str, str]()
    for day in {day for day, _ in acknowledged.values()}:
        listed: list[dict[str, Any]] = _get(client, f"/api/v1/requests?date={day}")
        kept |= {each["id"]: each["note"] for each in listed}
    for name, (_, mark) in acknowledged.items():
        if kept.get(name) != mark:
            faults.append(f"{name} was acknowledged and is lost")
    for mark, count in Counter(kept.values()).items():
        if count > 1:
            faults.append(f"{mark} was booked {count} times")
    return faults


def wait_for_solves(client: httpx.Client, noted: Noted, *, since: float) -> tuple[list[str], float]:
    """Wait until all that was asked for is solved; what was not, and how long it took."""
    with noted.lock:
        waiting = set(noted.solves)
    faults: list[str] = []
    while waiting and time.monotonic() - since < LONGEST_SECONDS:
        for name in sorted(waiting):
            told = _get(client, f"/api/v1/solves/{name}")
            if told["ended"] is None:
                continue
            waiting.discard(name)
            if told["state"] != "done" or told["version"] is None:
                faults.append(f"{name} ended as {told['state']}: {told['error']}")
        if waiting:
            time.sleep(0.1)
    faults += [f"{name} was asked for and is not solved" for name in sorted(waiting)]
    return faults, time.monotonic() - since


def check_plans(client: httpx.Client, noted: Noted) -> list[str]:
    """Find solves with more than one plan, and plans that are of no solve or of several."""
    with noted.lock:
        solves = dict(noted.solves)
    faults = []
    for day in set(solves.values()):
        told = [_get(client, f"/api/v1/solves/{s}") for s, of in solves.items() if of == day]
        made = Counter(each["version"] for each in told if each["version"] is not None)
        kept = _versions(client, day)
        if max(made.values(), default=0) > 1:
            faults.append(f"{day}: one version of several solves: {made}")
        if set(made) != set(kept) or len(kept) != len(set(kept)):
            faults.append(f"{day}: versions {kept}, solves made {sorted(made)}")
    return faults


def _versions(client: httpx.Client, day: date) -> list[int]:
    answer = client.get(f"/api/v1/days/{day}/versions")
    if answer.status_code == 404:
        return []
    return [each["version"] for each in answer.raise_for_status().json()]


def _get(client: httpx.Client, path: str) -> Any:
    return client.get(path).raise_for_status().json()
