"""`fahrten serve`: a real process on a real port."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from tests.builders_commands import Fahrten


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def test_the_service_starts_answers_and_ends(tmp_path: Path) -> None:
    """A real process, asked over HTTP, ended by Ctrl+C."""
    port = free_port()
    environment = {**os.environ, "FAHRTEN_FOLDER": str(tmp_path)}
    command = [sys.executable, "-m", "api.start", "serve", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            while "Bereit" not in process.stderr.readline():
                assert process.poll() is None
            answer = _ask(f"http://127.0.0.1:{port}/api/v1/health")
        finally:
            process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
        assert process.wait(timeout=600) in {0, -signal.SIGINT, 130}

    assert answer["status"] == "ok"
    assert "Traceback" not in rest


def _ask(url: str) -> dict[str, Any]:
    for _ in range(100):
        try:
            with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310  (our own)
                document: dict[str, Any] = json.load(answer)
                return document
        except OSError:
            time.sleep(0.1)
    message = f"{url} does not answer."
    raise AssertionError(message)


def test_a_port_that_is_taken_is_told_in_one_line(fahrten: Fahrten) -> None:
    """Usually by an earlier start that still runs."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        run = fahrten("serve", "--port", str(taken.getsockname()[1]))

    assert run.code == 2
    assert "kann nicht gelauscht werden" in run.err
