"""Reports of the day: offered where they can be meant, and answered with what people need next."""

import datetime as dt
import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.operations import amending, planning, requests, ticking
from api.operations.office import Office
from api.operations.ticking import Told
from data.ticks import Mark
from routing.units import HOUR, MINUTE
from scheduler.clock import hh_mm
from scheduler.model import TripKind, VisitKind
from tests.builders_api import TUESDAY
from tests.builders_offers import Clock
from tests.builders_running import plan_rows
from tests.builders_visits import visit
from tests.web.board.test_day_board import DAY, hidden, read, send, served
from tests.web.conftest import HALF_PAST_NINE, copied

ON_CALL = "r15"  # the only one of the sample day who rings for the way home


@pytest.fixture(scope="module")
def quiet_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """So few requests that every plan has room for all of them."""
    return plan_rows(tmp_path_factory.mktemp("quiet"), 15)


def row_of(page: str, request: str) -> str:
    row = re.search(rf'<tr role="row" id="{request}".*?</tr>', page, re.DOTALL)
    assert row is not None
    return row[0]


def at(moment: int) -> dt.datetime:
    """That moment on the clock of the day, in winter."""
    return dt.datetime(2027, 3, 1, 23, 0, tzinfo=dt.UTC) + dt.timedelta(seconds=moment)


def fetched(office: Office, request: str) -> list[int]:
    """When the newest plan fetches somebody."""
    plan = planning.read_plan(office, office.region(), TUESDAY).plan
    return [
        each.begin
        for each in sorted(plan.visits, key=lambda each: each.begin)
        if each.request == request and each.kind is VisitKind.PICKUP
    ]


def test_the_way_home_is_rung_for_by_who_is_there_and_on_call(
    quiet: TestClient, quiet_office: Office, now: Clock
) -> None:
    now.now = HALF_PAST_NINE
    assert "will zurück" not in read(quiet)
    there, home = fetched(quiet_office, ON_CALL)
    for offered, moment in ((False, there - 60), (True, there), (True, home - 60), (False, home)):
        now.now = at(moment)
        page = read(quiet)
        assert ("will zurück" in row_of(page, ON_CALL)) is offered
        assert page.count("will zurück") == int(offered)


@pytest.mark.parametrize(
    ("typed", "meant"), [("15.40", "15:40"), ("16 Uhr", "16:00"), ("halb vier", "15:30")]
)
def test_who_rings_for_the_way_home_hears_when_the_bus_comes(
    quiet: TestClient, quiet_office: Office, now: Clock, typed: str, meant: str
) -> None:
    """As the first line before anything is kept, and on the day afterwards."""
    there, home = fetched(quiet_office, ON_CALL)
    now.now = at(min(there + 10 * MINUTE, home - 60))
    page = read(quiet, f"{DAY}/melden?was=ready&wunsch={ON_CALL}&um={typed}")
    comes = re.search(r'<p class="aloud">Der Bus kommt um (\d\d:\d\d) Uhr', page)
    assert comes is not None
    assert page.index('class="aloud"') < page.index("Das ändert sich")
    assert comes[1] >= meant
    assert f"kann ab {meant} Uhr zurück" in page

    send(quiet, f"{DAY}/melden", hidden(page, f"{DAY}/melden"))

    _, home = fetched(quiet_office, ON_CALL)
    assert f'<p class="comes">Der Bus kommt um {hh_mm(home)} Uhr (Nachmittag).</p>' in read(quiet)
    row = row_of(read(quiet), ON_CALL)
    assert f"hat angerufen: fertig um {meant}" in row
    assert ">will zurück<" not in row

    send(quiet, f"{DAY}/zuruecknehmen", hidden(read(quiet), f"{DAY}/zuruecknehmen"))
    assert "hat angerufen" not in row_of(read(quiet), ON_CALL)


