"""Which crew an installation has. A process has each of them once, however many ask for it."""

import importlib.util
import threading

from api.errors import SettingsError
from api.jobs.cluster import Cluster
from api.jobs.crew import Crew, Here
from api.jobs.pool import Pool
from api.settings import PREFIX, Settings

_CREWS: dict[str | int, Crew] = {}
_LOCK = threading.Lock()


def crew(settings: Settings) -> Crew:
    """
    Give the crew that the settings ask for.

    Raises
    ------
    SettingsError
        If they name a cluster, and what is needed for that is not installed.
    """
    which = settings.cluster or settings.workers
    with _LOCK:
        if which not in _CREWS:
            check(settings)
            _CREWS[which] = Cluster(which) if isinstance(which, str) else Pool(which)
        return _CREWS[which]


def crew_of_command(settings: Settings) -> Crew:
    """Give the crew of a command that plans one day: itself, unless there is a cluster."""
    return crew(settings) if settings.cluster else Here()


def check(settings: Settings) -> None:
    """Refuse a cluster if what is needed for it is not installed; raises as `crew` does."""
    if settings.cluster and importlib.util.find_spec("distributed") is None:
        msg = (
            f"{PREFIX}CLUSTER: Dafür fehlt Dask. Es kommt mit requirements/cluster.txt "
            "(docs/operations.md)."
        )
        raise SettingsError(msg)


def end() -> None:
    """Send everybody home."""
    with _LOCK:
        while _CREWS:
            _CREWS.popitem()[1].end()
