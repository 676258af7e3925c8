"""Move everything from one database to another, of either kind: how an installation grows."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Column, Connection, Integer, func, insert, select, text
from sqlalchemy import Table as SchemaTable
from sqlalchemy.orm import Session

from data import reaching
from data.errors import DataError
from data.keys import Keys
from data.tables import Table

_AT_ONCE = 500  # rows; plans have some hundred kilobytes each


class MoveError(DataError):
    """Nothing was moved; the message says why in German."""


@dataclass(frozen=True)
class Moved:
    """How many rows of each table were moved."""

    rows: Mapping[str, int]


def move(source_url: str, target_url: str, *, keys: Keys | None = None) -> Moved:
    """
    Copy every row into an empty database, in one transaction; the source stays as it is.

    Nobody may write to the source meanwhile: what comes later is not copied. People stay sealed
    with the same key; *keys* are for sources of before they were.

    Raises
    ------
    MoveError
        If the target is not empty, or has not got everything in the end.
    data.reaching.UnreachableDatabaseError
        If one of them does not answer.
    """
    source, target = (reaching.open_store(url, keys=keys) for url in (source_url, target_url))
    try:
        reaching.upgrade(source)
        reaching.upgrade(target)
        with source.reading() as there, target.copying() as here:
            if any(_count(here).values()):
                shown = target.engine.url.render_as_string(hide_password=True)
                msg = f"Die Datenbank {shown} ist nicht leer."
                raise MoveError(msg)
            for table in Table.metadata.sorted_tables:
                _copy(there, here, table)
            rows = _count(there)
            if _count(here) != rows:
                msg = "Es ist nicht alles angekommen; die neue Datenbank bleibt leer."
                raise MoveError(msg)
            for table in Table.metadata.sorted_tables:
                _go_on_counting(there.connection(), here.connection(), table)
    finally:
        source.close()
        target.close()
    return Moved(rows)


def _copy(there: Session, here: Session, table: SchemaTable) -> None:
    """Copy a table row by row, in the order of its key: rows may name earlier ones."""
    chosen = select(table).order_by(*table.primary_key)
    found = there.execute(chosen.execution_options(yield_per=_AT_ONCE))
    for part in found.mappings().partitions(_AT_ONCE):
        here.execute(insert(table), [dict(row) for row in part])


def _count(session: Session) -> dict[str, int]:
    return {
        table.name: session.execute(select(func.count()).select_from(table)).scalar_one()
        for table in Table.metadata.sorted_tables
    }


def _go_on_counting(there: Connection, here: Connection, table: SchemaTable) -> None:
    """Let numbers go on where they were: one that was told is never given to somebody else."""
    column = table.autoincrement_column
    if column is None or not isinstance(column.type, Integer):
        return
    last = _last(there, table, column)
    if here.dialect.name == "postgresql":
        named = {"table": table.name, "column": column.name, "last": max(last, 1)}
        here.execute(
            text("SELECT setval(pg_get_serial_sequence(:table, :column), :last, :called)"),
            {**named, "called": last > 0},
        )
    elif table.dialect_options["sqlite"]["autoincrement"] and last > 0:
        here.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
        here.execute(
            text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)"),
            {"name": table.name, "seq": last},
        )


def _last(connection: Connection, table: SchemaTable, column: Column[int]) -> int:
    """The highest number that was ever given."""
    highest = connection.execute(select(func.max(column))).scalar_one() or 0
    if connection.dialect.name == "postgresql":
        asked = text(
            "SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence(:table, :column)"
            "::regclass), 0)"
        )
        given = connection.execute(asked, {"table": table.name, "column": column.name})
    elif table.dialect_options["sqlite"]["autoincrement"]:
        asked = text("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = :name")
        given = connection.execute(asked, {"name": table.name})
    else:
        return int(highest)
    return max(int(highest), int(given.scalar_one() or 0))
