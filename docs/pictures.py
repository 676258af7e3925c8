"""
Make the pictures of the documents anew: `.venv/bin/python docs/pictures.py`.

Everything in them is the shipped sample day, whose people are invented.
"""

import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from playwright.sync_api import sync_playwright

from api.app import create_app
from api.operations import preview, sheets
from api.operations.information import read_information
from api.operations.office import Office
from api.operations.sample_day import prepare_sample_day
from api.settings import Settings
from api.sheets.flyer import flyer_pictures
from api.sheets.pdf import tourenblatt_pictures, vorschau_pictures

IMAGES = Path(__file__).resolve().parent / "images"
PRINTED = datetime(2027, 3, 1, 15, 30, tzinfo=UTC)
DOTS = 132  # to the inch


def main() -> None:
    """Plan the sample day in a throw-away folder, and draw first pages of what is printed."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        office = Office(Settings(folder=Path(folder)), clock=lambda: PRINTED)
        region = office.region()
        planned = prepare_sample_day(office, region).planned
        morning, afternoon = (route.shift for route in planned.plan.routes)
        early, late = sheets.make_sheets(
            office, planned, [morning, afternoon], printed=office.local(region)
        )
        ahead = preview.read_preview(office, region, planned.plan.date, morning)
        pictures = {
            "tourenblatt": tourenblatt_pictures(early.manifest, DOTS, chart=early.chart),
            # With a way back on call, which the morning does not have.
            "tourenblatt-erklaert": tourenblatt_pictures(
                late.manifest, DOTS, chart=late.chart, pinned=True
            ),
            "vorschau": vorschau_pictures(ahead.manifest, DOTS, chart=ahead.chart),
            "faltblatt": flyer_pictures(read_information(office, region), DOTS),
        }
        for name, pages in pictures.items():
            (IMAGES / f"{name}.png").write_bytes(pages[0])
        _draw_pages(office)
        office.close()


@contextmanager
def _served(office: Office) -> Iterator[str]:
    """Serve the pages on a free port of this machine; gives the address."""
    listener = socket.create_server(("127.0.0.1", 0))
    app = create_app(office.settings, office=office)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def _draw_pages(office: Office) -> None:
    """Take pictures of the pages in Chromium."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with _served(office) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        desk = browser.new_page(viewport={"width": 1280, "height": 900})
        desk.goto(f"{address}/anruf")
        desk.get_by_label("Name").press_sequentially("bei eri")
        desk.locator("#bekannte [role=option]").first.click()
        desk.get_by_label("Termin").fill("Mi 10:30 MVZ")
        desk.get_by_role("button", name="Zusagen").wait_for()
        desk.screenshot(path=IMAGES / "anruf.png")
        desk.goto(f"{address}/tage/2027-03-02")
        desk.locator("#karte[data-ready=ja]").wait_for()
        desk.locator("#r4 td.time").click()
        desk.evaluate("() => scrollTo(0, 0)")
        desk.mouse.move(0, 0)
        desk.wait_for_timeout(500)
        desk.screenshot(path=IMAGES / "tag.png")
        telephone = browser.new_page(viewport={"width": 390, "height": 780})
        telephone.goto(f"{address}/fahrer/2027-03-02/vormittag")
        telephone.screenshot(path=IMAGES / "fahrer.png")
        browser.close()


if __name__ == "__main__":
    main()
