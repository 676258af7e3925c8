"""The pages of the doors in real Chromium: by keyboard alone, for everybody, on a narrow screen."""

import datetime as dt
import re
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from api.operations import links
from api.operations.office import Office
from tests.builders_api import BODY, TUESDAY, make_office
from tests.builders_doors import PASSWORD, account
from tests.builders_offers import Clock
from tests.builders_visits import visit
from tests.web.conftest import serving

# Tuesday, seven in the morning in Kalletal.
MORNING = dt.datetime(2027, 3, 2, 6, 0, tzinfo=dt.UTC)

pytestmark = pytest.mark.browser


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Where Erika has an account, and Tuesday is planned."""
    planned = make_office(tmp_path, clock=Clock(MORNING))
    with visit(planned) as client:
        assert client.post("/api/v1/requests", json=BODY).status_code == 201
        plan = client.post(f"/api/v1/days/{TUESDAY}/plan", json={"seconds": 1})
        assert plan.status_code == 200
    planned.close()
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    office = make_office(tmp_path, clock=Clock(MORNING), url=f"http://127.0.0.1:{port}")
    account(office, "erika", "dispatcher", password=PASSWORD)
    yield office
    office.close()


@pytest.fixture
def address(office: Office) -> Iterator[str]:
    port = int(office.settings.url.rpartition(":")[2])
    with serving(office, listener=socket.create_server(("127.0.0.1", port))) as address:
        assert address == office.settings.url
        yield address


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The narrowest screen that anybody has; what a script or a policy complains of fails."""
    context = browser.new_context(locale="de-DE", viewport={"width": 320, "height": 640})
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on(
        "console",
        lambda told: faults.append(told.text) if "Content Security Policy" in told.text else None,
    )
    yield opened
    context.close()
    assert faults == []


def look(page: Page) -> None:
    """Axe finds nothing, and nothing scrolls sideways."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def sign_in(page: Page, password: str) -> None:
    """By keyboard alone: from the beginning of the page."""
    page.keyboard.press("Tab")  # to the content
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Anmeldename")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("erika")
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


def test_one_signs_in_and_out_by_keyboard(page: Page, address: str) -> None:
    """A wrong password is said, and nothing that was typed of the name is lost."""
    page.goto(f"{address}/tage")
    look(page)
    sign_in(page, "falsch")
    expect(page.get_by_role("alert")).to_have_text("Name oder Passwort stimmt nicht.")
    expect(page.get_by_label("Anmeldename")).to_have_value("erika")
    look(page)

    sign_in(page, PASSWORD)

    expect(page).to_have_url(f"{address}/tage")
    page.get_by_role("button", name="Abmelden").press("Enter")
    expect(page).to_have_url(f"{address}/anmelden")
    page.goto(f"{address}/tage")
    expect(page).to_have_url(f"{address}/anmelden?weiter=%2Ftage")


def signed_in(page: Page, address: str) -> None:
    page.goto(f"{address}/anmelden")
    sign_in(page, PASSWORD)
    expect(page.get_by_role("button", name="Abmelden")).to_be_visible()


def sign_in_beside(page: Page) -> None:
    """In the window that the link opens."""
    with page.expect_popup() as opened:
        page.get_by_role(
            "link", name=re.compile("in einem neuen Fenster anmelden", re.IGNORECASE)
        ).click()
    opened.value.wait_for_load_state()
    sign_in(opened.value, PASSWORD)
    expect(opened.value.get_by_role("button", name="Abmelden")).to_be_visible()
    opened.value.close()


def test_a_call_goes_on_after_one_was_signed_out(page: Page, address: str) -> None:
    """Nothing that was typed is lost, before and after signing in again."""
    signed_in(page, address)
    page.goto(f"{address}/anruf")
    page.get_by_label("Name").fill("Beispiel, Rosa")
    page.context.clear_cookies()
    page.get_by_label("Termin").fill("Mi 9:30 MVZ")

    expect(page.locator("#antwort")).to_contain_text("Sie sind abgemeldet.")
    look(page)
    sign_in_beside(page)
    page.get_by_role("button", name="Hier weitermachen").click()

    expect(page.locator("#antwort")).to_contain_text("Nach MVZ Kalletal")
    expect(page.get_by_label("Name")).to_have_value("Beispiel, Rosa")
    expect(page.get_by_label("Termin")).to_have_value("Mi 9:30 MVZ")


def test_a_form_that_was_sent_too_late_is_sent_again(page: Page, address: str) -> None:
    """By loading the page anew, as it says."""
    signed_in(page, address)
    page.goto(f"{address}/fahrgaeste/neu")
    page.get_by_label("Name").fill("Beispiel-Neu, Nora")
    page.context.clear_cookies()
    page.get_by_role("button", name="Speichern").click()

    expect(page.get_by_role("heading", name="Bitte anmelden")).to_be_visible()
    look(page)
    sign_in_beside(page)
    page.reload()

    expect(page.get_by_role("heading", name="Beispiel-Neu, Nora")).to_be_visible()


def test_ones_own_account_is_for_everybody(page: Page, address: str) -> None:
    """Another password is chosen there, and told back."""
    page.goto(f"{address}/anmelden")
    sign_in(page, PASSWORD)
    page.get_by_role("link", name="Konto").press("Enter")
    look(page)
    page.get_by_label("Jetziges Passwort").fill(PASSWORD)
    for label in ("Neues Passwort", "Neues Passwort noch einmal"):
        page.get_by_label(label, exact=True).fill("warmer Tee am Abend")

    page.get_by_role("button", name="Passwort ändern").press("Enter")

    expect(page.get_by_role("status")).to_contain_text("Das Passwort ist geändert.")
    look(page)


def test_the_code_of_a_sheet_asks_for_the_pin(page: Page, office: Office, address: str) -> None:
    """And then shows who rides."""
    link = links.give(office, office.region(), TUESDAY, "vormittag")
    assert link is not None
    page.goto(link.address)
    look(page)
    page.get_by_label("PIN").fill(link.pin)

    page.get_by_role("button", name="Öffnen").press("Enter")

    expect(page.get_by_text("Beispiel, Erika").first).to_be_visible()


def test_the_head_of_a_page_fits_in_one_line_when_signed_in(page: Page, address: str) -> None:
    """At 1280 px; and where one is, is marked for eyes and ears."""
    page.set_viewport_size({"width": 1280, "height": 800})
    signed_in(page, address)
    page.goto(f"{address}/fahrgaeste")

    parts = page.locator(".site > *")
    boxes = [part.bounding_box() for part in parts.all()]
    middles = [box["y"] + box["height"] / 2 for box in boxes if box is not None]
    assert max(middles) - min(middles) < 2
    here = page.locator("nav.rooms [aria-current]")
    expect(here).to_have_text("Fahrgäste")
    expect(here).to_have_attribute("aria-current", "page")
