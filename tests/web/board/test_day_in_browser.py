"""The board of a day by keyboard, in real Chromium, while somebody else changes it."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from api.operations import requests
from api.operations.office import Office
from tests.web.board.test_day_board import DAY, served
from tests.web.conftest import serving

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser, running_office: Office) -> Iterator[Page]:
    with (
        serving(running_office) as address,
        browser.new_context(viewport={"width": 1280, "height": 700}, locale="de-DE") as context,
    ):
        page = context.new_page()
        page.goto(address + DAY)
        yield page


def test_the_keyboard_lights_what_it_reaches_and_stays_there(
    page: Page, running_office: Office
) -> None:
    """Also when somebody else's change loads the page anew."""
    name = next(each for each in served(running_office) if each != "r24")
    row = page.locator(f"#{name}")
    row.locator("a").first.focus()
    page.keyboard.press("Tab")
    expect(row).to_have_class("lit")
    assert page.locator("svg .lit").count()
    page.keyboard.press("Escape")
    expect(row).not_to_have_class("lit")
    page.keyboard.press("Tab")
    expect(row).to_have_class("lit")
    reached = page.evaluate("document.activeElement.getAttribute('href')")
    top = page.evaluate("scrollY")
    assert top > 0
    state = page.locator("h1").get_attribute("data-stand") or ""

    requests.cancel(running_office, running_office.region(), "r24")

    expect(page.locator("h1")).not_to_have_attribute("data-stand", state)
    expect(row.locator(f'a[href="{reached}"]')).to_be_focused()
    expect(row).to_have_class("lit")
    assert abs(page.evaluate("scrollY") - top) < 50


def test_who_is_lit_is_seen_in_the_list_on_the_map_and_on_the_time_line(page: Page) -> None:
    """All at once, on the screen of a laptop; where there is no room, all is one column."""
    page.locator("#karte[data-ready=ja]").wait_for()
    row = page.locator("#r4")
    row.locator("td.time").click()
    row.evaluate("each => each.scrollIntoView({ block: 'start' })")
    line = page.locator(".time-line svg")
    for each in (row, page.locator("#karte"), line.locator(".lit").first):
        expect(each).to_be_in_viewport(ratio=0.9)
    above, below = line.bounding_box(), row.bounding_box()
    assert above is not None
    assert below is not None
    assert above["y"] + above["height"] <= below["y"]

    page.set_viewport_size({"width": 1280, "height": 400})
    expect(line).not_to_be_in_viewport()
    page.set_viewport_size({"width": 640, "height": 900})
    row.evaluate("each => each.scrollIntoView({ block: 'start' })")
    expect(line).not_to_be_in_viewport()


def test_what_takes_seconds_says_so_at_once(page: Page) -> None:
    """And is there again for whoever comes back."""
    link = page.get_by_role("link", name="30 Minuten Verspätung Vormittag")
    page.evaluate("addEventListener('click', (event) => event.preventDefault())")  # stay here
    said = page.get_by_role("status").filter(has_text="Wird berechnet")
    link.click()
    expect(said).to_be_visible()
    expect(link).to_have_attribute("aria-busy", "true")

    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(said).to_have_count(0)
    expect(link).not_to_have_attribute("aria-busy", "true")


def test_an_ill_driver_is_reported_and_replaced_by_hand_and_by_eye(page: Page) -> None:
    """On each page axe finds nothing, and nothing is wider than a telephone."""
    page.set_default_timeout(60_000)

    def is_well_made() -> None:
        assert Axe().run(page).response["violations"] == []
        page.set_viewport_size({"width": 320, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        page.set_viewport_size({"width": 1280, "height": 700})

    strip = page.locator(".strip")
    assert strip.evaluate("each => each.scrollWidth <= each.clientWidth")
    expect(page.get_by_text("nach rechts schieben")).to_be_hidden()
    page.set_viewport_size({"width": 320, "height": 700})
    expect(page.get_by_text("nach rechts schieben")).to_be_visible()
    page.set_viewport_size({"width": 1280, "height": 700})
    expect(page.locator("svg .now text")).to_have_text("jetzt 09:30")
    page.get_by_role("link", name="Fahrer:in krank Nachmittag").click()
    is_well_made()
    page.get_by_role("button", name="So machen").click()
    expect(page.locator("tr.stranded").first).to_contain_text("⚠ Rückfahrt fehlt")
    is_well_made()
    page.get_by_role("link", name="Wer könnte einspringen?").first.click()
    is_well_made()
    page.get_by_role("link", name="Übernimmt").first.click()
    expect(page.get_by_text("Fährt doch, und muss es erfahren")).to_be_visible()
    is_well_made()
    page.get_by_role("button", name="So machen").click()
    expect(page.locator("tr.stranded")).to_have_count(0)
