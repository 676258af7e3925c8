"""The day of a driver in real Chromium: with reception, in a valley, and back."""

import shutil
import socket
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from api.operations import amending, links, publishing
from api.operations.office import Office
from data.ticks import Mark
from scheduler.events import OutOfService
from tests.builders_api import TUESDAY, make_office
from tests.builders_doors import account
from tests.builders_offers import Clock
from tests.web.conftest import HALF_PAST_NINE, serving
from tests.web.driver.conftest import TOUR, kept_for_a_valley, marks

pytestmark = pytest.mark.browser


def test_who_goes_by_keyboard_stays_where_they_are(
    telephone: tuple[BrowserContext, Page],
) -> None:
    """Every twenty seconds the page is read anew."""
    _, page = telephone
    key = page.get_by_role("link", name="Hinfahren Halt 2", exact=True)
    key.focus()
    page.evaluate("document.getElementById('inhalt').dataset.old = 'yes'")

    page.clock.run_for(20_000)

    expect(page.locator("#inhalt[data-old]")).to_have_count(0)
    expect(key).to_be_focused()


def test_whatever_takes_back_lies_elsewhere(telephone: tuple[BrowserContext, Page]) -> None:
    """A second tap at the same place must not undo the first; and all fits on the first screen."""
    _, page = telephone
    stop = page.locator("section.stop", has=page.locator("#halt-1"))
    for word in ("eingestiegen", "nicht da"):
        expect(stop.get_by_role("button", name=word).first).to_be_in_viewport(ratio=1)

    for word, parent in (("angekommen", ".bus"), ("eingestiegen", ".visit")):
        button = stop.get_by_role("button", name=word).first
        tapped = button.bounding_box()
        assert tapped is not None
        button.click()
        if parent == ".visit":
            page.get_by_text("Erledigt (1)").click()
        back = stop.locator(f"{parent} .back").first
        expect(back).to_be_visible()
        here = back.bounding_box()
        assert here is not None
        apart = (
            here["x"] >= tapped["x"] + tapped["width"]
            or here["y"] >= tapped["y"] + tapped["height"]
            or here["y"] + here["height"] <= tapped["y"]
        )
        assert apart, (word, tapped, here)


def test_the_next_halt_takes_no_second_tap(
    telephone: tuple[BrowserContext, Page], running_office: Office
) -> None:
    """It has just come to where the last one was."""
    _, page = telephone
    page.clock.pause_at(HALF_PAST_NINE + timedelta(minutes=1))
    with page.expect_response("**/ticks"):
        page.locator(".next .main").first.click()
    expect(page.locator(".next #halt-2")).to_be_focused()
    # At once: the page reads itself anew meanwhile.
    left, top = page.evaluate(
        """() => {
          const box = document.querySelector(".next .main").getBoundingClientRect();
          return [box.x, box.y];
        }"""
    )
    at = left + 20, top + 20

    page.mouse.click(*at)
    expect(page.locator(".next #halt-2")).to_be_visible()
    page.clock.run_for(1_000)
    assert marks(running_office) == [Mark.ABOARD]

    page.mouse.click(*at)
    expect(page.locator(".next #halt-2")).to_have_count(0)


def test_a_new_version_is_said_until_it_is_read(
    telephone: tuple[BrowserContext, Page], running_office: Office
) -> None:
    """The page is open without any code, and what is new comes in by itself."""
    _, page = telephone
    region = running_office.region()
    event = OutOfService("nachmittag", driver=True)
    amended, _ = amending.amend(running_office, region, TUESDAY, event, seconds=1)
    publishing.publish(running_office, region, TUESDAY, amended.version)

    page.clock.run_for(20_000)
    expect(page.locator("#neu")).to_contain_text("Neu seit 09:30 Uhr")
    # Also whoever comes again by the bare address has not read it yet.
    page.goto(page.url.split("?")[0])
    page.get_by_role("link", name="Gelesen").click()

    expect(page.locator("#neu")).to_be_hidden()
    for address in (page.url, page.url.split("?")[0]):
        page.goto(address)
        expect(page.locator("section.stop").first).to_be_visible()
        expect(page.locator("#neu")).to_have_count(0)


