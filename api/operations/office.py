"""What every operation works with: settings, database, regions and the clock, in one hand."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from api.errors import BusyError, SettingsError
from api.jobs import crews
from api.jobs.crew import Crew
from api.jobs.leases import Leases
from api.operations.memory import Memory
from api.operations.warming import Warming
from api.settings import Settings
from data import decisions, keeping, private, reaching
from data.connecting import database_files
from data.errors import NotKeptError
from data.keeping import KnownRegion
from data.keys import KeyFaultError
from data.reading import RegionError
from data.region import Region
from data.region_file import load_region, region_folders
from data.store import Store
from routing.matrix import Roads
from routing.units import HOUR
from scheduler.clock import Clock
from scheduler.day import Day

if TYPE_CHECKING:
    from api.jobs.runner import Runner
    from api.operations.foreseeing import Foreseen

log = logging.getLogger("fahrten")

REMEMBERED_DAYS = 32  # of 100 kB each; whoever works at a board looks at the same few


class Office:
    """
    One installation.

    Parameters
    ----------
    clock
        Gives the present moment, with a time zone.
    crew
        Whoever solves the days that are planned as a whole, from the settings.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        crew: Callable[[Settings], Crew] = crews.crew,
    ) -> None:
        self.settings = settings
        self.now = clock
        self.warming = Warming()
        self.locked = False  # whether there are accounts, as far as anybody has looked
        self.leases = Leases(lambda: self.store, clock)
        self.runner: Runner | None = None  # where solves are picked up
        self._choose_crew = crew
        self.days: Memory[Day] = Memory(REMEMBERED_DAYS)
        self.foreseen: Memory[Foreseen] = Memory(REMEMBERED_DAYS)
        self._lock = threading.Lock()
        self._loading = threading.Lock()
        self._opening = threading.Lock()
        self._store: Store | None = None
        self._regions: dict[str, tuple[Region, Roads]] = {}
        self._decided: dict[str, tuple[decisions.Stamp, Region]] = {}
        self._busy: set[tuple[str, date]] = set()
        self._booking: dict[tuple[str, date], threading.Lock] = {}

    @property
    def crew(self) -> Crew:
        """Whoever solves the days that are planned as a whole."""
        return self._choose_crew(self.settings)

    @property
    def store(self) -> Store:
        """
        The database, with its schema up to date.

        Raises
        ------
        SettingsError
            If the people in it cannot be read.
        """
        with self._opening:
            if self._store is None:
                self._store = self._open()
            return self._store

    def _open(self) -> Store:
        settings = self.settings
        store = reaching.open_store(
            settings.database_url, keys=settings.keys, clock=self.now, noted=settings.noted_head
        )
        for path in private.tighten([settings.folder, *database_files(settings.database_url)]):
            log.warning("closed to other users of this machine: %s", path)
        if reaching.upgrade(store):
            log.info("database schema is now at revision %s", store.newest_revision())
        try:
            store.check_key()
        except KeyFaultError as error:
            store.close()
            raise SettingsError(str(error)) from error
        return store

    def filed(self, name: str | None = None) -> Region:
        """
        Give a region as its files have it; without a name the one that the settings name.

        Raises
        ------
        NotKeptError
            If there is no such region.
        data.reading.RegionError
            If its files have mistakes.
        """
        return self._load(name or self.settings.region)[0]

    def region(self, name: str | None = None) -> Region:
        """
        Give a region as it is now: its files, and what was decided since (`data.decisions`).

        As long as nothing is decided, it is the same object. Raises as `filed` does.
        """
        filed = self.filed(name)
        with self.store.reading() as session:
            stamp = decisions.stamp(session, filed.name)
            with self._lock:
                known = self._decided.get(filed.name)
            if known is not None and known[0] == stamp:
                return known[1]
            # After its stamp: what is decided in between is read now, and once more later.
            region = decisions.apply(session, filed)
        with self._lock:
            self._decided[filed.name] = stamp, region
        return region

    def known(self, name: str | None = None) -> KnownRegion:
        """
        Give a region as `region` does; if its files cannot be read, what is remembered of it.

        Raises
        ------
        NotKeptError
            If there is no such region, and nothing of it is kept.
        """
        try:
            return self.region(name)
        except (RegionError, NotKeptError) as error:
            asked = name or self.settings.region
            with self.store.reading() as session:
                if asked not in keeping.kept_regions(session):
                    raise
                lost = keeping.recall(session, asked)
            log.error("region %s cannot be read (%s)", asked, type(error).__name__)
            return lost

    def roads(self, region: Region) -> Roads:
        """Give the roads of a region."""
        return self._load(region.name)[1]

    @staticmethod
    def zone(region: KnownRegion) -> ZoneInfo:
        """The time zone of a region."""
        return ZoneInfo(region.timezone)

    def local(self, region: KnownRegion) -> datetime:
        """The present moment on the clocks of a region, without a time zone, as it is printed."""
        return self.now().astimezone(self.zone(region)).replace(tzinfo=None)

    def today(self, region: KnownRegion) -> date:
        """Today's date in a region."""
        return self.local(region).date()

    def clock(self, region: Region, day: date) -> Clock:
        """The present moment on the clock of a service day; less than 0 before that day."""
        noon = datetime.combine(day, time(12), tzinfo=self.zone(region))
        return 12 * HOUR + int((self.now() - noon.astimezone(UTC)).total_seconds())

    @contextmanager
    def planning(self, region: Region, day: date) -> Iterator[None]:
        """
        Keep others from planning the same day meanwhile.

        Raises
        ------
        BusyError
            If somebody else is at it.
        """
        key = (region.name, day)
        with self._lock:
            if key in self._busy:
                msg = f"Der {day:%d.%m.%Y} wird gerade geplant. Bitte gleich noch einmal versuchen."
                raise BusyError(msg)
            self._busy.add(key)
        try:
            yield
        finally:
            with self._lock:
                self._busy.discard(key)

    def booking(self, region: Region, day: date) -> threading.Lock:
        """
        Let one after the other promise something on the same day.

        It spares work only: across processes, the version of the standing plan decides.
        """
        with self._lock:
            return self._booking.setdefault((region.name, day), threading.Lock())

    @property
    def busy(self) -> frozenset[tuple[str, date]]:
        """Regions and days that somebody in this process plans at the moment."""
        with self._lock:
            return frozenset(self._busy)

    def close(self) -> None:
        """Give the database back."""
        if self._store is not None:
            self._store.close()

    def _load(self, name: str) -> tuple[Region, Roads]:
        with self._loading:
            if name not in self._regions:
                folders = region_folders()
                if name not in folders:
                    msg = f"Eine Region „{name}“ gibt es nicht. Bekannt sind: {', '.join(folders)}."
                    raise NotKeptError(msg)
                region = load_region(name)
                self._regions[name] = (region, Roads(region.network))
            return self._regions[name]
