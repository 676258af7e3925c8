"""The database: opening it safely, and bringing its schema up to date."""

import datetime as dt
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from data.compaction import compact
from data.connecting import make_engine, takes_changes
from data.heads import NotedHead
from data.held import Held
from data.journal import JOURNAL, Journal
from data.keys import KEYS, WRITES, Keys, vault
from data.recording import Recorder

MIGRATIONS = Path(__file__).with_name("migrations")


class NestedChangeError(RuntimeError):
    """A block that changes something stands within another one, whose lock it would wait for."""


class Store:
    """
    One database: SQLite, or PostgreSQL. Both behave the same.

    There is one writer at a time, and whoever reads sees the state of one moment. What holds for
    two people who change the same thing can then be said, and tested, once.

    Parameters
    ----------
    url
        As SQLAlchemy writes it, such as ``sqlite:///var/fahrten.sqlite3`` or
        ``postgresql+psycopg://fahrten@db/fahrten``. The folder of an SQLite file is made if it
        is missing.
    clock
        Gives the present moment, with a time zone: for the audit.
    noted
        Where the newest row of the audit is noted beside the database.
    """

    def __init__(
        self,
        url: str,
        *,
        keys: Keys | None = None,
        clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
        noted: NotedHead | None = None,
    ) -> None:
        self.keys = keys
        self.engine: Engine = make_engine(url)
        self._reader = self.engine
        if self.engine.dialect.name == "postgresql":
            self._reader = self.engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        self._writer = self.engine.execution_options(**{WRITES: True})
        self._recorder = Recorder(self._writer, keys=keys, clock=clock, noted=noted)
        self._held: ContextVar[Held | None] = ContextVar("held", default=None)
        self._inside: ContextVar[Session | None] = ContextVar("inside", default=None)
        # A command ends without a word; PostgreSQL is told all the same.
        weakref.finalize(self, self.engine.dispose)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """
        Look things up, all as they were at one moment; nothing is kept.

        If somebody's data was opened, that is written down when the block is left. Within another
        block it is that one which goes on: one call never needs two connections.
        """
        around = self._inside.get()
        if around is not None:
            yield around
            return
        held = self._held.get()
        with held.reading() if held else nullcontext() as joined:
            if joined is not None:
                with self._within(joined):
                    yield joined
                return
        with self._recorder.reading() as journal:
            info = {KEYS: self.keys, JOURNAL: journal}
            with (
                Session(self._reader, expire_on_commit=False, info=info) as session,
                self._within(session),
            ):
                yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """
        Change things: all of it is on the disk when the block is left, or none of it.

        The one write lock is taken at the beginning, so that two writers wait for each other
        instead of failing in the middle, and what one reads here nobody else changes meanwhile.
        What was touched is written down in the same transaction.

        Raises
        ------
        NestedChangeError
            Within another block.
        """
        if self._inside.get() is not None:
            msg = "What is changed here would wait for the block around it."
            raise NestedChangeError(msg)
        held = self._held.get()
        if held is not None:
            with held.writing() as session, self._within(session):
                yield session
            return
        with (
            self._recorder.writing() as journal,
            self._write_session(journal) as session,
            session.begin(),
            self._within(session),
        ):
            yield session
            head = self._recorder.add(session, journal)
        self._recorder.note(head)

    @contextmanager
    def _within(self, session: Session) -> Iterator[None]:
        """Let whoever looks something up meanwhile join in."""
        token = self._inside.set(session)
        try:
            yield
        finally:
            self._inside.reset(token)

    @contextmanager
    def copying(self) -> Iterator[Session]:
        """Write rows as they were elsewhere, with their audit; that is no change of anything."""
        with self._write_session(Journal()) as session, session.begin():
            yield session

    @contextmanager
    def holding(self, first: Callable[[Session], None]) -> Iterator[Held]:
        """
        Keep the last change back until it is known what belongs to it (`data.held`).

        That holds for all that this thread does in the block. When it is left, everything is on
        the disk, whether something was added or not.
        """
        info = {KEYS: self.keys, WRITES: True}
        held = Held(self._writer, first, info=info, recorder=self._recorder)
        token = self._held.set(held)
        try:
            yield held
        finally:
            self._held.reset(token)
            held.commit()

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """
        Keep no change of the block back, although it is within one of `holding`.

        For what belongs to no answer, such as how far a long work is.
        """
        token = self._held.set(None)
        try:
            yield
        finally:
            self._held.reset(token)

    def _write_session(self, journal: Journal) -> Session:
        info = {KEYS: self.keys, WRITES: True, JOURNAL: journal}
        return Session(self._writer, expire_on_commit=False, info=info)

    def upgrade(self) -> bool:
        """Bring the schema up to date; say whether anything was to be done."""
        if self.revision() == self.newest_revision():
            return False
        before = self.revision()
        config = _config()
        with self._migrating(config):
            command.upgrade(config, "head")
        if before is not None:
            compact(self.engine)  # what a migration has sealed is nowhere in clear any more
        return True

    def downgrade(self, revision: str) -> None:
        """Take the schema back to an earlier *revision*, "base" for an empty database."""
        config = _config()
        with self._migrating(config):
            command.downgrade(config, revision)

    @contextmanager
    def _migrating(self, config: Config) -> Iterator[None]:
        """
        Let Alembic work in one transaction.

        SQLite changes a table by making it anew, and would delete what hangs on its rows:
        references are looked at before the commit instead, as
        https://www.sqlite.org/lang_altertable.html#otheralter says.
        """
        with self._writer.connect() as connection:
            sqlite = connection.dialect.name == "sqlite"
            driver = connection.connection.dbapi_connection
            if sqlite and driver is not None:
                driver.cursor().execute("PRAGMA foreign_keys=OFF")
            try:
                with connection.begin():
                    config.attributes["connection"] = connection
                    config.attributes["keys"] = self.keys
                    yield
                    if sqlite:
                        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                        assert not broken, broken  # noqa: S101  (a migration is wrong)
            finally:
                if sqlite and driver is not None:
                    driver.cursor().execute("PRAGMA foreign_keys=ON")

    def check_key(self) -> None:
        """
        Make sure that the people in this database can be read.

        Raises
        ------
        data.keys.KeyFaultError
            If the key is lost, or another one.
        """
        with self.reading() as session:
            vault(session)

    def revision(self) -> str | None:
        """The revision that the database has; ``None`` if it has none yet."""
        with self.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()

    @staticmethod
    def newest_revision() -> str | None:
        """The revision that this program needs."""
        return scripts().get_current_head()

    def answers(self) -> bool:
        """Whether the database can be asked and changed, with the schema that is needed."""
        return self.revision() == self.newest_revision() and takes_changes(self.engine)

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


@cache
def scripts() -> ScriptDirectory:
    """Every migration of the schema; each is a file that would be read again and again."""
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
