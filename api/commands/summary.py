"""A planned day on a terminal, in German."""

from rich.console import Console
from rich.table import Table

from api.operations.days import PlannedDay
from api.sheets.wording import count, full_date, kilometres, window
from api.web.proof import prove
from api.web.reasons import reason_text
from scheduler.crowd import MOST_JOURNEYS
from scheduler.model import VisitKind
from scheduler.plan import Route

SHOWN = 50  # more reasons than that nobody reads


def show(console: Console, planned: PlannedDay) -> None:
    """Say who rides, who does not and why, and how good the plan is."""
    plan, region = planned.plan, planned.region
    requests = len(planned.input.requests)
    served = len({visit.request for visit in plan.visits})
    metres = sum(route.metres for route in plan.routes)
    proof = prove(
        plan,
        promised=bool(planned.promises),
        broken=len(planned.broken),
        steady=planned.day.steady,
        running=planned.amended,
    )
    console.print(f"{full_date(plan.date)}, {region.title}")
    if closed := region.closed(plan.date):
        console.print(f"Kein Bus: {closed}.")
    console.print(
        f"{served} von {count(requests, 'Fahrtwunsch', 'Fahrtwünschen')} eingeplant, "
        f"{count(len(plan.routes), 'Dienst', 'Dienste')}, {kilometres(metres)}"
    )
    if requests:
        console.print(f"Güte: {proof.short}. {proof.long}")
    if plan.routes:
        console.print(_table(planned))
    if planned.promises:
        kept = len(planned.promises) - len(planned.broken)
        console.print(f"{kept} von {count(len(planned.promises), 'Zusage', 'Zusagen')} gehalten.")
    if planned.broken:
        console.print(
            f"NICHT zu halten: {', '.join(planned.broken)}. Bitte anrufen, und die Zusage "
            "zurücknehmen oder etwas anderes zusagen."
        )
    if plan.unserved:
        console.print("Nicht eingeplant:")
        labels = planned.input.labels(region)
        for unserved in plan.unserved[:SHOWN]:
            contact = planned.input.contacts.get(unserved.request)
            name = f" {contact.name}" if contact else ""
            console.print(f"  {unserved.request}{name}: {reason_text(unserved, labels)}")
        if len(plan.unserved) > SHOWN:
            console.print(f"  ... und {len(plan.unserved) - SHOWN} weitere.")
    if len(planned.day.journeys) > MOST_JOURNEYS:
        console.print(
            f"Mehr als {MOST_JOURNEYS} Fahrtwünsche lassen sich nicht zugleich planen: die "
            "übrigen wurden gar nicht erst versucht."
        )


def _table(planned: PlannedDay) -> Table:
    table = Table()
    for heading in ("Dienst", "Zeit", "Fahrer:in", "Fahrgäste", "Halte", "Strecke"):
        table.add_column(heading, justify="right" if heading in {"Halte", "Strecke"} else "left")
    hours = {shift.id: window(shift.hours) for shift in planned.day.shifts}
    for route in planned.plan.routes:
        table.add_row(
            planned.region.shift_label(route.shift),
            hours[route.shift],
            planned.region.driver_label(route.driver),
            str(_passengers(route)),
            str(sum(bool(stop.visits) for stop in route.halts)),
            kilometres(route.metres),
        )
    return table


def _passengers(route: Route) -> int:
    return len(
        {
            visit.request
            for stop in route.stops
            for visit in stop.visits
            if visit.kind is VisitKind.PICKUP
        }
    )
