"""The pages in real Chromium: for everybody, with a keyboard, on any width, from nowhere else."""

from io import BytesIO

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.web.conftest import Site, Visitor

pytestmark = pytest.mark.browser

DAY = "/tage/2027-03-02"
PAGES = [
    ("/", 200),
    (DAY, 200),
    ("/tage", 200),
    ("/tage?datum=bald", 422),
    ("/tage/2027-03-06", 404),
    ("/tage/2027-03-03", 404),
    ("/gibt-es-nicht", 404),
    (f"{DAY}/tourenblatt/vormittag", 200),
    (f"{DAY}/tourenblatt/nachmittag", 200),
    (f"{DAY}/versionen", 200),
    (f"{DAY}/versionen/1", 200),
]


def settled(page: Page) -> Page:
    """Wait until the map is drawn, where there is one."""
    if page.locator("#karte").count():
        expect(page.locator("#karte")).to_have_attribute("data-ready", "ja")
    return page


@pytest.mark.parametrize(("path", "status"), PAGES)
def test_axe_finds_nothing(visitor: Visitor, path: str, status: int) -> None:
    """Names, roles, contrasts, order of headings: the rules of WCAG that a program can check."""
    found = Axe().run(settled(visitor.open(path, status=status)))

    assert len(found.response["passes"]) > 10
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize(("path", "status"), PAGES)
def test_nothing_scrolls_sideways_at_320_pixels(phone: Visitor, path: str, status: int) -> None:
    """A telephone shows the whole width, and so does a desk screen at 400 % zoom."""
    page = settled(phone.open(path, status=status))

    assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("width", [640, 900, 1100, 1500, 1900])
def test_nothing_scrolls_sideways_at_any_width(visitor: Visitor, width: int) -> None:
    """640 px are 1,280 px at 200 % zoom; the others are one for each layout."""
    visitor.page.set_viewport_size({"width": width, "height": 800})
    page = settled(visitor.open(DAY))

    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_text_is_large(visitor: Visitor) -> None:
    """18 px and more, also where the browser's own setting is the ordinary 16 px."""
    page = settled(visitor.open(DAY))
    sizes = page.evaluate(
        """() => [...document.querySelectorAll("main p, main td, main li, main dd")]
            .filter((each) => each.offsetParent)
            .map((each) => parseFloat(getComputedStyle(each).fontSize))"""
    )

    assert sizes
    assert sum(size >= 18 for size in sizes) / len(sizes) > 0.9
    assert min(sizes) >= 16


def test_the_first_key_leads_past_the_head(visitor: Visitor) -> None:
    """Tab shows the way to the content, Enter takes it."""
    page = settled(visitor.open(DAY))
    skip = page.get_by_role("link", name="Zum Inhalt")

    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_day_is_chosen_by_keyboard_alone(visitor: Visitor) -> None:
    """Type the date as one writes it, press Enter."""
    page = visitor.open("/tage")
    page.get_by_label("Anderer Tag").focus()
    page.keyboard.type("2.3.2027")
    page.keyboard.press("Enter")

    expect(page).to_have_url(f"{visitor.address}{DAY}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Dienstag, 2. März 2027")


def test_no_date_is_ever_preselected(visitor: Visitor) -> None:
    """A wrong date that is already there gets booked."""
    page = settled(visitor.open("/"))

    expect(page.get_by_label("Anderer Tag")).to_have_value("")


def test_a_date_that_is_none_stays_in_its_field_with_the_reason_beside_it(
    visitor: Visitor,
) -> None:
    """Nothing typed is lost, and the field says what is wrong with it."""
    page = visitor.open("/tage?datum=31.2.2027", status=422)
    field = page.get_by_label("Anderer Tag")

    expect(field).to_have_value("31.2.2027")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(
        "z. B. 2.3.2027 oder Mi „31.2.2027“ ist kein Tag. Bitte so schreiben: 2.3.2027"
    )


def test_every_focus_can_be_seen(visitor: Visitor) -> None:
    """Whatever Tab reaches has a thick outline."""
    page = settled(visitor.open(DAY))
    outlines = []
    for _ in range(12):
        page.keyboard.press("Tab")
        outlines.append(
            page.evaluate(
                """() => {
                    const style = getComputedStyle(document.activeElement);
                    return style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
                }"""
            )
        )

    assert min(outlines) >= 2


