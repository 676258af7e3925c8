"""Copies of a PostgreSQL database by its own programs, which have to be installed."""

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo
from sqlalchemy import URL
from sqlalchemy.dialects.postgresql.psycopg import dialect

from data.archive import BackupError
from data.connecting import BUSY_SECONDS, WRITE_LOCK

_PLAIN = ("--no-owner", "--no-privileges")
# What belongs to the tables and does not go with them.
_DROPPED = tuple(
    f"DROP FUNCTION IF EXISTS public.{name}();\n"
    for name in ("audit_stays", "audit_anchor_stays", "plans_published_stay", "ticks_stay")
)


def copy(url: URL, target: Path) -> tuple[str, dict[str, int]]:
    """
    Dump a database as it is at one moment.

    Returns
    -------
    tuple
        The revision of its schema ("" if it has none) and how many rows each table had then.

    Raises
    ------
    BackupError
        If it does not answer, or pg_dump is missing or refuses.
    """
    program = _program("pg_dump")
    with _asking(url) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        counted = _count(connection)
        revision = ""
        if counted.get("alembic_version"):
            found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            revision = str(found[0]) if found else ""
        exported = connection.execute("SELECT pg_export_snapshot()").fetchone()
        snapshot = str(exported[0]) if exported else ""
        _run(
            url,
            program,
            "--format=custom",
            *_PLAIN,
            f"--snapshot={snapshot}",
            f"--file={target}",
            f"--dbname={_place(url)}",
        )
    return revision, counted


def rows(url: URL) -> dict[str, int]:
    """How many rows each table has; empty if there are no tables."""
    with _asking(url) as connection:
        return _count(connection)


def try_out(url: URL, dump: Path, *, name: str) -> dict[str, int] | None:
    """
    Restore a dump into a database of its own, count its rows, and remove it.

    Returns ``None`` if the user may not make databases; the dump is then only read through.
    """
    program = _program("pg_restore")
    try:
        with _asking(url) as connection:
            made = sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name))
            connection.execute(made)
    except BackupError as error:
        if not isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege):
            raise
        _run(url, program, f"--file={os.devnull}", str(dump))
        return None
    side = url.set(database=name)
    try:
        _run(url, program, "--exit-on-error", *_PLAIN, f"--dbname={_place(side)}", str(dump))
        return rows(side)
    finally:
        with _asking(url) as connection:
            connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))


@contextmanager
def alone(url: URL) -> Iterator[None]:
    """
    Make sure that nobody else is connected, and that nobody who comes meanwhile can write.

    Raises
    ------
    BackupError
        If somebody is.
    """
    with _asking(url) as connection:
        connection.execute(f"SET lock_timeout = '{BUSY_SECONDS}s'".encode())
        connection.execute("SELECT pg_advisory_lock(%s)", [WRITE_LOCK])
        found = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        ).fetchone()
        if found and found[0]:
            msg = (
                f"Die Datenbank {url.render_as_string(hide_password=True)} wird gerade benutzt. "
                "Bitte erst den Dienst beenden (systemctl stop fahrten)."
            )
            raise BackupError(msg)
        yield


def replace(url: URL, dump: Path, *, tables: Iterable[str]) -> None:
    """Put a dump in the place of *tables*, in one transaction."""
    script, cleared = dump.with_name("script.sql"), dump.with_name("clear.sql")
    _run(url, _program("pg_restore"), *_PLAIN, f"--file={script}", str(dump))
    quoted = ", ".join('public."{}"'.format(name.replace('"', '""')) for name in tables)
    script_of = [f"DROP TABLE {quoted} CASCADE;\n" if quoted else "", *_DROPPED]
    cleared.write_text("".join(script_of), encoding="utf-8")
    _run(
        url,
        _program("psql"),
        "--no-psqlrc",
        "--quiet",
        "--set=ON_ERROR_STOP=1",
        "--single-transaction",
        f"--file={cleared}",
        f"--file={script}",
        f"--dbname={_place(url)}",
    )


def _count(connection: psycopg.Connection) -> dict[str, int]:
    names = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    ).fetchall()
    counted = {}
    for (name,) in names:
        asked = sql.SQL("SELECT count(*) FROM public.{}").format(sql.Identifier(name))
        found = connection.execute(asked).fetchone()
        counted[str(name)] = int(found[0]) if found else 0
    return counted


@contextmanager
def _asking(url: URL) -> Iterator[psycopg.Connection]:
    shown = url.render_as_string(hide_password=True)
    try:
        with psycopg.connect(make_conninfo(**_parameters(url)), autocommit=True) as connection:
            yield connection
    except psycopg.Error as error:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        msg = f"Die Datenbank {shown} ist nicht zu benutzen: {lines[0].rstrip('.')}."
        raise BackupError(msg) from error


def _parameters(url: URL) -> dict[str, str]:
    # SQLAlchemy leaves them untyped.
    _, named = dialect().create_connect_args(url)  # type: ignore[no-untyped-call]
    return {str(name): str(value) for name, value in named.items() if name != "context"}


def _place(url: URL) -> str:
    """Where the database is, without the password: every process can read a command line."""
    named: Mapping[str, str] = _parameters(url)
    return make_conninfo(**{name: value for name, value in named.items() if name != "password"})


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        msg = (
            f"Das Programm {name} fehlt. Es gehört zu PostgreSQL (apt install postgresql-client) "
            "und darf nicht älter sein als der Server."
        )
        raise BackupError(msg)
    return found


def _run(url: URL, program: str, *arguments: str) -> None:
    environment = {**os.environ, "LC_ALL": "C"}
    if url.password is not None:
        environment["PGPASSWORD"] = str(url.password)
    done = subprocess.run(  # noqa: S603  (a program of PostgreSQL, with arguments of ours)
        [program, *arguments], check=False, capture_output=True, env=environment
    )
    if done.returncode != 0:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        said = next((line for line in lines if "rror" in line), lines[0] if lines else "")
        name = Path(program).name
        msg = f"{name} ist gescheitert ({done.returncode}): {said[:300]}"
        raise BackupError(msg)
