"""Writing the audit: what was changed together with the change, what was read before it leaves."""

import datetime as dt
import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

import structlog
from sqlalchemy import Connection, Engine, select
from sqlalchemy.orm import Session

from data import audit
from data.acting import current_deed
from data.audit import Entry, Head
from data.heads import NotedHead
from data.journal import Journal, collecting
from data.keys import Keys, Vault, find_vault, vault
from data.tables import Sealing

log = logging.getLogger("fahrten")


@dataclass
class _Waiting:
    entry: Entry
    done: bool = field(default=False)
    fault: BaseException | None = field(default=None)


class Recorder:
    """
    Writes one row for each transaction in which something was touched.

    Readers who end at the same time share one write transaction: whoever comes to the lock first
    writes for all who wait, so that many readers cost little more than one.

    Parameters
    ----------
    engine
        Whose transactions take the write lock when they begin.
    keys
        Of the installation: one of them proves each row.
    clock
        Gives the present moment, with a time zone.
    noted
        Where the newest row is noted once it is on the disk.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        keys: Keys | None,
        clock: Callable[[], dt.datetime],
        noted: NotedHead | None = None,
    ) -> None:
        self._engine = engine
        self._keys = keys
        self._clock = clock
        self._noted = noted
        self._told: set[str] = set()
        self._turn = threading.Lock()
        self._queue: deque[_Waiting] = deque()
        self._writing: ContextVar[Journal | None] = ContextVar("writing", default=None)

    @contextmanager
    def reading(self) -> Iterator[Journal]:
        """
        Collect what is read in a block, and have it on the disk when the block is left.

        Within a block that writes, it goes into the row of that one.
        """
        joined = self._writing.get()
        if joined is not None:
            yield joined
            return
        journal = Journal()
        try:
            yield journal
        finally:
            self.record(journal.only_read())

    @contextmanager
    def writing(self) -> Iterator[Journal]:
        """
        Collect what is touched in a block, which has it written with `add`.

        If the block fails, nothing was changed, but something may have been read: the exception
        may carry it outside.
        """
        journal = Journal()
        token = self._writing.set(journal)
        try:
            with collecting(journal):
                yield journal
        except BaseException:
            self.record(journal.only_read())
            raise
        finally:
            self._writing.reset(token)

    def add(self, session: Session, journal: Journal) -> Head | None:
        """Write the row of what was touched, in the same transaction; `note` it after that."""
        session.flush()
        journal.settle()
        if not journal:
            return None
        return self._append(session.connection(), vault(session), [self._entry(journal)])

    def note(self, head: Head | None) -> None:
        """Note a row outside the database, now that it is on the disk."""
        if self._noted is None or head is None:
            return
        try:
            self._noted.note(head)
        except OSError as error:
            # The row is there, and whoever has called is told so.
            self._tell("the head of the audit cannot be noted: %s", type(error).__name__)

    def _append(self, connection: Connection, keys: Vault, entries: Sequence[Entry]) -> Head | None:
        """
        Write rows; ``None`` if their head is not to be noted.

        That is so where the row that was noted is gone: the note is what proves it.
        """
        last = audit.head(connection)
        noted = self._noted.read() if self._noted is not None else None
        whole = noted is None or noted == last or audit.has(connection, noted)
        head = audit.append(connection, keys, entries, last=last)
        if not whole:
            self._tell("the audit is not the one whose head was noted; see `fahrten audit verify`")
        return head if whole else None

    def _tell(self, what: str, *details: object) -> None:
        """Say something in the log once."""
        if what not in self._told:
            self._told.add(what)
            log.error(what, *details)

    def record(self, journal: Journal) -> None:
        """Write the row of what was read, in a transaction of its own or of several who read."""
        if not journal:
            return
        waiting = _Waiting(self._entry(journal))
        self._queue.append(waiting)
        with self._turn:
            if not waiting.done:
                self._write_all()
        if waiting.fault is not None:
            raise waiting.fault

    def _write_all(self) -> None:
        together = [self._queue.popleft() for _ in range(len(self._queue))]
        try:
            with self._engine.begin() as connection:
                # What was opened, was opened with this key; another process may have changed it.
                used = connection.scalar(select(Sealing.key))
                keys = find_vault(self._keys, used)
                head = self._append(connection, keys, [each.entry for each in together])
            self.note(head)
        except BaseException as fault:  # noqa: BLE001  (each who waits raises it)
            for each in together:
                each.fault = fault
        for each in together:
            each.done = True

    def _entry(self, journal: Journal) -> Entry:
        deed = current_deed()
        return Entry(
            at=self._clock(),
            region=journal.region,
            actor=deed.actor,
            action=deed.action,
            touched=journal.touched(),
            request_id=str(structlog.contextvars.get_contextvars().get("request_id", "")),
        )
