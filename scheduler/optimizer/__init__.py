"""
The dial-a-ride optimizer: a `Problem` in, a `Solution` with a proven bound out.

Knows numbers only. What they mean is the business of the rest of `scheduler`.
"""

from scheduler.optimizer.solving import solve, warm_up

__all__ = ["solve", "warm_up"]
