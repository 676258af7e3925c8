"""Which crew an installation has. A process has each of them once, however many ask for it."""

import threading

from api.jobs.crew import Crew, Here
from api.jobs.pool import Pool
from api.settings import Settings

_CREWS: dict[int, Crew] = {}
_LOCK = threading.Lock()


def crew(settings: Settings) -> Crew:
    """Give the crew that the settings ask for."""
    with _LOCK:
        if settings.workers not in _CREWS:
            _CREWS[settings.workers] = Pool(settings.workers)
        return _CREWS[settings.workers]


def crew_of_command(settings: Settings) -> Crew:
    """Give the crew of a command that plans one day: itself."""
    del settings
    return Here()


def end() -> None:
    """Send everybody home."""
    with _LOCK:
        while _CREWS:
            _CREWS.popitem()[1].end()
