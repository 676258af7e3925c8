"""`fahrten replan`, as somebody runs it."""

from pathlib import Path

from tests.builders_commands import DAY as DATE
from tests.builders_commands import Fahrten


def test_the_command_says_whom_to_ring(fahrten: Fahrten, tmp_path: Path) -> None:
    """By name and number on the terminal; by id only in JSON."""
    assert fahrten("sample-day").code == 0
    told = fahrten("replan", DATE, "--late", "vormittag=50", "--at", "9:00", "--out", tmp_path)
    assert told.code == 0, told.err
    assert "Bitte anrufen:" in told.out
    assert "Tel. 030 23125" in told.out
    assert list(tmp_path.glob(f"{DATE}-vormittag-aenderung-*.pdf"))

    again = fahrten("replan", DATE, "--cancelled", "r20", "--at", "9:30", "--json")
    assert again.code == 0
    assert again.document["happened"] == "cancelled"
    assert "Beispiel" not in again.out

    other = fahrten("replan", DATE, "--substitute", "nachmittag=f13", "--at", "9:35", "--json")
    assert other.code == 0
    assert other.document["happened"] == "substitute"
    nobody = fahrten("replan", DATE, "--substitute", "nachmittag", "--at", "9:36")
    assert nobody.code == 2
    assert "--substitute nachmittag=f13" in nobody.err

    closed = fahrten("replan", DATE, "--road-closed", "MVZ Kalletal=20", "--at", "9:40")
    assert closed.code == 0, closed.err
    whole = fahrten("plan", DATE)
    assert whole.code == 1
    assert "nicht mehr als Ganzes geplant" in whole.err
    assert "nimmt `fahrten replan` auf" in " ".join(whole.err.split())
    nowhere = fahrten("replan", DATE, "--road-closed", "Nirgendweg 1, Talle", "--at", "9:50")
    assert nowhere.code == 4
    assert "Nirgendweg" in nowhere.err
    wrong = fahrten("replan", DATE, "--late", "vormittag", "--at", "10:00")
    assert wrong.code == 2
    assert "--late morning=20" in wrong.err
    both = fahrten("replan", DATE, "--cancelled", "r1", "--no-show", "r2")
    assert both.code == 2