def test_nobody_was_ready_before_they_were_there(
    quiet: TestClient, quiet_office: Office, now: Clock
) -> None:
    """By the plan; whoever rings from there now is ready."""
    plan = planning.read_plan(quiet_office, quiet_office.region(), TUESDAY).plan
    there = min(
        visit.end
        for visit in plan.visits
        if visit.request == ON_CALL and visit.kind is VisitKind.DROPOFF
    )
    now.now = at(there + MINUTE)
    report = f"{DAY}/melden?was=ready&wunsch={ON_CALL}"
    early = read(quiet, f"{report}&um={hh_mm(there - 60 * MINUTE)}", status=409)
    assert f"war nach dem Plan erst um {hh_mm(there)} dort" in early
    assert "Der Bus kommt um" in read(quiet, report)


def test_only_who_should_be_in_the_bus_can_turn_out_to_be_missing(
    quiet: TestClient, quiet_office: Office, now: Clock
) -> None:
    """
    Until the end of the day, as drivers ring later; also after one has marked it: only with the
    report can the rest do without them.
    """
    region = quiet_office.region()
    plan = planning.read_plan(quiet_office, region, TUESDAY).plan
    begins: dict[tuple[str, str], list[int]] = {}
    for each in plan.visits:
        begins.setdefault((each.request, each.trip), []).append(each.begin)
    riders = sorted({name for name, _ in begins}, key=lambda name: fetched(quiet_office, name)[0])

    def offered_at(moment: int) -> set[str]:
        now.now = at(moment)
        return set(re.findall(r"was=no_show&wunsch=(r\d+)", read(quiet)))

    aboard, missed = riders[:2]
    for name, mark in ((aboard, Mark.ABOARD), (missed, Mark.NO_SHOW)):
        moment = fetched(quiet_office, name)[0]
        assert name not in offered_at(moment - 1)
        passed = {who for (who, _), made in begins.items() if min(made) <= moment}
        assert offered_at(moment) == passed - ({aboard} if name == missed else set())
        told = Told(name * 9, name, TripKind.OUTBOUND, mark, now.now)
        (received,) = ticking.mark(quiet_office, region, TUESDAY, [told])
        assert received.kept
        assert ("was=no_show" in row_of(read(quiet), name)) is (mark is Mark.NO_SHOW)
    assert "sagt ab" not in row_of(read(quiet), missed)

    seen = read(quiet, f"{DAY}/melden?was=no_show&wunsch={missed}")
    send(quiet, f"{DAY}/melden", hidden(seen, f"{DAY}/melden"))
    assert "was=no_show" not in row_of(read(quiet), missed)


def test_what_cannot_work_on_a_running_day_is_not_offered(
    board: TestClient, planned_office: Office, now: Clock
) -> None:
    """And whoever comes there all the same reads no commands, and finds the way back."""
    before = read(board)
    assert "Neu planen" in before
    assert "Was würde helfen?" in before
    now.now = HALF_PAST_NINE
    send(
        board,
        f"{DAY}/melden",
        hidden(
            read(board, f"{DAY}/melden?was=delayed&dienst=nachmittag&minuten=5"), f"{DAY}/melden"
        ),
    )
    page = read(board)
    assert "Neu planen" not in page
    assert "Was würde helfen?" not in page
    left_out = planning.read_plan(planned_office, planned_office.region(), TUESDAY).plan.unserved
    assert f'href="/wuensche/{left_out[0].request}">Vorschläge ansehen' in page

    refused = [
        send(board, f"{DAY}/planen", status=409),
        read(board, f"{DAY}/abhilfe/{left_out[0].request}", status=409),
    ]
    for each in refused:
        assert "Gerade nicht möglich" in each
        assert "fahrten " not in each.partition("<main")[2]
        assert f'href="{DAY}">Zum Tag' in each
    name = served(planned_office)[0]
    page = send(board, f"/wuensche/{name}/freigeben", status=409)
    assert "fahrten " not in page.partition("<main")[2]
    assert f'href="/wuensche/{name}">Zum Fahrtwunsch' in page


def test_a_delay_that_breaks_promises_says_what_else_can_be_done(
    board: TestClient, now: Clock
) -> None:
    now.now = HALF_PAST_NINE
    page = read(board, f"{DAY}/melden?was=delayed&dienst=vormittag&minuten=120")
    assert "Bitte anrufen" in page
    assert "Noch ist nichts geändert." in page
    assert 'href="#minuten">kleinere Verspätung melden' in page
    assert 'name="minuten" value="120"' in page


