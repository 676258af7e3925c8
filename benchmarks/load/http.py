"""
A client that costs next to nothing: HTTP/1.1 on one connection that stays open.

Whoever measures a server on the same two cores must not spend half of them on the clients.
"""

import asyncio
import json
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

SECONDS = 120.0  # for one answer; more is an error


class BrokenOffError(ConnectionError):
    """The server closed the connection before the answer was there."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: bytes

    @property
    def document(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.body)


class Client:
    """One connection to a server; *headers* go along with every call."""

    def __init__(self, url: str, **headers: str) -> None:
        split = urlsplit(url)
        self._host, self._port = split.hostname or "", split.port or 80
        self._common = {"Host": split.netloc, "Accept": "application/json", **headers}

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._writer.close()

    async def call(self, method: str, path: str, document: object = None, **headers: str) -> Answer:
        """
        Ask once, and wait for the answer.

        Raises
        ------
        BrokenOffError
            If none came.
        """
        body = b"" if document is None else json.dumps(document).encode()
        named = {**self._common, **headers, "Content-Length": str(len(body))}
        if document is not None:
            named["Content-Type"] = "application/json"
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {text}" for name, text in named.items())]
        self._writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        return await asyncio.wait_for(self._answer(), SECONDS)

    async def _answer(self) -> Answer:
        try:
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            fields = dict(line.lower().split(": ", 1) for line in head[1:] if line)
            if "content-length" in fields:
                body = await self._reader.readexactly(int(fields["content-length"]))
            else:
                body = await self._pieces()
        except asyncio.IncompleteReadError as error:
            raise BrokenOffError from error
        return Answer(int(head[0].split()[1]), body)

    async def _pieces(self) -> bytes:
        body = b""
        while size := int(await self._reader.readline(), 16):
            body += await self._reader.readexactly(size)
            await self._reader.readline()
        await self._reader.readline()
        return body
