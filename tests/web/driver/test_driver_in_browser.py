"""The day of a driver in real Chromium: with reception, in a valley, and back."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from api.operations import ticking
from api.operations.office import Office
from data.ticks import Mark
from tests.builders_api import TUESDAY, make_office
from tests.builders_offers import Clock
from tests.web.board.test_day_board import HALF_PAST_NINE
from tests.web.conftest import serving

pytestmark = pytest.mark.browser

TOUR = "/fahrer/2027-03-02/vormittag"


@pytest.fixture
def office(sample_folder: Path, tmp_path: Path) -> Iterator[Office]:
    shutil.copytree(sample_folder, tmp_path / "var")
    working = make_office(tmp_path / "var", clock=Clock(HALF_PAST_NINE))
    yield working
    working.close()


@pytest.fixture
def telephone(browser: Browser, office: Office) -> Iterator[tuple[BrowserContext, Page]]:
    """A telephone with the page open, whose worker is ready for a valley."""
    with (
        serving(office) as address,
        browser.new_context(
            viewport={"width": 390, "height": 780}, has_touch=True, is_mobile=True, locale="de-DE"
        ) as context,
    ):
        # The clock of the telephone is that of the office.
        page = context.new_page()
        page.clock.install(time=HALF_PAST_NINE)
        page.goto(address + TOUR)
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.reload()
        yield context, page


def marks(office: Office) -> list[Mark]:
    return [each.mark for each in ticking.read_marks(office, office.region(), TUESDAY)]


def test_in_a_valley_nothing_is_lost(
    telephone: tuple[BrowserContext, Page], office: Office
) -> None:
    context, page = telephone
    page.locator(".next").get_by_role("button", name="eingestiegen").first.click()
    expect(page.locator(".said", has_text="eingestiegen").first).to_be_visible()
    expect(page.locator("#netz")).to_be_hidden()
    assert marks(office) == [Mark.ABOARD]

    context.set_offline(True)
    page.locator(".next").get_by_role("button", name="nicht da").first.click()
    expect(page.locator("#netz")).to_contain_text("Kein Netz. 1 Meldungen warten")
    assert marks(office) == [Mark.ABOARD]

    # Even closed and opened again in the valley, the page is there, with what was marked.
    page.reload()
    expect(page.locator(".said", has_text="nicht da").first).to_be_visible()
    expect(page.locator("section.next")).to_be_visible()

    context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#netz")).to_be_hidden()
    assert marks(office) == [Mark.ABOARD, Mark.NO_SHOW]
    page.reload()
    expect(page.locator(".said", has_text="nicht da").first).to_be_visible()


def test_it_works_without_scripts(browser: Browser, office: Office) -> None:
    with serving(office) as address, browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(address + TOUR)
        page.locator(".next").get_by_role("button", name="eingestiegen").first.click()

        expect(page.locator(".said", has_text="eingestiegen").first).to_be_visible()
    assert marks(office) == [Mark.ABOARD]


def test_it_is_for_everybody(telephone: tuple[BrowserContext, Page]) -> None:
    _, page = telephone
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.evaluate(
        "[...document.querySelectorAll('.next .key')]"
        ".filter((key) => key.offsetParent)"
        ".every((key) => key.getBoundingClientRect().height >= 44)"
    )