def test_whom_a_change_concerns_is_a_click_away(board: TestClient, planned_office: Office) -> None:
    """With the name to what is known of them, and with the number to their telephone."""
    region = planned_office.region()
    plan = planning.read_plan(planned_office, region, TUESDAY).plan
    name = next(iter(plan.visits)).request
    row = requests.read(planned_office, region, name).row
    requests.cancel(planned_office, region, name)
    send(board, f"{DAY}/planen")
    page = read(board)
    line = re.search(
        rf'<li><span><a href="/wuensche/{name}"><bdi>{re.escape(row.name)}</bdi></a>.*', page
    )
    assert line is not None
    assert f"{row.phone}</a>: fährt nicht mehr mit" in line[0]
    assert 'href="tel:' in line[0]


def test_what_was_reported_by_mistake_is_taken_back_with_one_click(
    board: TestClient, planned_office: Office, now: Clock
) -> None:
    """Only the last report has the button; whoever was to be rung about it stands there."""
    now.now = HALF_PAST_NINE
    undo = f"{DAY}/zuruecknehmen"
    assert undo not in read(board)
    before = planning.read_plan(planned_office, planned_office.region(), TUESDAY).plan.routes
    report = read(board, f"{DAY}/melden?was=delayed&dienst=vormittag&minuten=50")
    send(board, f"{DAY}/melden", hidden(report, f"{DAY}/melden"))
    late = read(board)
    assert late.count(undo) == 1
    reported = late.split('id="geschehen"')[1].split("</section>")[0]
    ring = re.findall(r'<a href="/wuensche/(r\d+)">', reported)
    assert ring
    assert "bitte anrufen" in reported

    fields = hidden(late, undo)
    assert send(board, undo, fields) == f"{DAY}#geschehen"

    page = read(board)
    happened = page.split('id="geschehen"')[1].split("</section>")[0]
    assert "Zurückgenommen: Vormittag: 50 Minuten Verspätung" in happened
    rung = re.findall(r'<a href="/wuensche/(r\d+)">', happened)
    assert sorted(rung) == sorted(ring)  # each once, and not to be rung
    assert happened.count("es bleibt doch, wie es vorher war") == len(ring)
    assert "50 Minuten Verspätung (zurückgenommen)" in happened
    assert "bitte anrufen" not in happened
    assert undo not in page
    after = planning.read_plan(planned_office, planned_office.region(), TUESDAY).plan.routes
    assert after == before
    assert "Zurücknehmen lässt sich nur das Letzte" in send(board, undo, fields, status=409)


def ring_of(page: str) -> list[str]:
    """The lines of the list of people to ring."""
    lines = re.findall(r'<ul class="ring-list">(.*?)</ul>', page, re.DOTALL)
    return re.findall(r"<li.*?</li>", lines[-1], re.DOTALL) if lines else []


def test_an_ill_driver_leads_to_who_takes_over(
    board: TestClient, planned_office: Office, now: Clock
) -> None:
    """From the report, and from the roster, which says that the shift is open."""
    now.now = HALF_PAST_NINE
    assert "Einteilen" not in read(board, "/dienste/2027-03-02/nachmittag")
    report = read(board, f"{DAY}/melden?was=out_of_service&grund=driver&dienst=nachmittag")
    assert "Nachmittag: Wer könnte einspringen?" in report
    assert "Das ändert sich, wenn niemand einspringt" in report
    takes_over = re.search(r"was=substitute&dienst=nachmittag&fahrer=(\w+)", report)
    assert takes_over is not None
    at_once = read(board, f"{DAY}/melden?was=substitute&dienst=nachmittag&fahrer={takes_over[1]}")
    assert "Niemand muss angerufen werden" in at_once

    send(board, f"{DAY}/melden", hidden(report, f"{DAY}/melden"))

    roster = read(board, "/dienste")
    assert "ist krank gemeldet" in roster
    duty = read(board, "/dienste/2027-03-02/nachmittag")
    assert "offen" in duty
    offered = re.findall(r"was=substitute&dienst=nachmittag&fahrer=(\w+)", duty)
    ill = next(
        route.driver
        for route in planning.read_plan(
            planned_office, planned_office.region(), TUESDAY
        ).plan.routes
        if route.shift == "nachmittag"
    )
    assert offered
    assert ill not in offered
    page = read(board)
    assert "Dieser Dienst fällt aus" in page
    assert 'href="/dienste/2027-03-02/nachmittag">Wer könnte einspringen?' in page
    chosen = read(board, f"{DAY}/melden?was=substitute&dienst=nachmittag&fahrer={offered[0]}")
    assert "Fährt doch, und muss es erfahren" in chosen

    send(board, f"{DAY}/melden", hidden(chosen, f"{DAY}/melden"))

    name = planned_office.region().driver_label(offered[0])
    page = read(board)
    assert f"Nachmittag: {name} übernimmt" in page
    assert re.search(r"</a>: fährt doch: (Abholung|Rückfahrt) \d\d:\d\d", page)
    assert f'<p class="aloud">{name}</p>' in read(board, "/dienste/2027-03-02/nachmittag")


