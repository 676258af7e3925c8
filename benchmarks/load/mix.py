"""What people do at a board: nine of ten calls read, one books, and some of those are promised."""

import datetime as dt
import random
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from benchmarks.load.http import Answer, Client

V1 = "/api/v1"
# Of a hundred turns. Whoever opens a day reads its plan, its requests and its sheets; whoever
# takes a call searches while typing, books, and one time in three is given an offer.
READS = {
    "plan": 20,
    "requests": 25,
    "sheets": 10,
    "sheet": 10,
    "places": 10,
    "addresses": 10,
    "request": 5,
}
BOOKINGS = {"book": 7, "promise": 3}

_SEARCHES = ("Apoth", "MVZ", "Praxis", "Linden", "Talle", "Beispielstr 3", "Hohenh", "Dr")
_NAMES = ("Beispiel", "Muster", "Probe", "Versuch")
_TIMES = ("08:30", "09:00", "09:30", "10:00", "10:30", "11:00", "11:30")  # open on every day


@dataclass(frozen=True)
class Timed:
    """One call: what it was, how long it took (seconds), and what was wrong with it."""

    kind: str
    seconds: float
    fault: str = ""


@dataclass
class Log:
    """
    All that happened.

    *booked* are the requests that were acknowledged, by id, with the name that was sent;
    *promised* those of them to which a promise was acknowledged. *overtaken* counts offers that
    somebody else was faster to take: that is an answer, no error.
    """

    calls: list[Timed] = field(default_factory=list)
    booked: dict[str, str] = field(default_factory=dict)
    promised: list[str] = field(default_factory=list)
    overtaken: int = 0


@dataclass(frozen=True)
class World:
    """The days that people ask about, the first of them planned, and its shifts."""

    days: Sequence[dt.date]
    shifts: Sequence[str]
    known: Sequence[str]


class Person:
    """Somebody at a board, who does one thing after the other."""

    def __init__(self, client: Client, world: World, log: Log, *, seed: int) -> None:
        self._client = client
        self._world = world
        self._log = log
        self._dice = random.Random(seed)  # noqa: S311  (nothing is secret)
        self._turns: dict[str, Callable[[], Awaitable[None]]] = {
            "plan": lambda: self._read("plan", f"/days/{world.days[0]}/plan"),
            "requests": lambda: self._read("requests", f"/requests?date={self._day()}"),
            "sheets": lambda: self._read("sheets", f"/days/{world.days[0]}/manifests"),
            "sheet": lambda: self._read(
                "sheet", f"/days/{world.days[0]}/manifests/{self._dice.choice(world.shifts)}"
            ),
            "places": lambda: self._read("places", f"/places?q={self._word()}"),
            "addresses": lambda: self._read("addresses", f"/addresses?q={self._word()}"),
            "request": lambda: self._read("request", f"/requests/{self._request()}"),
            "book": self._book,
            "promise": self._promise,
        }

    async def work(self, until: float) -> None:
        """Do one thing after the other until a moment of the monotonic clock."""
        shares = {**READS, **BOOKINGS}
        while time.monotonic() < until:
            [kind] = self._dice.choices([*shares], [*shares.values()])
            await self._turns[kind]()

    async def _read(self, kind: str, path: str) -> None:
        await self._timed(kind, self._client.call("GET", V1 + path), good=(200,))

    async def _book(self) -> None:
        await self._new_request()

    async def _promise(self) -> None:
        """Book, ask what can be promised, and promise the best of it."""
        request = await self._new_request()
        if request is None:
            return
        asking = self._post(f"/requests/{request}/offers")
        offered = await self._timed("offers", asking, good=(200,))
        offers = offered.document["offers"] if offered else []
        if not offers:
            return
        # Somebody else may have been faster; then there are others to choose from.
        accepting = self._post(f"/offers/{offers[0]['id']}/accept")
        accepted = await self._timed("accept", accepting, good=(200, 409, 410))
        if accepted and accepted.status == 200:
            self._log.promised.append(request)
        elif accepted:
            self._log.overtaken += 1

    async def _new_request(self) -> str | None:
        name = f"{self._dice.choice(_NAMES)}, {uuid.uuid4().hex[:12]}"
        document = {
            "date": self._dice.choice(self._world.days[1:]).isoformat(),
            "name": name,
            "phone": "030 23125 103",
            "origin": f"Beispielstraße {self._dice.randint(1, 6)}, Talle",
            "destination": "MVZ Kalletal",
            "appointment": self._dice.choice(_TIMES),
            "way_back": "after_stay",
        }
        taken = await self._timed("book", self._post("/requests", document), good=(201,))
        if taken is None:
            return None
        request: str = taken.document["id"]
        self._log.booked[request] = name
        return request

    async def _post(self, path: str, document: object = None) -> Answer:
        key = str(uuid.uuid4())
        return await self._client.call("POST", V1 + path, document, **{"Idempotency-Key": key})

    async def _timed(
        self, kind: str, call: Awaitable[Answer], *, good: Sequence[int]
    ) -> Answer | None:
        begin = time.perf_counter()
        try:
            answer = await call
        except (OSError, ValueError) as error:
            self._log.calls.append(Timed(kind, time.perf_counter() - begin, repr(error)))
            raise
        fault = "" if answer.status in good else f"{answer.status} {answer.body[:300]!r}"
        self._log.calls.append(Timed(kind, time.perf_counter() - begin, fault))
        return None if fault else answer

    def _day(self) -> dt.date:
        # Half of what is read is about the next day, the rest about the weeks to come.
        first, every = self._world.days[0], self._world.days
        return first if self._dice.random() < 0.5 else self._dice.choice(every)

    def _request(self) -> str:
        return self._dice.choice(self._world.known)

    def _word(self) -> str:
        return quote(self._dice.choice(_SEARCHES))
