"""Marks of a driver where there is no reception, or nobody who takes them, in real Chromium."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from api.operations import amending, publishing, ticking
from api.operations.office import Office
from data.ticks import Mark
from scheduler.events import OutOfService
from tests.builders_api import TUESDAY
from tests.web.conftest import HALF_PAST_NINE
from tests.web.driver.conftest import marks

pytestmark = pytest.mark.browser


def test_in_a_valley_nothing_is_lost(
    telephone: tuple[BrowserContext, Page], running_office: Office
) -> None:
    context, page = telephone
    with page.expect_response("**/ticks"):
        page.locator(".next").get_by_role("button", name="eingestiegen").first.click()
    page.get_by_text("Erledigt (1)").click()
    expect(page.locator(".said", has_text="eingestiegen").first).to_be_visible()
    expect(page.locator("#netz")).to_be_hidden()
    assert marks(running_office) == [Mark.ABOARD]

    context.set_offline(True)
    page.locator(".next").get_by_role("button", name="nicht da").first.click()
    expect(page.locator("#netz")).to_contain_text(
        "Kein Netz seit 09:30. 1 Meldung wartet auf Empfang. Stand 09:30 Uhr"
    )
    assert marks(running_office) == [Mark.ABOARD]

    # Even closed and opened again in the valley, the page is there, with what was marked.
    page.reload()
    expect(page.locator("#fehlt")).to_contain_text("bitte Disposition anrufen")
    expect(page.locator("section.next")).to_be_visible()

    context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#netz")).to_be_hidden()
    assert marks(running_office) == [Mark.ABOARD, Mark.NO_SHOW]
    page.reload()
    expect(page.locator("#fehlt")).to_contain_text("bitte Disposition anrufen")


def test_marks_of_one_shift_go_out_from_the_page_of_another(
    telephone: tuple[BrowserContext, Page], running_office: Office
) -> None:
    """Two shifts on one telephone: what waits is sent, whichever page is open then."""
    context, page = telephone
    context.set_offline(True)
    page.locator(".next").get_by_role("button", name="eingestiegen").first.click()
    expect(page.locator("#netz")).to_contain_text("1 Meldung wartet")
    assert marks(running_office) == []

    context.set_offline(False)
    with page.expect_response("**/ticks"):
        page.goto(page.url.replace("vormittag", "nachmittag"))

    expect(page.locator("#netz")).to_be_hidden()
    assert marks(running_office) == [Mark.ABOARD]
    assert (
        page.evaluate("Object.keys(localStorage).filter((each) => each.endsWith('vormittag'))")
        == []
    )


def test_without_reception_the_page_says_which_is_newer(
    telephone: tuple[BrowserContext, Page],
) -> None:
    """It or the sheet whose code was opened; with reception, the office says it."""
    context, page = telephone
    context.set_offline(True)
    path = page.url
    page.evaluate(
        """async () => {
          const kept = await caches.match(location.pathname);
          const second = (await kept.text()).replace('data-version="1"', 'data-version="2"');
          const headers = { "Content-Type": "text/html" };
          const cache = await caches.open((await caches.keys())[0]);
          await cache.put(location.pathname, new Response(second, { headers }));
        }"""
    )
    for sheet, held in (
        (1, "bitte nach dieser Seite fahren"),
        (3, "bitte nach dem Blatt fahren, wenn es kein Entwurf ist"),
    ):
        page.goto(f"{path}?v={sheet}")
        expect(page.locator("#netz")).to_have_text(
            f"Ihr Blatt ist Version {sheet}, diese Seite Version 2: {held}. "
            "Kein Netz seit 09:30. Stand 09:30 Uhr"
        )
    page.goto(f"{path}?v=2")
    expect(page.locator("#netz")).to_have_text("Kein Netz seit 09:30. Stand 09:30 Uhr")


def test_marks_of_a_day_that_is_over_are_refused_once(
    telephone: tuple[BrowserContext, Page],
) -> None:
    """The code of that day opens nothing any more: they would wait for ever."""
    context, page = telephone
    context.route("**/days/2027-03-01/ticks", lambda route: route.fulfill(status=403, body="{}"))
    page.evaluate(
        """() => {
          const at = "2027-03-01T07:12:00Z";
          const left = [{ key: "a-mark-of-the-day-before", request: "r99", mark: "aboard", at }];
          for (const day of ["2027-03-01", "2027-03-02"]) {
            localStorage.setItem(`fahrten:/fahrer/${day}/abend`, JSON.stringify(left));
          }
        }"""
    )
    context.route("**/days/2027-03-02/ticks", lambda route: route.fulfill(status=403, body="{}"))

    page.reload()

    unread = page.locator("#ungelesen")
    said = "Nicht gespeichert: eingestiegen 08:12. Der Tag ist vorbei."
    expect(unread.locator("p")).to_have_text(said)
    names = "Object.keys(localStorage).filter((each) => each.endsWith('abend'))"
    assert page.evaluate(names) == ["fahrten:/fahrer/2027-03-02/abend"]
    unread.get_by_role("button", name="Gelesen").click()
    page.reload()
    expect(page.locator("#netz")).to_contain_text("Von einem anderen Dienst")
    expect(unread).to_be_hidden()


def test_what_goes_wrong_in_the_office_takes_nobodys_tour_away(
    telephone: tuple[BrowserContext, Page],
) -> None:
    _, page = telephone
    context = page.context
    context.route("**/fahrer/**", lambda route: route.fulfill(status=409, body="Nein."))

    page.reload()

    expect(page.locator("section.next")).to_be_visible()


def test_in_a_valley_a_mark_is_taken_back_by_one_step(
    telephone: tuple[BrowserContext, Page], running_office: Office
) -> None:
    """The page says it at once, and the machine the same afterwards."""
    context, page = telephone
    context.set_offline(True)
    stop = page.locator("section.stop", has=page.locator("#halt-1"))
    stop.get_by_role("button", name="angekommen").click()
    expect(stop.locator(".bus .said")).to_contain_text("angekommen 09:30")
    name = (page.locator(".visit").first.get_attribute("data-visit") or "").split()[0]
    getting_in = page.locator(f'[data-visit="{name} outbound Einsteigen"]')
    getting_out = page.locator(f'[data-visit="{name} outbound Aussteigen"]')
    getting_in.get_by_role("button", name="eingestiegen").click()
    getting_out.get_by_role("button", name="ausgestiegen").click()
    expect(stop.locator(".bus")).to_have_attribute("hidden", "")
    expect(getting_out.locator(".said")).to_have_text("ausgestiegen")

    getting_out.get_by_role("button", name="Zurücknehmen").click()
    expect(getting_out.locator(".said")).to_have_text("")
    expect(getting_in.locator(".said")).to_have_text("eingestiegen")
    page.reload()
    expect(getting_out.locator(".said")).to_have_text("")
    expect(getting_in.locator(".said")).to_have_text("eingestiegen")

    page.get_by_text("Erledigt (1)").click()
    getting_in.get_by_role("button", name="Zurücknehmen").click()
    expect(getting_in.locator(".said")).to_have_text("")
    expect(stop.locator(".bus .said")).to_contain_text("angekommen 09:30")

    context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#netz")).to_be_hidden()
    assert [mark for mark in marks(running_office) if mark is not Mark.ARRIVED] == [
        Mark.ABOARD,
        Mark.DONE,
        Mark.ABOARD,
        Mark.OPEN,
    ]
    page.reload()
    expect(getting_in.locator(".said")).to_have_text("")
    expect(stop.locator(".bus .said")).to_contain_text("angekommen 09:30")


def test_without_reception_it_is_said_at_every_stop(
    telephone: tuple[BrowserContext, Page],
) -> None:
    context, page = telephone
    page.set_viewport_size({"width": 320, "height": 640})
    context.set_offline(True)
    last = page.locator("section.stop").last
    last.locator("button.main").first.click()
    last.scroll_into_view_if_needed()

    expect(page.locator("#netz")).to_be_in_viewport()
    assert page.evaluate("getComputedStyle(document.body).hyphens") == "auto"


def test_a_halt_to_wait_at_ends_without_reception(
    telephone: tuple[BrowserContext, Page],
) -> None:
    """Nobody can mark anything there, and no server says what time it is."""
    context, page = telephone
    halt = page.locator("section[data-ends]")
    ends = datetime.fromisoformat(halt.get_attribute("data-ends") or "")
    context.set_offline(True)
    page.clock.set_fixed_time(ends - timedelta(seconds=5))
    page.evaluate("dispatchEvent(new Event('offline'))")
    expect(halt).not_to_have_class("stop over")

    page.clock.set_fixed_time(ends + timedelta(seconds=5))
    page.evaluate("dispatchEvent(new Event('offline'))")

    expect(halt).to_have_class("stop over")


def test_a_wrong_clock_of_the_telephone_is_said_and_loses_nothing(
    telephone: tuple[BrowserContext, Page], running_office: Office
) -> None:
    _, page = telephone
    page.clock.set_fixed_time(HALF_PAST_NINE - timedelta(days=300))

    page.locator(".next .main").first.click()

    expect(page.locator("#ungelesen")).to_contain_text("Die Uhr des Telefons ging falsch.")
    (mark,) = ticking.read_marks(running_office, running_office.region(), TUESDAY)
    assert mark.at == HALF_PAST_NINE


def test_every_refusal_says_whom_it_was_about(
    telephone: tuple[BrowserContext, Page], running_office: Office
) -> None:
    """
    What was marked without reception on the evening before.

    It stays until it is read, whatever else happens: a new version, a reload, another mark.
    """
    context, page = telephone
    context.set_offline(True)
    page.clock.set_fixed_time(HALF_PAST_NINE - timedelta(hours=14))
    names = []
    for _ in range(2):
        names.append(page.locator(".next .visit bdi").first.inner_text())
        page.locator(".next .main").first.click()
    expect(page.locator("#netz")).to_contain_text("2 Meldungen warten")
    page.clock.set_fixed_time(HALF_PAST_NINE)
    region = running_office.region()
    event = OutOfService("nachmittag", driver=True)
    amended, _ = amending.amend(running_office, region, TUESDAY, event, seconds=1)
    publishing.publish(running_office, region, TUESDAY, amended.version)

    context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")

    expect(page.locator("#neu")).to_be_visible()
    unread = page.locator("#ungelesen")
    for name in names:
        expect(unread).to_contain_text(f"Nicht gespeichert: {name}. Da hatte")
    assert marks(running_office) == []
    expect(page.locator("section.next #halt-1")).to_be_visible()
    page.reload()
    page.locator(".next .main").first.click()
    expect(page.locator(".next #halt-2")).to_be_visible()
    expect(unread).to_contain_text(f"Nicht gespeichert: {names[-1]}. Da hatte")
    assert not any(name in page.evaluate("JSON.stringify(localStorage)") for name in names)

    unread.get_by_role("button", name="Gelesen").click()
    expect(unread).to_be_hidden()
    page.reload()
    expect(page.locator(".next #halt-2")).to_be_visible()
    expect(unread).to_be_hidden()


def test_however_many_marks_wait_they_go_out(
    telephone: tuple[BrowserContext, Page], running_office: Office
) -> None:
    """The office takes two hundred at once."""
    context, page = telephone
    context.set_offline(True)
    page.locator(".next .main").first.click()
    expect(page.locator("#netz")).to_contain_text("1 Meldung wartet")
    page.evaluate(
        """() => {
          const name = `fahrten:${location.pathname}`;
          const [first] = JSON.parse(localStorage.getItem(name));
          const many = Array.from({ length: 201 }, () => ({ ...first, key: crypto.randomUUID() }));
          localStorage.setItem(name, JSON.stringify(many));
        }"""
    )

    context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")

    page.evaluate(
        """async () => {
          const moment = () => new Promise((done) => setTimeout(done, 50));
          while (localStorage.getItem(`fahrten:${location.pathname}`)) await moment();
        }"""
    )
    expect(page.locator("#netz")).to_be_hidden()
    assert marks(running_office) == [Mark.ABOARD] * 201


def test_what_the_office_does_not_take_is_not_called_a_lack_of_reception(
    telephone: tuple[BrowserContext, Page],
) -> None:
    context, page = telephone
    context.route("**/ticks", lambda route: route.fulfill(status=422, body="{}"))

    page.locator(".next .main").first.click()

    expect(page.locator("#netz")).to_have_text(
        "Fehler 422 seit 09:30. 1 Meldung wartet. Stand 09:30 Uhr"
    )


def test_without_reception_too_the_next_halt_follows_the_bus(
    telephone: tuple[BrowserContext, Page],
) -> None:
    """Script and office agree on what was missed, and that "nicht da" can be said beforehand."""
    context, page = telephone
    context.set_offline(True)
    page.get_by_role("button", name="nicht da").last.click()
    expect(page.locator("#netz")).to_contain_text("1 Meldung wartet")
    expect(page.locator(".next #halt-1")).to_be_visible()
    halt = page.locator("section.stop", has=page.locator("#halt-4"))
    halt.get_by_role("button", name="angekommen").click()
    expect(page.locator(".next #halt-4")).to_be_visible()
    expect(page.locator("#offen summary")).to_have_text("Nicht gemeldet (3)")
    classes = "[...document.querySelectorAll('section.stop')].map((each) => each.className)"
    before = page.evaluate(classes)

    context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#netz")).to_be_hidden()
    page.reload()

    expect(page.locator(".next #halt-4")).to_be_visible()
    expect(page.locator("#offen summary")).to_have_text("Nicht gemeldet (3)")
    assert page.evaluate(classes) == before