def test_whoever_is_stranded_stands_first_with_place_and_telephone(
    board: TestClient, planned_office: Office, now: Clock
) -> None:
    """In the list of whom to ring, in the rows, and among those whom no bus takes."""
    now.now = HALF_PAST_NINE
    report = read(board, f"{DAY}/melden?was=out_of_service&grund=driver&dienst=nachmittag")
    ring = ring_of(report)
    stranded = [line for line in ring if 'class="stranded"' in line]
    assert stranded
    assert ring[: len(stranded)] == stranded
    for line in stranded:
        assert re.search(r"Rückfahrt fehlt, wartet ab \d\d:\d\d in: [^(]+\(Tel\. [\d ]+\)", line)
    assert all(
        "wird nicht abgeholt, es entfällt: Hinfahrt ab" in line for line in ring[len(stranded) :]
    )

    send(board, f"{DAY}/melden", hidden(report, f"{DAY}/melden"))

    page = read(board)
    rows = re.findall(r'<tr role="row" id="r\d+".*?</tr>', page, re.DOTALL)
    assert ["Rückfahrt fehlt" in row for row in rows] == [
        *[True] * len(stranded),
        *[False] * (len(rows) - len(stranded)),
    ]
    unserved = page.split('id="nicht"')[1].split("</section>")[0]
    assert unserved.count("Rückfahrt fehlt, wartet ab") == len(stranded)
    settled = read(
        board,
        re.findall(r'href="([^"]+nur_zurueck=true)"', rows[0])[0],
    )
    send(board, f"{DAY}/melden", hidden(settled, f"{DAY}/melden"))
    assert read(board).count('class="state stranded"') == len(stranded) - 1


def test_by_the_clock_it_is_said_what_should_have_become_of_somebody(
    quiet: TestClient, quiet_office: Office, now: Clock
) -> None:
    """Otherwise than what drivers report, with what can still be reported."""
    plan = planning.read_plan(quiet_office, quiet_office.region(), TUESDAY).plan
    begins: dict[str, dict[str, list[int]]] = {}
    for each in plan.visits:
        begins.setdefault(each.request, {}).setdefault(each.trip, []).append(each.begin)
    name, (out, back) = next(
        (name, list(trips.values())) for name, trips in begins.items() if len(trips) == 2
    )
    for moment, word, cancels in (
        (out[0], "sollte im Bus sein", "sagt Rückfahrt ab"),
        (out[-1], "sollte dort sein", "sagt Rückfahrt ab"),
        (back[-1], "sollte gefahren sein", ""),
    ):
        now.now = at(moment)
        page = read(quiet)
        row = row_of(page, name)
        assert f'<span class="state by_clock">{word}</span>' in row
        assert ("sagt ab" in row) is False
        assert ("sagt Rückfahrt ab" in row) is bool(cancels)
        wish = read(quiet, f"/wuensche/{name}")
        assert f'<span class="state by_clock">{word}</span>' in wish
        assert "Zusage zurücknehmen" not in wish
        assert (">Rückfahrt absagen<" in wish) is bool(cancels)
        assert ">Absagen<" not in wish
        assert "<small>heute</small>" in page
        assert f"jetzt {hh_mm(moment)}" in page


