"""How far a plan is, in German: for the day's page, while it is being made and afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.sheets.wording import count, minutes
from api.web.proof import WEAK_GAP, percent
from data.solves import Solve, State


@dataclass(frozen=True)
class SolvingView:
    """
    What stands beside the buttons.

    *headline* says in one sentence how it is, *figures* are names and values of what is known.
    """

    id: str
    open: bool
    stopping: bool
    failed: bool
    step: int
    headline: str
    figures: tuple[tuple[str, str], ...]


_HEADLINES = {
    State.WAITING: "Der Plan wird gleich berechnet.",
    State.RUNNING: "Der Plan wird berechnet.",
    State.DONE: "Der Plan ist fertig.",
    State.STOPPED: "Die Berechnung wurde angehalten; der beste Plan bis dahin gilt.",
}
_STOPPING = "Die Berechnung wird angehalten; der beste Plan bisher bleibt."
_AGAIN = " Sie war unterbrochen und beginnt von vorn."


def solving_view(solve: Solve) -> SolvingView:
    """Put a solve into words."""
    return SolvingView(
        id=solve.id,
        open=solve.open,
        stopping=solve.stop_asked is not None,
        failed=solve.error is not None,
        step=solve.step,
        headline=_headline(solve),
        figures=_figures(solve.progress) if solve.open and solve.progress else (),
    )


def _headline(solve: Solve) -> str:
    if solve.error is not None:
        return solve.error
    if solve.open and solve.stop_asked is not None:
        return _STOPPING
    again = _AGAIN if solve.open and solve.attempt > 1 and not solve.progress else ""
    return _HEADLINES[solve.state] + again


def _figures(progress: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    left = progress["unserved"]
    return (
        ("Rechenzeit", f"{progress['elapsed']:.0f} s"),
        ("Nicht eingeplant", count(left, "Fahrtwunsch", "Fahrtwünsche") if left else "niemand"),
        ("Fahrzeit", minutes(progress["driving_seconds"])),
        ("Güte", _quality(progress)),
    )


def _quality(progress: Mapping[str, Any]) -> str:
    if progress["unserved_weight"] != progress["unserved_weight_bound"]:
        return "noch nicht bewiesen"
    if progress["objective"] <= progress["bound"]:
        return "bewiesen optimal"
    planned, least = progress["driving_seconds"], progress["driving_seconds_bound"]
    gap = (planned - least) / least if least else 1.0
    if gap > WEAK_GAP:
        return f"mindestens {minutes(least)} sind nötig"
    return f"höchstens {percent(gap)} über dem Optimum"
