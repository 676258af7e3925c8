"""How commands talk: results on stdout, everything else on stderr, progress only to terminals."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import Progress as Bar
from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

from api.sheets.wording import minutes
from data.errors import Rejected

if TYPE_CHECKING:
    from scheduler.optimizer.solution import Progress, Watch

SHOWN_FAULTS = 50  # a file with thousands of them has one cause


def out() -> Console:
    """The console for results; no markup, no colours of its own, no cut lines in a pipe."""
    return Console(file=sys.stdout, markup=False, highlight=False, soft_wrap=True)


def err() -> Console:
    """The console for everything that is not the result."""
    return Console(file=sys.stderr, markup=False, highlight=False, soft_wrap=True)


def show_faults(console: Console, faults: Iterable[Rejected]) -> None:
    """List what is wrong with rows, one line each."""
    every = list(faults)
    if not every:
        return
    rows = len({fault.row for fault in every})
    console.print(f"\nNicht angenommen ({rows} {'Zeile' if rows == 1 else 'Zeilen'}):")
    for fault in every[:SHOWN_FAULTS]:
        console.print(f"  {fault}")
    if len(every) > SHOWN_FAULTS:
        console.print(f"  ... und {len(every) - SHOWN_FAULTS} weitere Fehler.")


@contextmanager
def watching() -> Iterator["Watch | None"]:
    """Show how a plan gets better, where somebody is looking."""
    console = err()
    if not console.is_terminal:
        yield None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("Plane ...")

        def watch(progress: "Progress") -> bool:
            bar.update(task, description=_describe(progress))
            return True

        yield watch


def _describe(progress: "Progress") -> str:
    text = f"Plane ... Fahrzeit {minutes(round(progress.cost))}"
    if progress.bound_cost > 0:
        text += f", mindestens {minutes(round(progress.bound_cost))}"
    return text
