"""
Remedies: why a request found no room, and the smallest changes that would make it fit.

Nothing is guessed. Behind each remedy stands a plan of the changed day that the checker has
passed and that serves everybody else as well.
"""

from scheduler.remedies.changes import Change, Kind, Slot, apply
from scheduler.remedies.explain import PROOF, SEARCH, Explanation, Verdict, explain
from scheduler.remedies.fitting import Remedy

__all__ = [
    "PROOF",
    "SEARCH",
    "Change",
    "Explanation",
    "Kind",
    "Remedy",
    "Slot",
    "Verdict",
    "apply",
    "explain",
]
