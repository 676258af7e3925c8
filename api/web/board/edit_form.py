"""The form in which a request is changed: its appointment is typed as on the telephone."""

from collections.abc import Mapping
from datetime import date

from api.web.board.call_form import AT_TIME, EMPTY, LABELS, TWO_WAYS_BACK, CallForm, understand
from data.region import Region
from data.request_rows import RequestRow, row_cells

# What the form calls the values of its lists.
_CALLED = {
    ("rueckfahrt", "ja"): "nach Termin",
    ("rueckfahrt", "anruf"): "auf Anruf",
    ("rueckfahrt", "nein"): "keine",
    ("rueckfahrt", AT_TIME): "um eine feste Zeit",
    ("apotheke", "ja"): "irgendeine",
}


def edit_values(row: RequestRow) -> dict[str, str]:
    """Write a request into the fields of the form."""
    cells = row_cells(row)
    day = cells.pop("datum")
    at_time = row.return_at is not None
    return {
        **cells,
        "termin": f"{date.fromisoformat(day):%d.%m.%Y} {cells['termin']}",
        "geburtsdatum": f"{row.born:%d.%m.%Y}" if row.born else "",
        "rueckfahrt": AT_TIME if at_time else cells["rueckfahrt"],
        "rueckfahrt_um": cells["rueckfahrt"] if at_time else "",
    }


def edit_cells(
    values: Mapping[str, str], region: Region, *, before: Mapping[str, str], today: date
) -> tuple[dict[str, str], dict[str, str]]:
    """
    Read the form as the columns of a request, or say by field what is wrong.

    *before* is what stood in it when it was opened.
    """
    form = CallForm({**EMPTY, **values}, {}, "", "")
    understood = understand(form, region, today=today)
    dates, wrong = understood.spoken.dates, dict(understood.wrong)
    if len(dates) > 1:
        wrong["termin"] = "Ein Fahrtwunsch hat nur einen Tag."
    if not values["termin"]:
        wrong["termin"] = "Fehlt. Zum Beispiel: Di 9:30."
    back, at = values["rueckfahrt"], values["rueckfahrt_um"]
    if at and at == before["rueckfahrt_um"] and back != before["rueckfahrt"]:
        wrong["rueckfahrt_um"] = TWO_WAYS_BACK
    if back == AT_TIME and not at:
        wrong["rueckfahrt_um"] = "Fehlt. Zum Beispiel: 11:40."
    day = dates[0].isoformat() if dates else ""
    return {**understood.cells, "datum": day}, wrong


def differences(theirs: RequestRow, typed: RequestRow) -> list[tuple[str, str, str]]:
    """Name each field in which two versions differ, with what stands in either; "" is empty."""
    there, here = edit_values(theirs), edit_values(typed)
    return [
        (
            label,
            _CALLED.get((name, there[name]), there[name]),
            _CALLED.get((name, here[name]), here[name]),
        )
        for name, label in LABELS.items()
        if there[name] != here[name]
    ]
