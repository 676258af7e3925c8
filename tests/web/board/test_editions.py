"""What is said of the newest version: who is to be rung first, and what it does not know."""

from dataclasses import replace

from fastapi.testclient import TestClient

from api.web.changed import hardest_first, is_small
from routing.units import MINUTE
from scheduler.changes import At, Fate, PassengerChange, VisitPair
from scheduler.clock import clock
from scheduler.model import VisitKind
from tests.builders_api import BODY
from tests.web.board.test_day_board import hidden, read, send


def test_whom_a_change_hits_hardest_is_rung_first() -> None:
    """Not taken any more, then what is gone, then moved by much; five minutes are no call."""

    def moved(name: str, minutes: int) -> PassengerChange:
        older = At("morning", "bus", 1, 0, clock("08:00"), clock("08:02"))
        newer = replace(older, begin=older.begin + minutes * MINUTE)
        visit = VisitPair(name, VisitKind.PICKUP, "home-1", older, newer)
        return PassengerChange(name, Fate.CHANGED, (visit,))

    at_home = PassengerChange("r5", Fate.NO_LONGER_SERVED, ())
    changes = [moved("r1", 1), moved("r2", -40), moved("r3", 5), at_home, moved("r4", 6)]

    inorder = hardest_first(changes)

    assert [each.request for each in inorder] == ["r5", "r2", "r4", "r3", "r1"]
    assert [each.request for each in inorder if is_small(each, 5 * MINUTE)] == ["r3", "r1"]


def test_a_new_request_with_a_promise_is_one_worry(board: TestClient) -> None:
    """With name, time and link: not twice, by number, as if it contradicted itself."""
    path = "/tage/2027-03-03"
    board.post("/api/v1/requests", json={**BODY, "date": "2027-03-03", "name": "Beispiel, Otto"})
    send(board, f"{path}/planen")
    later = {**BODY, "date": "2027-03-03", "appointment": "10:15"}
    name = board.post("/api/v1/requests", json=later).json()["id"]
    page = send(board, f"/wuensche/{name}/vorschlaege", status=200)
    fields = hidden(page, f"/wuensche/{name}/zusagen")
    send(board, f"/wuensche/{name}/zusagen", {**fields, "wie": "zusagen"})

    worries = read(board, path)
    worries = worries[worries.index("Dieser Plan weiß noch nicht") :]
    worries = worries[: worries.index("</ul>")]

    assert worries.count("<li>") == 1
    assert f'<a href="/wuensche/{name}"><bdi>Beispiel, Erika</bdi></a>, 10:15 Uhr: kam' in worries
    assert "obwohl etwas zugesagt ist" in worries
    assert f">{name}" not in worries
