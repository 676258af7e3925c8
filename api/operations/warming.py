"""The optimizer's kernels: loaded or compiled while nobody waits for them yet."""

import logging
import threading
from typing import Literal

log = logging.getLogger("fahrten")

State = Literal["ok", "compiling", "cold", "failing"]


class Warming:
    """
    Whether plans can be made, and at once.

    ``"cold"`` until somebody asks for the kernels, ``"compiling"`` until they are there; planning
    works meanwhile, but waits for them.
    """

    def __init__(self) -> None:
        self._state: State = "cold"

    @property
    def state(self) -> State:
        """How far it is; where nobody asked for the kernels, whether they could be compiled."""
        if self._state == "cold":
            try:
                import scheduler.optimizer  # noqa: F401  (numba finds no place for its cache: here)
            except Exception as error:  # noqa: BLE001  (whatever it is, no plan can be made)
                self._fail(error)
        return self._state

    def start(self) -> None:
        """Begin in a thread of its own, which ends with the process."""
        self._state = "compiling"
        threading.Thread(target=self.run, name="warm-up", daemon=True).start()

    def run(self) -> None:
        """Load every kernel, or compile it."""
        self._state = "compiling"
        try:
            from scheduler.optimizer import warm_up

            warm_up()
        except Exception as error:  # noqa: BLE001  (as above)
            self._fail(error)
        else:
            self._state = "ok"

    def _fail(self, error: Exception) -> None:
        log.error("the optimizer cannot be compiled", exc_info=error)
        self._state = "failing"
