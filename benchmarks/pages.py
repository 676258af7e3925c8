"""
How heavy the pages are, and how soon they can be used, in real Chromium on the sample day.

    .venv/bin/python -m benchmarks.pages [--runs 5]

Bytes are what goes over the line on a first visit: compressed, headers included. A page can be
used when its scripts have run and, where it has one, the map is drawn.
"""

import argparse
import shutil
import socket
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, sync_playwright

from api.app import create_app
from api.operations.office import Office
from api.operations.sample_day import prepare_sample_day
from api.settings import Settings

EVENING_BEFORE = datetime(2027, 3, 1, 16, 5, tzinfo=UTC)
DAY, TOUR = "/tage/2027-03-02", "/fahrer/2027-03-02/vormittag"
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking")
SLOW = 400_000 / 8  # bytes in a second: a telephone in a valley
SLOW_LATENCY = 150  # milliseconds
_READY = """() => {
  const map = document.getElementById("karte");
  return document.readyState === "complete" && (!map || map.dataset.ready === "ja");
}"""


@dataclass(frozen=True)
class Load:
    """One first visit."""

    requests: int
    bytes: int
    seconds: float


def visit(browser: Browser, address: str, *, slow: bool) -> Load:
    """Open a page in a browser that has never seen it."""
    with browser.new_context(service_workers="block") as context:
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        if slow:
            session.send(
                "Network.emulateNetworkConditions",
                {
                    "offline": False,
                    "latency": SLOW_LATENCY,
                    "downloadThroughput": SLOW,
                    "uploadThroughput": SLOW,
                },
            )
        sizes: list[float] = []
        session.on(
            "Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"])
        )
        begin = time.monotonic()
        answer = page.goto(address)
        page.wait_for_function(_READY)
        seconds = time.monotonic() - begin
        if answer is None or not answer.ok:
            message = f"{address} did not answer"
            raise RuntimeError(message)
        return Load(len(sizes), int(sum(sizes)), seconds)


@contextmanager
def served() -> Iterator[str]:
    """Serve the planned sample day from a folder of its own; gives the address."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(folder=Path(folder))
        office = Office(settings, clock=lambda: EVENING_BEFORE)
        prepare_sample_day(office, office.region("kalletal"))
        listener = socket.create_server(("127.0.0.1", 0))
        app = create_app(settings, office=office)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
            office.close()


def main() -> None:
    """Print a line of the ledger for each page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="visits of each page")
    runs: int = parser.parse_args().runs
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        parser.error("There is no Chromium.")
    pages = {"the day": DAY, "a call": "/anruf", "the driver's page": TOUR}
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        for name, path in pages.items():
            for slow in (False, True):
                loads = [visit(browser, address + path, slow=slow) for _ in range(runs)]
                seconds = statistics.median(load.seconds for load in loads)
                line = "400 kbit/s" if slow else "local"
                kilobytes = loads[0].bytes / 1000
                print(
                    f"| {name} | {line} | {loads[0].requests} | {kilobytes:.1f} | {seconds:.2f} |"
                )
        browser.close()


if __name__ == "__main__":
    main()
