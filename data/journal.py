"""
What one transaction touches, collected while it runs: for the row of the audit (`data.audit`).

What is written is noticed by listening to SQLAlchemy, so that no way to write goes around it:
each row that a session inserts, changes or deletes, and each statement for many rows; of what is
sent to the database below that, at least the table. What is read is noted where a name or an
address is opened (`data.people`). Numbers and names of columns are collected, never what stands in
them.
"""

import datetime as dt
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from sqlalchemy import Connection, Engine, Table, event, select
from sqlalchemy import inspect as state_of
from sqlalchemy.orm import Mapper, ORMExecuteState, Session, object_session

from data.tables import Table as Mapped

JOURNAL: Final = "journal"  # in the info of a session
# Option of a statement whose change is none that anybody has to answer for.
APART: Final = "apart"

# The audit itself; the name of the key, whose change is seen in what is sealed anew; and what
# belongs to no passenger: a cache of addresses, and answers, which go by themselves, and how far
# a plan is, which changes each second. That an answer is kept or given again is noted in
# `data.answers`, who wants a day planned, or that stopped, in `data.solves`, and that somebody was
# not let in where that is said.
LEFT_OUT: Final = frozenset(
    {"audit", "audit_anchor", "sealing", "geocodes", "answers", "solves", "attempts"}
)

# How rows are called outside; of all others the number of the row will do.
_NAMED: Final = {
    "people": ("id", "p"),
    "homes": ("id", "home-"),
    "requests": ("id", "r"),
    "notes": ("request_id", "r"),
    "promises": ("request_id", "r"),
    "series": ("id", "s"),
    "series_dates": ("series_id", "s"),
    "imported": ("request_id", "r"),
    "offers": ("id", "o"),
    "standing_plans": ("date", ""),
    "shift_changes": ("date", ""),
    "place_changes": ("place", ""),
    "vehicle_changes": ("vehicle", ""),
    "accounts": ("id", "account:"),
    "memberships": ("account_id", "account:"),
    "sessions": ("id", "session:"),
    "tokens": ("id", "token:"),
}


# Whose rows tell of somebody: their names as above are those of no other table here.
_ABOUT_SOMEBODY: Final = frozenset({"people", "homes", "requests"})

_CHANGES: Final = re.compile(
    r"\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|REPLACE\s+INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)",
    re.IGNORECASE,
)


class Journal:
    """What was touched so far, by table."""

    def __init__(self) -> None:
        self._read: dict[str, set[str]] = defaultdict(set)
        self._searched: dict[str, int] = defaultdict(int)
        self._added: dict[str, set[str]] = defaultdict(set)
        self._changed: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._deleted: dict[str, set[str]] = defaultdict(set)
        self._refused: dict[str, set[str]] = defaultdict(set)
        self._written: set[str] = set()
        self._regions: set[str] = set()

    def __bool__(self) -> bool:
        written = self._added or self._changed or self._deleted
        return bool(self._read or self._searched or written or self._refused)

    @property
    def region(self) -> str:
        """The region of all of it; "" if it is of several, or of the whole installation."""
        return next(iter(self._regions)) if len(self._regions) == 1 else ""

    def read(self, table: str, name: str, *, region: str = "") -> None:
        """Note that a row was opened, for whoever asked."""
        self._read[table].add(name)
        met(table, name)
        self._note_region(region)

    def searched(self, table: str, rows: int, *, region: str) -> None:
        """Note that so many rows were looked through; those that are given out are read."""
        self._searched[table] += rows
        self._note_region(region)

    def added(self, table: str, name: str, *, region: str = "") -> None:
        """Note a new row."""
        self._added[table].add(name)
        met(table, name)
        self._note_region(region)

    def changed(self, table: str, name: str, columns: set[str], *, region: str = "") -> None:
        """Note that columns of a row were changed."""
        if name not in self._added[table]:
            self._changed[table][name] |= columns
        met(table, name)
        self._note_region(region)

    def deleted(self, table: str, name: str, *, region: str = "") -> None:
        """Note that a row is gone."""
        self._deleted[table].add(name)
        _MEETING.get(set()).discard(name)
        self._note_region(region)

    def refused(self, table: str, name: str, *, region: str = "") -> None:
        """Note that somebody wanted to come in, and was not let in."""
        self._refused[table].add(name)
        self._note_region(region)

    def wrote(self, table: str) -> None:
        """Note that a statement has changed a table, whoever has sent it."""
        self._written.add(table)

    def settle(self) -> None:
        """Of tables that were written to unnoticed, note that much."""
        ours = self._written & Mapped.metadata.tables.keys() - LEFT_OUT
        for table in ours:
            if not (self._added[table] or self._changed[table] or self._deleted[table]):
                self._changed[table]["*"] = set()

    def only_read(self) -> "Journal":
        """What remains of a transaction that was taken back: names may have been given out."""
        rest = Journal()
        rest._read, rest._searched = self._read, self._searched
        rest._regions = self._regions
        return rest

    def touched(self) -> str:
        """Write it as JSON, the same for the same."""
        document: dict[str, Any] = {
            kind: {table: sorted(names, key=_in_order) for table, names in rows.items() if names}
            for kind, rows in (
                ("read", self._read),
                ("added", self._added),
                ("deleted", self._deleted),
                ("refused", self._refused),
            )
        }
        document["searched"] = self._searched
        document["changed"] = {
            table: {name: sorted(columns) for name, columns in rows.items()}
            for table, rows in self._changed.items()
            if rows
        }
        filled = {kind: rows for kind, rows in document.items() if rows}
        return json.dumps(filled, sort_keys=True, separators=(",", ":"))

    def _note_region(self, region: str) -> None:
        if region:
            self._regions.add(region)


