"""Pages that stay true while nobody touches them, in real Chromium; and what they say if not."""

import datetime as dt
import socket
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from api.operations import publishing, requests, rostering
from api.operations.office import Office
from api.operations.rostering import Wanted
from data.roster import Decision
from tests.builders_api import TUESDAY
from tests.builders_doors import PASSWORD, account
from tests.builders_offers import Clock
from tests.web.board.test_day_board import DAY, served
from tests.web.conftest import serving

pytestmark = pytest.mark.browser

Open = Callable[[str], Page]
NEWS = "Es gibt Neues – neu laden"


@pytest.fixture
def open_page(browser: Browser, planned_office: Office) -> Iterator[Open]:
    """Opens pages at one desk; what a script complains of fails."""
    with (
        serving(planned_office) as address,
        browser.new_context(viewport={"width": 1280, "height": 700}, locale="de-DE") as context,
    ):
        faults: list[str] = []

        def opened(path: str) -> Page:
            page = context.new_page()
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.goto(address + path)
            return page

        yield opened
        assert faults == []


def cancelled(office: Office, request: str) -> None:
    requests.cancel(office, office.region(), request)


def test_news_come_in_while_somebody_types(open_page: Open, planned_office: Office) -> None:
    """What is typed stays, and so does the place to go on typing."""
    name = served(planned_office)[0]
    page = open_page(DAY)
    field = page.get_by_label("Anderer Tag")
    field.focus()
    page.keyboard.type("2.3")

    cancelled(planned_office, name)

    expect(page.locator(f"#{name} .state")).to_have_text("abgesagt")
    expect(field).to_be_focused()
    page.keyboard.type(".2027")
    expect(field).to_have_value("2.3.2027")


def test_the_map_is_drawn_once_more_only_for_other_tours(
    open_page: Open, planned_office: Office
) -> None:
    """A map that nothing happened to is still at what one looks at."""
    page = open_page(DAY)
    chart = page.locator("#karte")
    expect(chart).to_have_attribute("data-ready", "ja")
    page.evaluate("document.getElementById('karte').dataset.own = 'yes'")
    name = served(planned_office)[0]
    cancelled(planned_office, name)
    expect(page.locator(f"#{name} .state")).to_have_text("abgesagt")
    expect(chart).to_have_attribute("data-own", "yes")

    page.get_by_role("button", name="Neu planen").click()

    expect(page.get_by_role("heading", name="Version 2")).to_be_visible()
    expect(chart).not_to_have_attribute("data-own", "yes")
    expect(chart).to_have_attribute("data-ready", "ja")


def test_whoever_was_told_is_noted_at_every_desk(open_page: Open, planned_office: Office) -> None:
    """Without leaving the place in the list; the keyboard goes on with the next one."""
    publishing.publish(planned_office, planned_office.region(), TUESDAY, 1)
    page, other = open_page(DAY), open_page(DAY)
    unsaid = page.locator("details", has_text="noch nicht Bescheid gesagt")
    unsaid.locator("summary").click()
    lines = unsaid.locator("li")
    count = len(served(planned_office))
    expect(lines).to_have_count(count)
    page.evaluate("document.body.dataset.own = 'yes'")
    first, second = (lines.nth(number).locator("bdi").inner_text() for number in (0, 1))

    lines.nth(0).get_by_role("button").focus()
    page.keyboard.press("Enter")

    for desk in (page, other):
        expect(desk.get_by_text(f"noch nicht Bescheid gesagt ({count - 1})")).to_be_visible()
    expect(page.locator("body")).to_have_attribute("data-own", "yes")
    expect(lines.nth(0).locator("bdi")).to_have_text(second)
    expect(lines.nth(0).get_by_role("button")).to_be_focused()
    expect(page.get_by_role("status").filter(has_text=f"Bescheid gesagt: {first}")).to_have_count(1)
    assert Axe().run(page).violations_count == 0