def test_who_was_set_down_by_the_plan_can_turn_out_not_to_have_been_there(
    quiet: TestClient, quiet_office: Office, now: Clock
) -> None:
    """The preview says truthfully what the plan thinks, and which trips fall away."""
    plan = planning.read_plan(quiet_office, quiet_office.region(), TUESDAY).plan
    trips: dict[str, dict[str, list[int]]] = {}
    for each in plan.visits:
        trips.setdefault(each.request, {}).setdefault(each.trip, []).append(each.begin)
    name, (out, back) = next(
        (name, list(made.values())) for name, made in trips.items() if len(made) == 2
    )
    now.now = at(out[-1] + 60)
    page = read(quiet, f"{DAY}/melden?was=no_show&wunsch={name}")
    assert f"um {hh_mm(out[-1])} schon ausgestiegen" in page
    assert f"Es entfällt: Rückfahrt {hh_mm(back[0])}." in page
    assert "Doch mitgefahren: nur die Rückfahrt absagen" in page

    send(quiet, f"{DAY}/melden", hidden(page, f"{DAY}/melden"))

    page = read(quiet)
    assert '<span class="state no_show">nicht da</span>' in row_of(page, name)
    now.now = at(out[-1] + 120)
    fields = hidden(page, f"{DAY}/zuruecknehmen")
    assert send(quiet, f"{DAY}/zuruecknehmen", fields) == f"{DAY}#geschehen"
    assert "nicht da</span>" not in row_of(read(quiet), name)


def test_whoever_is_late_reads_what_was_said_and_what_is_now(board: TestClient, now: Clock) -> None:
    """One line for each person; those who come earlier stand apart from those who come later."""
    now.now = HALF_PAST_NINE
    page = read(board, f"{DAY}/melden?was=delayed&dienst=vormittag&minuten=40")
    said = re.findall(r": \w+ (\d\d:\d\d) statt spätestens (\d\d:\d\d)", page)
    assert said
    assert all(was < becomes for becomes, was in said)
    assert "später als gesagt" not in page
    earlier = page.partition("Früher, innerhalb")[2].partition("</ul>")[0]
    assert all(now < was for now, was in re.findall(r"(\d\d:\d\d) statt (\d\d:\d\d)", earlier)[:1])


def test_a_time_that_is_emptied_means_now(board: TestClient, now: Clock) -> None:
    """It was looked at for half past three; without a time, it is looked at anew."""
    now.now = at(15 * HOUR)
    page = read(board, f"{DAY}/melden?was=ready&wunsch={ON_CALL}&um=15:30")
    fields = {**hidden(page, f"{DAY}/melden"), "um": ""}

    anew = send(board, f"{DAY}/melden", fields, status=409)

    assert "Angesehen haben Sie etwas anderes." in anew
    send(board, f"{DAY}/melden", hidden(anew, f"{DAY}/melden"))
    assert "fertig um 15:00" in read(board)


def test_who_cancels_only_the_way_back_has_still_to_hear_of_the_way_there(
    tmp_path: Path, now: Clock
) -> None:
    """And whoever cancels all of it has not."""
    with copied(plan_rows(tmp_path / "two", 2), tmp_path, now) as office, visit(office) as two:
        region = office.region()
        plan = planning.read_plan(office, region, TUESDAY).plan
        now.now = at(plan.routes[0].stops[1].arrival - 20 * MINUTE)
        late = read(two, f"{DAY}/melden?was=delayed&dienst={plan.routes[0].shift}&minuten=45")
        send(two, f"{DAY}/melden", hidden(late, f"{DAY}/melden"))
        (report,) = amending.happened(office, region, TUESDAY)
        name = next(
            name
            for name, said in report.announced.said.items()
            if any(each.trip is TripKind.OUTBOUND for each in said)
        )
        assert name in told_to_ring(read(two))

        for back in ("true", "false"):
            asked = f"was=cancelled&wunsch={name}&nur_zurueck={back}"
            page = read(two, f"{DAY}/melden?{asked}")
            send(two, f"{DAY}/melden", hidden(page, f"{DAY}/melden"))
            assert (name in told_to_ring(read(two))) == (back == "true")


def told_to_ring(page: str) -> list[str]:
    happened = page.split('id="geschehen"')[1].split("</section>", maxsplit=1)[0]
    return re.findall(r'href="/wuensche/(r\d+)"', happened)
