"""What the service does by itself: once when it starts, and then each night."""

import logging
import threading
from datetime import datetime, time, timedelta

from api.operations import privacy
from api.operations.office import Office
from data.acting import Deed, act

log = logging.getLogger("fahrten")

AT = time(3)  # nobody rides, and nobody plans; a guess


class Nights(threading.Thread):
    """Forgets what is too old. It ends with the process: half of a transaction is none."""

    def __init__(self, office: Office) -> None:
        super().__init__(name="nights", daemon=True)
        self._office = office
        self._ended = threading.Event()

    def run(self) -> None:
        """Forget, and wait for the next night."""
        act(Deed("service", "nightly"))
        while True:
            for work in (privacy.forget_withdrawn, privacy.forget_old):
                try:
                    work(self._office)
                except Exception as error:  # noqa: BLE001  (tomorrow is another night)
                    log.error("%s failed: %s", work.__name__, type(error).__name__)
            if self._ended.wait(until_night(self._office)):
                return

    def end(self) -> None:
        """Let the thread end as soon as it has nothing to do."""
        self._ended.set()


def until_night(office: Office) -> float:
    """Seconds until the next `AT` where the region of the settings is."""
    zone = office.zone(office.region())
    now = office.now().astimezone(zone)
    night = datetime.combine(now.date(), AT, tzinfo=zone)
    if night <= now:
        night = datetime.combine(now.date() + timedelta(days=1), AT, tzinfo=zone)
    # As moments: in two nights of the year there is an hour more or less until then.
    return night.timestamp() - now.timestamp()
