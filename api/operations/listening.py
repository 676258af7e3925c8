"""Follow a solve: its events as they happen, for as many listeners as there are."""

import asyncio
import time
from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool

from api.operations import solving
from api.operations.office import Office
from data.errors import NotKeptError
from data.region import Region
from data.solves import Solve

LOOK_SECONDS = 0.5  # between two looks at a row; how far it is changes each second
QUIET_SECONDS = 15.0  # so that nobody on the way takes a silent line for a dead one
_MOST = 100  # looks that are remembered


class Glances:
    """Looks at rows, once for all who want to know the same at the same time."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._looks: dict[tuple[str, str], tuple[float, asyncio.Task[Solve]]] = {}

    @property
    def ending(self) -> bool:
        """Whether the service ends."""
        runner = self._office.runner
        return runner is not None and runner.state == "off"

    async def look(self, region: Region, solve: str) -> Solve:
        """Read how far a solve is, or was a moment ago; `NotKeptError` if there is none."""
        key, now = (region.name, solve), time.monotonic()
        when, looking = self._looks.get(key, (0.0, None))
        if looking is None or now - when >= LOOK_SECONDS:
            looking = asyncio.create_task(
                run_in_threadpool(solving.read, self._office, region, solve)
            )
            if len(self._looks) >= _MOST:
                self._looks.clear()
            self._looks[key] = now, looking
        # Whoever leaves must not take the look away from the others.
        return await asyncio.shield(looking)


async def follow(
    glances: Glances, region: Region, solve: str, *, after: int | None
) -> AsyncIterator[Solve | None]:
    """
    Give a solve each time that something of it has changed since the step *after*, to its end.

    ``None`` comes when it has been quiet for a while. It also ends when the service does: whoever
    comes back then, with the step that they saw last, misses nothing.
    """
    quiet = time.monotonic()
    while not glances.ending:
        try:
            seen = await glances.look(region, solve)
        except NotKeptError:
            return
        if seen.step != after:
            after, quiet = seen.step, time.monotonic()
            yield seen
        elif time.monotonic() - quiet >= QUIET_SECONDS:
            quiet = time.monotonic()
            yield None
        if not seen.open:
            return
        await asyncio.sleep(LOOK_SECONDS)
