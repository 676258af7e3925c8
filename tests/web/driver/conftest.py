"""A telephone with the tour of a driver, in real Chromium."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from api.operations import ticking
from api.operations.office import Office
from data.ticks import Mark
from tests.builders_api import TUESDAY
from tests.web.conftest import HALF_PAST_NINE, serving

TOUR = "/fahrer/2027-03-02/vormittag"


@pytest.fixture
def telephone(browser: Browser, running_office: Office) -> Iterator[tuple[BrowserContext, Page]]:
    """A telephone with the page open, whose worker is ready for a valley."""
    with (
        serving(running_office) as address,
        browser.new_context(
            viewport={"width": 390, "height": 780},
            has_touch=True,
            is_mobile=True,
            locale="de-DE",
            timezone_id="Europe/Berlin",
        ) as context,
    ):
        # The clock of the telephone is that of the office.
        page = context.new_page()
        page.clock.install(time=HALF_PAST_NINE)
        page.goto(address + TOUR)
        kept_for_a_valley(page)
        yield context, page


def kept_for_a_valley(page: Page) -> None:
    """Wait until the page is kept on the telephone; one look at it has to be enough."""
    page.evaluate(
        """async () => {
          const moment = () => new Promise((done) => setTimeout(done, 50));
          while (!(await caches.match(location.pathname))) await moment();
          const { serviceWorker } = navigator;
          while (!(await serviceWorker.getRegistration("/fahrt/"))?.active) await moment();
        }"""
    )


def marks(office: Office) -> list[Mark]:
    return [each.mark for each in ticking.read_marks(office, office.region(), TUESDAY)]
