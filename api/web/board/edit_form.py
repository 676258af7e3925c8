"""The form in which a request is changed: its appointment is typed as on the telephone."""

from collections.abc import Mapping
from datetime import date

from api.web.board.call_form import AT_TIME, EMPTY, CallForm, understand
from data.region import Region
from data.request_rows import RequestRow, row_cells


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
    values: Mapping[str, str], region: Region, *, today: date
) -> tuple[dict[str, str], dict[str, str]]:
    """Read the form as the columns of a request, or say by field what is wrong."""
    form = CallForm({**EMPTY, **values}, {}, "", "")
    understood = understand(form, region, today=today)
    spoken = understood.spoken
    if spoken.questions or not spoken.dates:
        question = " ".join(spoken.questions) or "Fehlt. Zum Beispiel: Di 9:30."
        return {}, {"termin": question}
    if len(spoken.dates) > 1:
        return {}, {"termin": "Ein Fahrtwunsch hat nur einen Tag."}
    return {**understood.cells, "datum": spoken.dates[0].isoformat()}, {}
