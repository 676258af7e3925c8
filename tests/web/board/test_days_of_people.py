"""The day of a dispatcher and of a planner, from start to end, in real Chromium."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from api.operations.office import Office
from tests.builders_api import make_office
from tests.builders_offers import Clock
from tests.web.conftest import Visitor, serving, watch

pytestmark = pytest.mark.browser

MONDAY = dt.datetime(2027, 3, 1, 8, 0, tzinfo=dt.UTC)
TUESDAY_MORNING = dt.datetime(2027, 3, 2, 8, 20, tzinfo=dt.UTC)
CALLS = (
    ("Beispiel, Erika", "Di 9:30 MVZ", "Beispielstraße 3, Talle", "030 23125 103"),
    ("Beispiel, Karl", "Di 10:15 Krone", "Beispielstraße 6, Bavenhausen", "030 23125 101"),
    ("Beispiel-Öztürk, Ayşe", "Di, Do 11:00 MVZ", "Beispielweg 2, Henstorf", "030 23125 120"),
)


@pytest.fixture
def now() -> Clock:
    return Clock(MONDAY)


@pytest.fixture
def office(tmp_path: Path, now: Clock) -> Iterator[Office]:
    working = make_office(tmp_path, clock=now)
    yield working
    working.close()


@pytest.fixture
def desk(browser: Browser, office: Office) -> Iterator[Visitor]:
    with serving(office) as address, browser.new_context(locale="de-DE") as context:
        visitor = watch(context, address)
        yield visitor
        assert visitor.faults == []


def for_everybody(page: Page) -> None:
    """What holds of every page: the rules of WCAG, and no sideways scrolling on a telephone."""
    if page.locator("#karte").count():
        expect(page.locator("#karte")).to_have_attribute("data-ready", "ja")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    size = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert size is not None
    page.set_viewport_size(size)


def test_the_day_of_a_dispatcher(desk: Visitor, now: Clock) -> None:
    page = desk.page

    # Monday: people ring.
    for name, appointment, home, phone in CALLS:
        desk.open("/anruf")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Termin").fill(appointment)
        page.get_by_label("Abholen bei").fill(home)
        page.get_by_label("Telefon").fill(phone)
        expect(page.get_by_role("button", name="Zusagen")).to_be_visible()
        page.get_by_label("Telefon").press("Enter")
        expect(page.locator(".aloud").first).to_contain_text("Abholung zwischen")
    for_everybody(page)

    # In the afternoon the next day is planned and published.
    page.get_by_role("link", name="Zum Tag").click()
    for_everybody(page)
    page.get_by_role("button", name="Plan berechnen").click()
    expect(page.get_by_role("heading", name="Version 1")).to_be_visible()
    expect(page.locator(".wishes")).to_contain_text("zugesagt")
    for_everybody(page)
    page.get_by_role("button", name="Version 1 veröffentlichen").click()
    expect(page.locator("#stand-titel")).to_contain_text("gilt für die Fahrer:innen")

    # Who is clicked on is lit in the list, on the time line and in the tour.
    page.locator("tr", has_text="Beispiel, Karl").first.locator("td").first.click()
    expect(page.locator("svg .lit").first).to_be_visible()
    expect(page.locator(".shift tr.lit").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".lit")).to_have_count(0)

    # Tuesday morning: somebody cancels. Two clicks, and the drivers' change sheet is there.
    now.now = TUESDAY_MORNING
    page.reload()
    page.get_by_role("link", name="sagt ab Beispiel, Karl").click()
    expect(page.get_by_role("heading", name="Beispiel, Karl")).to_contain_text("sagt ab")
    for_everybody(page)
    page.get_by_role("button", name="So machen").click()
    expect(page.locator(".happened")).to_contain_text("Beispiel, Karl sagt ab")
    for_everybody(page)
    sheet = page.get_by_role("link", name="Änderungsblatt").first
    answer = page.request.get(desk.address + str(sheet.get_attribute("href")))
    assert answer.ok
    assert answer.headers["content-type"] == "application/pdf"
    page.get_by_role("button", name=re.compile("Version 2 veröffentlichen")).click()
    expect(page.locator("#stand-titel")).to_contain_text("veröffentlicht")


def test_two_dispatchers_see_each_other(desk: Visitor, browser: Browser) -> None:
    """What one of them books stands on the other's screen without a key being pressed."""
    desk.open("/tage/2027-03-02", status=404)
    with browser.new_context() as other:
        colleague = other.new_page()
        colleague.goto(f"{desk.address}/anruf")
        colleague.get_by_label("Name").fill("Beispiel, Erika")
        colleague.get_by_label("Termin").fill("Di 9:30 MVZ")
        colleague.get_by_label("Abholen bei").fill("Beispielstraße 3, Talle")
        expect(colleague.get_by_role("button", name="Zusagen")).to_be_visible()
        colleague.get_by_label("Abholen bei").press("Enter")
        expect(colleague.locator(".aloud").first).to_be_visible()

    expect(desk.page.locator(".wishes")).to_contain_text("Beispiel, Erika")
    desk.faults[:] = [each for each in desk.faults if "status of 404" not in each]


def test_the_day_of_a_planner(desk: Visitor) -> None:
    page = desk.open("/zahlen")

    expect(page.get_by_role("heading", name="Zahlen")).to_contain_text("März 2027")
    for_everybody(page)
    page.get_by_role("link", name="April 2027").press("Enter")
    expect(page.get_by_role("heading", name="Zahlen")).to_contain_text("April 2027")
