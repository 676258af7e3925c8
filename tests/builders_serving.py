"""`fahrten serve` as a real process, and a day on which a bus runs whenever the tests do."""

import datetime as dt
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from data.region_file import load_region

START_SECONDS = 600.0  # so long only something broken takes, however busy the machine is


@dataclass(frozen=True)
class Served:
    """A process that serves, and the file that its log goes to."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def client(self) -> httpx2.Client:
        """Somebody who asks it."""
        return httpx2.Client(base_url=self.url, timeout=START_SECONDS)

    def lines(self) -> list[dict[str, Any]]:
        """The log, each line as the JSON object that it has to be."""
        return [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it; return its exit code."""
        self.process.send_signal(how)
        return self.process.wait(timeout=START_SECONDS)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@contextmanager
def serving(folder: Path, **settings: str | Path | int) -> Iterator[Served]:
    """Serve an installation in *folder*; *settings* are named without their prefix."""
    port = free_port()
    own = {"folder": folder, "regions": folder / "regions", "seconds": 2, "log": "json", **settings}
    environment = {**os.environ, **{f"FAHRTEN_{k.upper()}": str(v) for k, v in own.items()}}
    command = [sys.executable, "-m", "api.start", "serve", "--port", str(port)]
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "stderr"
    with (
        log.open("wb") as stderr,
        subprocess.Popen(command, env=environment, stderr=stderr, stdout=stderr) as process,
    ):
        served = Served(f"http://127.0.0.1:{port}", process, log)
        try:
            _wait(served)
            yield served
        finally:
            if process.poll() is None:
                process.kill()


def _wait(served: Served) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert served.process.poll() is None, served.log.read_text("utf-8")
        try:
            if httpx2.get(f"{served.url}/healthz").status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.05)
    raise AssertionError(served.log.read_text("utf-8"))


def next_service_day() -> dt.date:
    """A day in a week or two on which there are shifts in Kalletal."""
    region = load_region("kalletal")
    today = dt.datetime.now(dt.UTC).date()
    days = (today + dt.timedelta(days=ahead) for ahead in range(7, 60))
    return next(day for day in days if region.shifts(day))