def test_what_cannot_be_exchanged_is_told(open_page: Open, planned_office: Office) -> None:
    """Where somebody types, until they are done."""
    page = open_page(DAY)
    # No form of the page is renewed with the day; one that would be, has a field in it.
    page.locator(".wishes").evaluate(
        "each => each.append(Object.assign(document.createElement('input'), {ariaLabel: 'Hier'}))"
    )
    field = page.locator(".wishes input")
    field.focus()
    name = served(planned_office)[0]

    cancelled(planned_office, name)

    told = page.get_by_role("status").filter(has_text=NEWS)
    expect(told).to_be_visible()
    expect(told.get_by_role("link")).to_have_attribute("href", DAY)
    expect(page.locator(f"#{name} .state")).not_to_have_text("abgesagt")
    assert Axe().run(page).violations_count == 0
    page.get_by_role("link", name="Dienste").first.focus()
    expect(page.locator(f"#{name} .state")).to_have_text("abgesagt")
    expect(told).to_have_count(0)


def test_a_request_shows_what_a_colleague_does(open_page: Open, planned_office: Office) -> None:
    """Also beside offers that were just asked for, which stay."""
    name = served(planned_office)[0]
    page = open_page(f"/wuensche/{name}")
    page.get_by_role("button", name="Vorschläge ansehen").click()
    expect(page.get_by_role("heading", name="Vorschläge")).to_be_visible()

    cancelled(planned_office, name)

    expect(page.locator(".state")).to_have_text("abgesagt")
    expect(page.get_by_role("button", name="Absage zurücknehmen")).to_be_visible()
    expect(page.get_by_role("heading", name="Vorschläge")).to_be_visible()


def test_the_roster_shows_what_a_colleague_decides(open_page: Open, planned_office: Office) -> None:
    """Whatever week one looks at."""
    page = open_page("/dienste")
    row = page.locator("tr", has=page.locator('a[href$="/2027-03-09/vormittag"]'))
    expect(row.locator(".lamp").first).to_have_class("lamp full")
    region = planned_office.region()
    wanted = Wanted(TUESDAY + dt.timedelta(weeks=1), "vormittag", Decision.OPEN)

    rostering.decide(planned_office, region, wanted, version=0)

    expect(row.locator(".lamp").first).to_have_class("lamp open")


def test_a_missing_connection_is_said(browser: Browser, planned_office: Office) -> None:
    """With the time until which the page is right, and no longer than it is missing."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    with browser.new_context(locale="de-DE") as context:
        page = context.new_page()
        with serving(planned_office, listener=listener) as address:
            page.goto(address + DAY)
        said = page.get_by_role("status").filter(has_text="Verbindung fehlt, Stand ")
        expect(said).to_be_visible()
        assert Axe().run(page).violations_count == 0
        with serving(planned_office, listener=socket.create_server(("127.0.0.1", port))):
            expect(said).to_have_count(0)


@pytest.mark.parametrize("path", [DAY, "/fahrgaeste/p1"])
def test_a_page_is_covered_when_its_session_has_ended(
    browser: Browser, planned_office: Office, now: Clock, path: str
) -> None:
    """And opens again for whoever signs in, with what was typed."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    account(planned_office, "erika", "dispatcher", password=PASSWORD)
    listener = socket.create_server(("127.0.0.1", port))
    with serving(planned_office, listener=listener) as address, browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{address}/anmelden?weiter={path}")
        sign_in(page)
        expect(page).to_have_url(address + path)
        was, shown = page.title(), page.locator("#inhalt")

        now.go_on(61)
        page.evaluate("document.dispatchEvent(new CustomEvent('fahrten:frage'))")

        expect(page.get_by_role("heading", name="Sie sind abgemeldet")).to_be_visible()
        expect(shown).to_be_hidden()
        assert page.title() == "Sie sind abgemeldet"
        assert Axe().run(page).violations_count == 0
        with page.expect_popup() as opened:
            page.get_by_role("link", name="In einem neuen Fenster anmelden").click()
        sign_in(opened.value)
        expect(shown).to_be_visible()
        assert page.title() == was


def sign_in(page: Page) -> None:
    page.get_by_label("Anmeldename").fill("erika")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_role("button", name="Abmelden")).to_be_visible()