def test_the_map_is_drawn_and_listens_to_keys(visitor: Visitor, site: Site) -> None:
    """Roads, tours and numbers are there; plus and minus zoom."""
    page = settled(visitor.open(DAY))
    driven = [route for route in site.planned.plan.routes if route.stops]
    chart = page.locator("#karte")

    painted = page.evaluate(
        """() => {
            const canvas = document.querySelector("#karte canvas");
            const dots = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            return dots.data.some((value) => value);
        }"""
    )
    assert painted
    assert (chart.locator(".halt-nummer:visible").count() > 0) == bool(driven)
    scale = chart.locator(".leaflet-control-scale-line")
    before = scale.inner_text()
    chart.focus()
    page.keyboard.press("+")
    page.keyboard.press("+")
    expect(scale).not_to_have_text(before)


def test_the_map_is_also_told_in_words(visitor: Visitor, site: Site) -> None:
    """Who does not see the map reads the same stops, in order."""
    page = settled(visitor.open(DAY))
    page.get_by_text("Karte in Worten").click()
    labels = site.planned.input.labels(site.planned.region)

    for route in site.planned.plan.routes:
        words = " – ".join(labels[stop.place].name for stop in route.stops)
        expect(page.locator(".words")).to_contain_text(words or "Keine Fahrt.")


def test_a_map_that_does_not_load_says_so_and_leaves_the_rest(visitor: Visitor) -> None:
    """The tables need no map."""
    visitor.page.route("**/karte.json", lambda route: route.fulfill(status=503))
    page = visitor.open(DAY)

    expect(page.locator("#karte-meldung")).to_contain_text("Die Karte ließ sich nicht laden.")
    expect(page.get_by_role("table").first).to_be_visible()
    visitor.faults[:] = [fault for fault in visitor.faults if "status of 503" not in fault]


def test_the_day_is_complete_without_any_script(without_script: Visitor, site: Site) -> None:
    """Only the picture of the map is missing."""
    page = without_script.open(DAY)

    expect(page.locator(".shift").get_by_role("table")).to_have_count(
        sum(bool(route.stops) for route in site.planned.plan.routes)
    )
    for route in site.planned.plan.routes:
        label = site.planned.region.shift_label(route.shift)
        expect(page.get_by_role("heading", name=label)).to_be_visible()


def test_tables_stay_tables_on_a_telephone(phone: Visitor, site: Site) -> None:
    """Cells stand below each other there, yet a screen reader still finds rows and columns."""
    page = settled(phone.open(DAY))
    driven = [route for route in site.planned.plan.routes if route.stops]

    tours = page.locator(".shift").get_by_role("table").all()
    for table, route in zip(tours, driven, strict=True):
        expect(table.get_by_role("row")).to_have_count(1 + len(route.stops))
        expect(table.get_by_role("columnheader")).to_have_count(5)


def test_the_way_from_the_day_to_the_sheet_and_back(visitor: Visitor, site: Site) -> None:
    """Two clicks there and back again."""
    page = settled(visitor.open(DAY))
    shift = site.shifts[0]
    page.get_by_role(
        "link", name=f"Tourenblatt {site.planned.region.shift_label(shift)}"
    ).first.click()
    expect(page).to_have_url(f"{visitor.address}{DAY}/tourenblatt/{shift}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tourenblatt")
    page.get_by_role("link", name="Zurück zum Tag").click()

    expect(page).to_have_url(f"{visitor.address}{DAY}")


def test_on_paper_there_are_tours_but_no_buttons(visitor: Visitor) -> None:
    """What cannot be pressed on paper is not printed."""
    page = settled(visitor.open(DAY))
    page.emulate_media(media="print")

    expect(page.get_by_role("table").first).to_be_visible()
    for form in page.locator("form").all():
        expect(form).to_be_hidden()
    expect(page.get_by_role("link", name="PDF").first).to_be_hidden()
    # The time line is there as a whole, and the sheet lies across for it.
    line = page.locator(".time-line svg")
    expect(line).to_be_visible()
    strip = page.locator(".strip")
    assert strip.evaluate("each => each.scrollWidth <= each.clientWidth")
    box = pypdf.PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages[0].mediabox
    assert box.width > box.height
    expect(line).to_have_css("print-color-adjust", "exact")
    # Browsers leave out backgrounds, and white letters with them, unless they are told not to.
    expect(page.locator(".action.ein").first).to_have_css("print-color-adjust", "exact")
