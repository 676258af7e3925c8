"""The plan of a day is made while somebody looks on, in real Chromium."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from api.jobs.runner import Runner
from api.operations import solving
from api.operations.office import Office
from tests.builders_api import TUESDAY, make_office
from tests.builders_solving import fill, wait_for
from tests.web.conftest import Visitor, serving, watch

pytestmark = pytest.mark.browser

DAY = f"/tage/{TUESDAY}"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A day that takes longer to plan than anybody waits."""
    office = make_office(tmp_path)
    office.settings = office.settings.model_copy(update={"seconds": 300})
    fill(office)
    yield office
    office.close()


@pytest.fixture
def runner(office: Office) -> Iterator[Runner]:
    office.runner = runner = Runner(office)
    runner.start()
    yield runner
    runner.end()
    runner.wait(60)


@pytest.fixture
def guest(browser: Browser, office: Office) -> Iterator[Visitor]:
    context = browser.new_context(locale="de-DE", viewport={"width": 1280, "height": 900})
    with serving(office) as address:
        guest = watch(context, address)
        yield guest
        context.close()
    assert guest.faults == []


def figure(page: Page, name: str) -> str:
    return page.locator(f"#berechnung dt:has-text('{name}') + dd").inner_text()


@pytest.mark.usefixtures("runner")
def test_a_plan_is_watched_and_stopped_and_then_shown(guest: Visitor) -> None:
    """From a day without a plan to its tours, without anybody loading a page."""
    page = guest.open(DAY)
    page.get_by_role("button", name="Plan berechnen").click()
    expect(page.locator("#berechnung")).to_contain_text("Der Plan wird berechnet.")
    expect(page.locator("#berechnung")).to_contain_text("Fahrzeit")
    expect(page.locator("#berechnung")).to_contain_text("Nicht eingeplant")
    assert figure(page, "Rechenzeit").endswith(" s")
    assert Axe().run(page).violations_count == 0

    page.get_by_role("button", name="Anhalten und behalten").click()

    expect(page.get_by_role("heading", name="Karte")).to_be_visible()
    expect(page.get_by_role("button", name="Neu planen")).to_be_visible()


@pytest.mark.usefixtures("runner")
def test_without_a_script_the_same_buttons_work(browser: Browser, office: Office) -> None:
    """The state comes with the page, and so does a way to load it anew."""
    context = browser.new_context(locale="de-DE", java_script_enabled=False)
    with serving(office) as address:
        page = context.new_page()
        page.goto(f"{address}{DAY}")
        page.get_by_role("button", name="Plan berechnen").click()
        expect(page.locator("#berechnung")).to_contain_text("Der Plan wird")
        wait_for(lambda: solving.of_day(office, office.region(), TUESDAY)[0].progress)
        page.get_by_role("link", name="Stand neu laden").click()
        assert figure(page, "Rechenzeit").endswith(" s")

        page.get_by_role("button", name="Anhalten und behalten").click()
        wait_for(lambda: not solving.of_day(office, office.region(), TUESDAY)[0].open)
        page.goto(f"{address}{DAY}")
        expect(page.get_by_role("button", name="Neu planen")).to_be_visible()
        context.close()
