"""The form of a bus: typed seats and dates to a decision, and back."""

import re
from collections.abc import Mapping
from datetime import date

from api.web.dates import UnreadableDateError, read_day
from data.fleet import KnownVehicle, VehicleChange
from scheduler.model import Load

ROWS = tuple(range(1, 5))
SEATINGS = tuple((f"sitze{row}", f"rollstuhl{row}") for row in ROWS)
# In the order of the page.
LABELS = {
    "art": "Der Bus",
    "ab": "Vom",
    "bis": "bis zum",
    **{f"sitze{row}": f"{row}. Sitze" for row in ROWS},
    **{f"rollstuhl{row}": f"{row}. Rollstuhlplätze" for row in ROWS},
    "bemerkung": "Bemerkung",
}
HERE, AWAY = "da", "weg"
KINDS = ((HERE, "ist da, mit diesen Plätzen"), (AWAY, "ist nicht da, etwa in der Werkstatt"))
_NUMBER = re.compile(r"[0-9]{1,2}")


def bus_values(bus: KnownVehicle, day: date) -> dict[str, str]:
    """Write how a bus is on *day* into the fields; dates are that day, and no end."""
    now = bus.change_on(day)
    loads = now.configurations or bus.filed.configurations
    fields: dict[str, str] = {}
    for number, (seats, wheelchairs) in enumerate(SEATINGS):
        load = loads[number] if number < len(loads) else None
        fields[seats] = str(load.seats) if load else ""
        fields[wheelchairs] = str(load.wheelchairs) if load else ""
    return {
        **fields,
        "art": HERE if now.configurations else AWAY,
        "ab": f"{day.day}.{day.month}.{day.year}",
        "bis": "",
        "bemerkung": now.remark,
    }


def read_bus(
    values: Mapping[str, str], bus: KnownVehicle, *, version: int, today: date
) -> tuple[VehicleChange | None, dict[str, str]]:
    """Read what is to hold; say by field what is wrong with it."""
    wrong: dict[str, str] = {}
    since, until = _day(values, "ab", wrong, today), None
    if values["bis"]:
        until = _day(values, "bis", wrong, today)
    loads: list[Load] = []
    if values["art"] == HERE:
        loads = _loads(values, wrong)
    elif values["art"] != AWAY:
        wrong["art"] = "Bitte aus der Liste wählen."
    if wrong or since is None:
        return None, wrong
    remark = values["bemerkung"]
    if not loads and remark == bus.remark:
        remark = ""  # it is about the seats, and says nothing of why the bus is away
    return VehicleChange(bus.filed.id, tuple(loads), remark, since, until, version=version), {}


def _day(values: Mapping[str, str], name: str, wrong: dict[str, str], today: date) -> date | None:
    try:
        return read_day(values[name], today=today)
    except UnreadableDateError as error:
        wrong[name] = str(error)
        return None


def _loads(values: Mapping[str, str], wrong: dict[str, str]) -> list[Load]:
    loads = []
    for names in SEATINGS:
        typed = [values[name] for name in names]
        if not any(typed):
            continue
        for name, text in zip(names, typed, strict=True):
            if text and not _NUMBER.fullmatch(text):
                wrong[name] = "Bitte eine Zahl, z. B. 6."
        if not wrong.keys() & set(names):
            loads.append(Load(*(int(text or 0) for text in typed)))
    if not loads and not wrong:
        wrong["sitze1"] = "Wie viele Sitze hat er? Ist er nicht da, bitte oben so wählen."
    return loads
