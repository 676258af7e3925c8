"""CPU seconds for programs that can only look at the clock on the wall."""

import time

# Long enough to see whether others work on the machine, short beside any benchmark.
LOOK_SECONDS = 0.3


def on_the_wall(seconds: float) -> float:
    """
    How long so many CPU seconds take, if the machine stays as busy as it is just now.

    On a machine with nothing else to do that is as many; more on a busy one.
    """
    begin, spent = time.perf_counter(), time.process_time()
    while time.perf_counter() - begin < LOOK_SECONDS:
        pass
    share = (time.process_time() - spent) / (time.perf_counter() - begin)
    return seconds / min(1.0, max(share, 0.1))