@contextmanager
def collecting(journal: Journal) -> Iterator[None]:
    """Let every statement of this call be noted in *journal*, in a block."""
    token = _COLLECTING.set(journal)
    try:
        yield
    finally:
        _COLLECTING.reset(token)


@contextmanager
def meeting() -> Iterator[set[str]]:
    """
    Collect whom a block is about, in however many transactions: "p12", "r17", "home-7".

    Whoever is gone by the end of it is none of them.
    """
    names = set[str]()
    token = _MEETING.set(names)
    try:
        yield names
    finally:
        _MEETING.reset(token)


def met(table: str, name: str) -> None:
    """Note for `meeting` that it is about a row, opened or not."""
    if table in _ABOUT_SOMEBODY:
        _MEETING.get(set()).add(name)


def journal_of(session: Session) -> Journal:
    """What this session has touched; `KeyError` if nobody would write it down."""
    journal: Journal = session.info[JOURNAL]
    return journal


_COLLECTING: ContextVar[Journal | None] = ContextVar("collecting", default=None)
_MEETING: ContextVar[set[str]] = ContextVar("meeting")


def _in_order(name: str) -> tuple[int, str]:
    return len(name), name


def _note_insert(_: Mapper[Any], __: Connection, target: Mapped) -> None:
    journal, table = _watched(target)
    if journal is not None:
        journal.added(table.name, _name_of(target, table), region=_region_of(target))
        _meet_owners(target)


def _note_update(mapper: Mapper[Any], _: Connection, target: Mapped) -> None:
    journal, table = _watched(target)
    if journal is None:
        return
    attributes = state_of(target).attrs
    columns = {
        each.key for each in mapper.column_attrs if attributes[each.key].history.has_changes()
    }
    if columns:
        journal.changed(table.name, _name_of(target, table), columns, region=_region_of(target))
        _meet_owners(target)


def _note_delete(_: Mapper[Any], __: Connection, target: Mapped) -> None:
    journal, table = _watched(target)
    if journal is not None:
        journal.deleted(table.name, _name_of(target, table), region=_region_of(target))


def _note_statement(state: ORMExecuteState) -> None:
    """See which rows a statement for many rows will meet, before it does."""
    journal: Journal | None = state.session.info.get(JOURNAL)
    if journal is None or not (state.is_insert or state.is_update or state.is_delete):
        return
    statement: Any = state.statement
    table: Table = statement.table
    if table.name in LEFT_OUT:
        return
    columns = set(map(_column, statement._values or ())) if state.is_update else set()
    if state.is_insert:
        journal.added(table.name, "*")  # which ones, only the database knows
        return
    key, prefix = _key_of(table)
    asked = select(table.c[key], *([table.c.region] if "region" in table.c else []))
    if statement.whereclause is not None:
        asked = asked.where(statement.whereclause)
    for value, *region in state.session.execute(asked).all():
        name = _name(prefix, value)
        if state.is_update:
            journal.changed(table.name, name, columns, region="".join(region))
        else:
            journal.deleted(table.name, name, region="".join(region))


def _note_below(
    _: Connection, cursor: Any, statement: str, __: object, context: Any, ___: object
) -> None:
    """See which table a statement has changed, also if no session knows of it."""
    journal = _COLLECTING.get()
    if journal is None or cursor.rowcount == 0 or context.execution_options.get(APART):
        return
    if match := _CHANGES.match(statement):
        journal.wrote(match[1])


def _meet_owners(target: Mapped) -> None:
    """Note of a row that belongs to a request or a person that it is about them."""
    for column, table in (("request_id", "requests"), ("person_id", "people")):
        number = getattr(target, column, None)
        if number is not None:
            met(table, f"{_NAMED[table][1]}{number}")


def _column(column: Any) -> str:
    return str(getattr(column, "key", column))


def _watched(target: Mapped) -> tuple[Journal | None, Table]:
    session = object_session(target)
    journal = session.info.get(JOURNAL) if session is not None else None
    table = target.__table__
    assert isinstance(table, Table)  # noqa: S101  (every one of ours is)
    return (None if table.name in LEFT_OUT else journal), table


def _key_of(table: Table) -> tuple[str, str]:
    return _NAMED.get(table.name) or (next(iter(table.primary_key)).name, "")


def _name_of(target: Mapped, table: Table) -> str:
    key, prefix = _key_of(table)
    return _name(prefix, getattr(target, key))


def _name(prefix: str, value: object) -> str:
    """A number or a date; anything else might say more than it should."""
    return f"{prefix}{value}" if isinstance(value, int | dt.date) else "*"


def _region_of(target: Mapped) -> str:
    return str(getattr(target, "region", ""))


event.listen(Mapped, "after_insert", _note_insert, propagate=True)
event.listen(Mapped, "after_update", _note_update, propagate=True)
event.listen(Mapped, "after_delete", _note_delete, propagate=True)
event.listen(Session, "do_orm_execute", _note_statement)
event.listen(Engine, "after_cursor_execute", _note_below)
