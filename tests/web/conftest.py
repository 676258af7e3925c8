"""A real server with the planned sample day, and a real browser that minds its manners."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from api.app import create_app
from api.operations.days import PlannedDay
from api.operations.office import Office
from api.operations.sample_day import prepare_sample_day
from api.settings import Settings
from scheduler.optimizer import warm_up
from tests.builders_api import make_office
from tests.builders_offers import Clock
from tests.builders_visits import visit

EVENING_BEFORE = datetime(2027, 3, 1, 16, 5, tzinfo=UTC)
HALF_PAST_NINE = datetime(2027, 3, 2, 8, 30, tzinfo=UTC)

# As in STACK.md: nothing that Chromium would fetch or report by itself.
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True)
class Site:
    """A server that runs, and what it has planned."""

    address: str
    planned: PlannedDay

    @property
    def day(self) -> date:
        """The sample day."""
        return self.planned.plan.date

    @property
    def shifts(self) -> list[str]:
        """Its shifts."""
        return [route.shift for route in self.planned.plan.routes]


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An installation of its own, on the evening before the sample day."""
    folder: Path = tmp_path_factory.mktemp("var")
    working = Office(Settings(folder=folder, seconds=6.0), clock=lambda: EVENING_BEFORE)
    yield working
    working.close()


@pytest.fixture(scope="session")
def planned(office: Office) -> PlannedDay:
    """The sample day of Kalletal, planned and kept."""
    warm_up()  # on a slow machine compiling would leave no time for planning
    day = prepare_sample_day(office, office.region("kalletal")).planned
    assert any(route.stops for route in day.plan.routes), "The sample day has a tour to show."
    return day


@contextmanager
def serving(office: Office, *, listener: socket.socket | None = None) -> Iterator[str]:
    """Serve on a free port of this machine, or where *listener* listens; gives the address."""
    listener = listener or socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    app = create_app(office.settings, office=office)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="session")
def site(office: Office, planned: PlannedDay) -> Iterator[Site]:
    """The sample day on its server."""
    with serving(office) as address:
        yield Site(address, planned)


# Not for the session: Playwright's event loop would go on in this thread, also under other tests.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    assert executable, "There is no Chromium; tests/run.py leaves these tests out then."
    expect.set_options(timeout=120_000)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        yield running
        running.close()


@dataclass
class Visitor:
    """A page, and everything that it did which a page of ours must not do."""

    page: Page
    address: str
    faults: list[str]

    def open(self, path: str, *, status: int = 200) -> Page:
        """Go to a page of the site and expect its status."""
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status == status
        if status >= 400:
            # Chromium reports the status of the page itself on the console.
            self.faults[:] = [each for each in self.faults if f"status of {status}" not in each]
        return self.page


def watch(context: BrowserContext, address: str) -> Visitor:
    """Open a page and note each foreign host, console error, and script error."""
    visitor = Visitor(context.new_page(), address, [])
    host = urlsplit(address).netloc
    context.on(
        "request",
        lambda request: (
            visitor.faults.append(f"foreign host: {request.url}")
            if urlsplit(request.url).netloc != host
            else None
        ),
    )
    visitor.page.on(
        "console",
        lambda message: (
            visitor.faults.append(f"console: {message.text}")
            if message.type in {"error", "warning"}
            else None
        ),
    )
    visitor.page.on("pageerror", lambda error: visitor.faults.append(f"script: {error}"))
    return visitor


def look(browser: Browser, site: Site, **how: Any) -> Iterator[Visitor]:
    """Whoever looks at the pages; faults fail the test at its end."""
    context = browser.new_context(locale="de-DE", **how)
    context.set_default_timeout(120_000)  # so long only something broken takes
    watched = watch(context, site.address)
    yield watched
    context.close()
    assert watched.faults == []


@pytest.fixture
def visitor(browser: Browser, site: Site) -> Iterator[Visitor]:
    """On a desk."""
    yield from look(browser, site, viewport={"width": 1280, "height": 900})


@pytest.fixture
def phone(browser: Browser, site: Site) -> Iterator[Visitor]:
    """On the narrowest screen that anybody has: 320 px."""
    narrow = {"width": 320, "height": 640}
    yield from look(browser, site, viewport=narrow, has_touch=True, is_mobile=True)


@pytest.fixture
def without_script(browser: Browser, site: Site) -> Iterator[Visitor]:
    """In a browser in which no script runs."""
    yield from look(browser, site, java_script_enabled=False)


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The installation with the sample day, planned once; tests work on copies."""
    folder = tmp_path_factory.mktemp("sample") / "var"
    # On a slow machine the plan would otherwise not be the one that is found everywhere.
    office = make_office(folder, seconds=30)
    prepare_sample_day(office, office.region())
    office.close()
    return folder


@pytest.fixture
def now() -> Clock:
    return Clock()


@contextmanager
def copied(folder: Path, tmp_path: Path, now: Clock) -> Iterator[Office]:
    """Work in a copy of *folder*, so that the next test finds it as it was."""
    office = make_office(Path(shutil.copytree(folder, tmp_path / "var")), clock=now)
    try:
        yield office
    finally:
        office.close()


@pytest.fixture
def planned_office(sample_folder: Path, tmp_path: Path, now: Clock) -> Iterator[Office]:
    with copied(sample_folder, tmp_path, now) as office:
        yield office


@pytest.fixture
def running_office(sample_folder: Path, tmp_path: Path) -> Iterator[Office]:
    """On the sample day itself."""
    with copied(sample_folder, tmp_path, Clock(HALF_PAST_NINE)) as office:
        yield office


@pytest.fixture
def board(planned_office: Office) -> Iterator[TestClient]:
    with visit(planned_office) as client:
        yield client
