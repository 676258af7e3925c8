"""The load benchmark, shortly: nothing fails and nothing is lost. Nothing is timed here."""

import asyncio

import pytest

from benchmarks.load.__main__ import main
from benchmarks.load.http import Answer, BrokenOffError, Client
from benchmarks.load.mix import Log
from benchmarks.load.running import LostError, hello, read_back
from tests.builders_databases import BACKENDS


@pytest.mark.parametrize("database", BACKENDS)
def test_nothing_fails_and_nothing_is_lost(
    database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Eight clients for some seconds; the command says what it found and ends well."""
    code = main(["--database", database, "--clients", "8", "--seconds", "4", "--days", "3"])

    told = capsys.readouterr().out
    assert code == 0, told
    assert "all read back" in told
    assert told.splitlines()[-1].startswith("| 20")


def test_the_client_reads_what_a_server_answers() -> None:
    """A body, and the status of what is not there."""

    async def ask(url: str) -> list[Answer]:
        async with Client(url) as client:
            return [await client.call("GET", "/hello"), await client.call("GET", "/nothing")]

    with hello() as served:
        found, missing = asyncio.run(ask(served.url))

    assert (found.status, found.document) == (200, {"hello": "world"})
    assert missing.status == 404


def test_what_is_missing_at_the_end_is_found_out() -> None:
    """The server knows nothing of a request that the log calls booked."""
    with hello() as served, pytest.raises(LostError, match=r"1 acknowledged and lost: r17 \(404\)"):
        read_back(served.url, Log(booked={"r17": "Beispiel, Erika"}))


def test_a_connection_that_breaks_is_an_error() -> None:
    """The server ends in the middle of an answer."""

    async def half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
        writer.close()

    async def ask() -> None:
        server = await asyncio.start_server(half, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, Client(f"http://127.0.0.1:{port}") as client:
            await client.call("GET", "/")

    with pytest.raises(BrokenOffError):
        asyncio.run(ask())
