"""A change that is kept back until something is known that belongs on the disk together with it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from data.journal import JOURNAL, Journal, collecting
from data.recording import Recorder


class Held:
    """
    The last change of one call, not yet on the disk, so that `finish` can add to it.

    Whoever reads or writes in the same call goes through here, and sees the change. Meanwhile
    nobody else can change anything: what comes between the change and `finish` must be short. A
    block that changed nothing, and one that another follows, are not kept back.

    Parameters
    ----------
    engine
        Whose transactions take the write lock when they begin.
    first
        Called at the beginning of each block, with the lock: it may refuse by an exception.
    info
        What every session is to know (`Session.info`).
    recorder
        Writes down what was touched, with the change.
    """

    def __init__(
        self,
        engine: Engine,
        first: Callable[[Session], None],
        *,
        info: dict[Any, Any],
        recorder: Recorder,
    ) -> None:
        self._engine = engine
        self._info = info
        self._first = first
        self._recorder = recorder
        self._journal = Journal()
        self._connection: Connection | None = None

    @contextmanager
    def reading(self) -> Iterator[Session | None]:
        """Look things up with the change in them; ``None`` if nothing is kept back."""
        if self._connection is None:
            yield None
            return
        with self._session(self._connection, join_transaction_mode="create_savepoint") as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Change things; an earlier change is on the disk before, this one only later."""
        self.commit()
        with self._recorder.writing() as self._journal:
            connection = self._engine.connect()
            try:
                connection.begin()
                changed = _watch(connection)
                with self._session(connection) as session, session.begin():
                    self._first(session)
                    yield session
            except BaseException:
                connection.close()
                raise
        self._connection = connection
        if not changed:
            self.commit()

    def finish(self, add: Callable[[Session], None]) -> None:
        """Put the change on the disk together with what *add* does, or neither."""
        if self._connection is None:
            with self.writing() as session:
                add(session)
        else:
            connection, self._connection = self._connection, None
            try:
                with (
                    collecting(self._journal),
                    self._session(connection) as session,
                    session.begin(),
                ):
                    add(session)
            except BaseException:
                connection.close()
                self._recorder.record(self._journal.only_read())
                raise
            self._connection = connection
        self.commit()

    def commit(self) -> None:
        """Put the change on the disk as it is, if there is one."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            with connection:
                with self._session(connection) as session, session.begin():
                    head = self._recorder.add(session, self._journal)
                connection.commit()
            self._recorder.note(head)

    def _session(self, connection: Connection, **options: Any) -> Session:
        info = {**self._info, JOURNAL: self._journal}
        return Session(connection, expire_on_commit=False, info=info, **options)


def _watch(connection: Connection) -> list[str]:
    """Collect the statements that change something."""
    changes: list[str] = []

    def note(
        _: Connection, cursor: Any, statement: str, __: object, context: Any, ___: object
    ) -> None:
        touched = (context.isupdate or context.isdelete) and cursor.rowcount > 0
        if context.isinsert or touched:
            changes.append(statement)

    event.listen(connection, "after_cursor_execute", note)
    return changes
