"""Whole seconds and whole metres: the only units inside the program."""

from typing import TypeAlias

Seconds: TypeAlias = int
Metres: TypeAlias = int

MINUTE: Seconds = 60
HOUR: Seconds = 60 * MINUTE
KILOMETRE: Metres = 1000
