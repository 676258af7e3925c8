"""People who book and have days planned while processes die, and who note what they were told."""

import random
import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import httpx2 as httpx

PAUSE_SECONDS = 0.25  # between two bookings of one person


@dataclass
class Noted:
    """What was acknowledged: requests with the mark in their note, and solves with their day."""

    requests: dict[str, tuple[date, str]] = field(default_factory=dict)
    solves: dict[str, date] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    refused: list[str] = field(default_factory=list)


class Person(threading.Thread):
    """Books, or has days planned, again and again; what got no answer is sent once more."""

    def __init__(
        self, url: str, days: list[date], noted: Noted, *, plans: bool, seed: int, seconds: float
    ) -> None:
        super().__init__(daemon=True)
        self.ended = threading.Event()
        self.paused = threading.Event()
        self.idle = threading.Event()
        self._url, self._days, self._noted = url, days, noted
        self._plans, self._seconds = plans, seconds
        self._dice = random.Random(seed)  # noqa: S311  (nobody's secret)

    def run(self) -> None:
        """Work until the end."""
        with httpx.Client(base_url=self._url, timeout=60) as client:
            while not self.ended.is_set():
                if self.paused.is_set():
                    self.idle.set()
                    time.sleep(0.05)
                    continue
                self.idle.clear()
                day = self._dice.choice(self._days)
                if self._plans:
                    self._plan(client, day)
                else:
                    self._book(client, day)
                time.sleep(PAUSE_SECONDS * self._dice.random() * (4 if self._plans else 1))

    def _book(self, client: httpx.Client, day: date) -> None:
        mark = uuid.uuid4().hex
        body = {
            "date": day.isoformat(),
            "name": "Beispiel, Erika",
            "phone": "030 23125 103",
            "origin": "Beispielstraße 3, Talle",
            "destination": "MVZ Kalletal",
            "appointment": f"{self._dice.randrange(9, 12):02}:{self._dice.randrange(60):02}",
            "stay_minutes": 45,
            "way_back": "after_stay",
            "note": mark,
        }
        told = self._send(client, "/api/v1/requests", body)
        if told is not None:
            with self._noted.lock:
                self._noted.requests[told["id"]] = day, mark

    def _plan(self, client: httpx.Client, day: date) -> None:
        told = self._send(client, f"/api/v1/days/{day}/solves", {"seconds": self._seconds})
        if told is not None:
            with self._noted.lock:
                self._noted.solves[told["id"]] = day

    def _send(self, client: httpx.Client, path: str, body: dict[str, Any]) -> Any:
        """Send under a key until there is an answer: whoever hears nothing tries again."""
        headers = {"Idempotency-Key": uuid.uuid4().hex}
        while not self.ended.is_set():
            try:
                answer = client.post(path, json=body, headers=headers)
            except httpx.TransportError:
                time.sleep(0.1)
                continue
            if answer.is_success:
                return answer.json()
            self._noted.refused.append(f"{answer.status_code} {path} {answer.text[:200]}")
            return None
        return None
