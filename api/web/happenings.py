"""What happened on a day in German words, and whom that concerns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api.operations.amending import Amended
from api.operations.days import PlannedDay
from api.sheets.wording import minutes
from scheduler.clock import hh_mm


@dataclass(frozen=True)
class HappenedView:
    """
    One event: when, what, and the version of the plan that it led to.

    *ring* says for each passenger whose promise it broke what they have to be told.
    """

    time: str
    what: str
    version: int
    ring: tuple[str, ...]


def happened_views(happened: Iterable[Amended], planned: PlannedDay) -> list[HappenedView]:
    """Put what happened on the day of *planned* into words, the newest first."""
    views = [_view(each, planned) for each in happened]
    return views[::-1]


def _view(amended: Amended, planned: PlannedDay) -> HappenedView:
    announced = amended.announced
    return HappenedView(
        time=hh_mm(amended.at),
        what=happening_text(amended.happened, planned),
        version=amended.version,
        ring=(
            *(
                f"{_who(name, planned)}: kann nicht mehr gefahren werden"
                for name in announced.given_up
            ),
            *(
                f"{_who(name, planned)}: bis zu {minutes(by)} später als zugesagt"
                for name, by in announced.late.items()
            ),
        ),
    )


def happening_text(happened: Mapping[str, object], planned: PlannedDay) -> str:
    """Say what happened; *happened* is as it is kept with a version."""
    region = planned.region
    who = _who(str(happened.get("request", "")), planned)
    shift = region.shift_label(str(happened["shift"])) if "shift" in happened else ""
    match happened["kind"]:
        case "cancelled":
            back = happened.get("way_back_only")
            text = f"{who} sagt die Rückfahrt ab" if back else f"{who} sagt ab"
        case "no_show":
            text = f"{who} war nicht da"
        case "caught_up":
            text = "Seit der Planung Zugesagtes und Abgesagtes eingearbeitet"
        case "joined":
            text = f"{who} fährt mit"
        case "ready":
            text = f"{who} kann ab {hh_mm(_whole(happened['at']))} Uhr zurück"
        case "delayed":
            text = f"{shift}: {minutes(_whole(happened['late']))} im Verzug"
        case "out_of_service":
            why = {"vehicle": "Bus defekt", "driver": "Fahrer:in krank"}
            named = [words for key, words in why.items() if happened.get(key)]
            text = f"{shift}: {' und '.join(named) or 'fällt aus'}"
        case "road_closed":
            text = f"Straße gesperrt (im Umkreis von {happened['metres']} m)"
        case kind:
            msg = f"Nobody knows how to say {kind!r}."
            raise ValueError(msg)
    return text


def _who(request: str, planned: PlannedDay) -> str:
    contact = planned.input.contacts.get(request)
    if contact is None:
        return f"Fahrtwunsch {request}"
    return f"{contact.name} (Tel. {contact.phone})" if contact.phone else contact.name


def _whole(value: object) -> int:
    assert isinstance(value, int)  # noqa: S101  (times are kept as whole seconds)
    return value