def test_it_works_without_scripts(browser: Browser, running_office: Office) -> None:
    with (
        serving(running_office) as address,
        browser.new_context(java_script_enabled=False) as context,
    ):
        page = context.new_page()
        page.goto(address + TOUR)
        page.locator(".next").get_by_role("button", name="eingestiegen").first.click()

        page.get_by_text("Erledigt (1)").click()
        expect(page.locator(".said", has_text="eingestiegen").first).to_be_visible()
    assert marks(running_office) == [Mark.ABOARD]


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


def type_in(page: Page, pin: str) -> None:
    page.get_by_label("PIN").fill(pin)
    page.get_by_label("PIN").press("Enter")


def test_the_day_of_a_driver(sample_folder: Path, tmp_path: Path, browser: Browser) -> None:
    """The code on the sheet, the PIN beside it, a valley, and everything is there in the end."""
    shutil.copytree(sample_folder, tmp_path / "var")
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    office = make_office(tmp_path / "var", clock=Clock(HALF_PAST_NINE), url=address)
    account(office, "disposition", "dispatcher@kalletal")
    given = links.give(office, office.region(), TUESDAY, "vormittag", version=1)
    assert given is not None
    with (
        serving(office, listener=listener),
        browser.new_context(locale="de-DE", timezone_id="Europe/Berlin") as context,
    ):
        page = context.new_page()
        page.clock.install(time=HALF_PAST_NINE)
        page.goto(address + TOUR)
        expect(page.get_by_role("heading", level=1)).to_have_text("QR-Code noch einmal öffnen")

        page.goto(given.address)
        type_in(page, "000000" if given.pin != "000000" else "111111")
        expect(page.get_by_label("PIN")).to_be_visible()
        type_in(page, given.pin)
        expect(page.locator("section.next")).to_be_visible()
        assert "Ihr Ausdruck ist Version" not in page.inner_text("body")
        kept_for_a_valley(page)

        context.set_offline(True)
        page.reload()
        expect(page.locator("#netz")).to_contain_text("Kein Netz seit 09:30. Stand 09:30 Uhr")
        for _ in range(2):
            page.locator(".next").get_by_role("button", name="eingestiegen").first.click()
        expect(page.locator("#netz")).to_contain_text("2 Meldungen warten")
        page.reload()
        expect(page.locator("#netz")).to_contain_text("2 Meldungen warten")
        # Whoever opens the code once more comes to the same page; one of another shift opens none.
        page.goto(given.address)
        expect(page.locator("section.next")).to_be_visible()
        assert page.url == f"{address}{TOUR}?v=1"
        afternoon = links.give(office, office.region(), TUESDAY, "nachmittag", version=1)
        assert afternoon is not None
        with pytest.raises(Error, match="ERR_"):
            context.new_page().goto(afternoon.address)
        context.set_offline(False)
        page.evaluate("dispatchEvent(new Event('online'))")
        expect(page.locator("#netz")).to_be_hidden()

        # Nothing else is open to whoever came by the link.
        for closed in ("/tage/2027-03-02", "/fahrer/2027-03-02/nachmittag", "/fahrgaeste"):
            other = page.goto(address + closed)
            assert other is not None
            assert other.status == 403
        # And looking there takes the tour that is open from nobody; another code does.
        context.set_offline(True)
        page.goto(address + TOUR)
        expect(page.locator("section.next")).to_be_visible()
        context.set_offline(False)
        links.renew(office, office.region(), TUESDAY, "vormittag")
        page.goto(address + TOUR)
        expect(page.get_by_role("heading", level=1)).to_have_text("QR-Code noch einmal öffnen")
        assert not page.evaluate("caches.match(location.pathname).then(Boolean)")
    assert marks(office) == [Mark.ABOARD, Mark.ABOARD]
    office.close()
