"""Tourenblätter of a planned day: one manifest, or all of them as files."""

import json
from datetime import datetime
from pathlib import Path

from api.operations.days import PlannedDay
from api.sheets.document import tourenblatt_json
from api.sheets.pdf import tourenblatt_pdf
from data.errors import NotKeptError
from scheduler.manifest import Header, Manifest, make_manifest
from scheduler.model import ShiftId


def manifest(planned: PlannedDay, shift_id: ShiftId, *, printed: datetime) -> Manifest:
    """
    Write down what the driver of one shift reads.

    Raises
    ------
    NotKeptError
        If the plan has no such shift.
    """
    region, plan = planned.region, planned.plan
    route = next((route for route in plan.routes if route.shift == shift_id), None)
    if route is None:
        shifts = ", ".join(route.shift for route in plan.routes) or "keiner"
        msg = f"Am {plan.date:%d.%m.%Y} gibt es keinen Dienst „{shift_id}“. Es gibt: {shifts}."
        raise NotKeptError(msg)
    return make_manifest(
        plan,
        planned.day,
        shift_id,
        header=Header(
            region=region.title,
            shift=region.shift_label(shift_id),
            driver=region.driver_label(route.driver),
            vehicle=region.vehicle_label(route.vehicle),
            version=str(planned.version or 1),
            printed=printed,
            dispatch_phone=region.dispatch_phone,
            emergency_phone=region.emergency_phone,
        ),
        requests={request.id: request for request in planned.input.requests},
        contacts=planned.input.contacts,
        labels=planned.input.labels(region),
    )


def file_names(planned: PlannedDay) -> list[str]:
    """Name the sheets by date and shift and nothing else: file names get about."""
    return [
        f"{planned.plan.date}-{route.shift}.{form}"
        for route in planned.plan.routes
        for form in ("pdf", "json")
    ]


def write_sheets(planned: PlannedDay, folder: Path, *, printed: datetime) -> list[Path]:
    """Write the sheet of each shift as PDF and JSON; say which files these are."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / name for name in file_names(planned)]
    for number, route in enumerate(planned.plan.routes):
        sheet = manifest(planned, route.shift, printed=printed)
        text = json.dumps(tourenblatt_json(sheet), ensure_ascii=False, indent=2)
        _write(files[2 * number], tourenblatt_pdf(sheet))
        _write(files[2 * number + 1], text.encode())
    return files


def _write(file: Path, content: bytes) -> None:
    """Never leave half a sheet behind, whatever happens meanwhile."""
    unfinished = file.with_name(f".{file.name}.part")
    unfinished.write_bytes(content)
    unfinished.replace(file)
