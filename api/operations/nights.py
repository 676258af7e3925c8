"""What the service does by itself: once when it starts, and then each night."""

import logging
import threading
from datetime import datetime, time, timedelta

from api.operations import forgetting
from api.operations.office import Office
from api.operations.series_making import make_everywhere
from data.acting import Deed, act

log = logging.getLogger("fahrten")

AT = time(3)  # nobody rides, and nobody plans; a guess
RETRY_SECONDS = 600.0  # after a failure; twice as long after each further one
_MOST_DOUBLED = 7  # which comes to a day


class Nights(threading.Thread):
    """
    Forgets what is too old, and makes the requests of series that have come near.

    What fails is tried again soon, not only in the next night.

    It ends with the process: half of a transaction is none.
    """

    def __init__(self, office: Office) -> None:
        super().__init__(name="nights", daemon=True)
        self._office = office
        self._ended = threading.Event()
        self._failures = 0

    def run(self) -> None:
        """Forget, make, and wait for the next night."""
        act(Deed("service", "nightly"))
        first = True
        while True:
            # In this order: nothing is made for whoever has withdrawn their consent.
            done = [self._forget(anew=not first), self._make()]
            self._failures = 0 if all(done) else self._failures + 1
            first = False
            if self._ended.wait(self._pause()):
                return

    def end(self) -> None:
        """Let the thread end as soon as it has nothing to do."""
        self._ended.set()

    def _forget(self, *, anew: bool) -> bool:
        """Forget; False if that has to be tried again."""
        try:
            return not forgetting.forget_old(self._office, anew=anew).failed
        except Exception as error:  # noqa: BLE001  (the service goes on, whatever happens)
            log.error("nothing could be forgotten: %s", type(error).__name__)
            return False

    def _make(self) -> bool:
        """Make requests of series; False if that has to be tried again."""
        try:
            make_everywhere(self._office)
        except Exception as error:  # noqa: BLE001  (the service goes on, whatever happens)
            log.error("not all series could be made: %s", type(error).__name__)
            return False
        return True

    def _pause(self) -> float:
        night = until_night(self._office)
        if not self._failures:
            return night
        return min(night, RETRY_SECONDS * 2.0 ** min(self._failures - 1, _MOST_DOUBLED))


def until_night(office: Office) -> float:
    """Seconds until the next `AT` where the region of the settings is."""
    zone = office.zone(office.filed())
    now = office.now().astimezone(zone)
    night = datetime.combine(now.date(), AT, tzinfo=zone)
    if night <= now:
        night = datetime.combine(now.date() + timedelta(days=1), AT, tzinfo=zone)
    # As moments: in two nights of the year there is an hour more or less until then.
    return night.timestamp() - now.timestamp()
