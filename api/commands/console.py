"""How commands talk: results on stdout, everything else on stderr, progress only to terminals."""

import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType
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
def interruptible(stop: Callable[[], None]) -> Iterator[None]:
    """Let the first Ctrl+C call *stop* instead of ending the command; the second one ends it."""

    def interrupted(_: int, __: FrameType | None) -> None:
        signal.signal(signal.SIGINT, before)
        err().print("Wird angehalten; der beste Plan bisher bleibt. Strg+C noch einmal bricht ab.")
        stop()

    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def watching() -> Iterator["Watch"]:
    """Show how a plan gets better, where somebody is looking; Ctrl+C keeps the best so far."""
    console = err()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    stopped = threading.Event()
    with (
        Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar,
        interruptible(stopped.set),
    ):
        task = bar.add_task("Plane ...")

        def watch(progress: "Progress") -> bool:
            bar.update(task, description=_describe(progress))
            return not stopped.is_set()

        yield watch


def _describe(progress: "Progress") -> str:
    text = f"Plane ... Fahrzeit {minutes(round(progress.cost))}"
    if progress.bound_cost > 0:
        text += f", mindestens {minutes(round(progress.bound_cost))}"
    if progress.unserved:
        text += f", {progress.unserved} nicht eingeplant"
    return text
