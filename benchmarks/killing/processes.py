"""The service, its workers and a Dask cluster, as processes that can be killed and started anew."""

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx2 as httpx

START_SECONDS = 120.0


def free_port() -> int:
    """A port that nobody has."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def children(parent: int) -> list[int]:
    """Processes that solve for *parent*."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            above = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            command = (folder / "cmdline").read_bytes()
        except (OSError, ValueError):
            continue  # it has ended meanwhile
        if above == parent and b"spawn_main" in command:
            found.append(int(folder.name))
    return found


@dataclass
class Installation:
    """A service in *folder*, perhaps with a cluster; each part is a process of its own."""

    folder: Path
    database: str
    cluster: bool
    port: int = field(default_factory=free_port)
    scheduler_port: int = field(default_factory=free_port)
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start everything."""
        if self.cluster:
            self.start_cluster()
        self.start_web()

    def start_web(self) -> None:
        """Start the service, and wait until it answers."""
        settings = {
            "FOLDER": self.folder,
            "REGIONS": self.folder / "regions",
            "DATABASE": self.database,
            "CLUSTER": f"tcp://127.0.0.1:{self.scheduler_port}" if self.cluster else "",
            "LOG": "json",
        }
        environment = {**os.environ, **{f"FAHRTEN_{k}": str(v) for k, v in settings.items()}}
        command = [sys.executable, "-m", "api.start", "serve", "--port", str(self.port)]
        self._spawn("web", command, environment)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"{self.url}/healthz", timeout=2).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        raise TimeoutError((self.folder / "web.log").read_text())

    def start_cluster(self) -> None:
        """Start a scheduler and a worker, as their supervisor would."""
        dask = [sys.executable, "-m", "dask"]
        port = str(self.scheduler_port)
        scheduler = ["scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard"]
        self._spawn("scheduler", [*dask, *scheduler])
        self.start_worker()

    def start_worker(self) -> None:
        """Start a worker of the cluster, without a nanny: killed, it is gone."""
        address = f"tcp://127.0.0.1:{self.scheduler_port}"
        worker = ["worker", address, "--nthreads", "1", "--no-dashboard", "--no-nanny"]
        self._spawn("worker", [sys.executable, "-m", "dask", *worker])

    def kill(self, victim: str) -> bool:
        """Kill a part with `kill -9`, and start again what its supervisor would; say if it was."""
        if victim == "pool worker":
            alive = children(self.running["web"].pid)
            for pid in alive[:1]:
                os.kill(pid, signal.SIGKILL)
            return bool(alive)
        name = {"web": "web", "mid-commit": "web", "dask worker": "worker"}.get(victim, "scheduler")
        self.running[name].kill()
        self.running[name].wait()
        if name == "web":
            self.start_web()
        elif name == "worker":
            self.start_worker()
        else:
            self.running["worker"].kill()  # it would end by itself, and be started again
            self.running["worker"].wait()
            self.start_cluster()
        return True

    def end(self) -> None:
        """Kill everything."""
        for process in self.running.values():
            process.kill()
            process.wait()

    def _spawn(
        self, name: str, command: list[str], environment: dict[str, str] | None = None
    ) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                command, env=environment, stdout=log, stderr=log, cwd=Path.cwd()
            )
