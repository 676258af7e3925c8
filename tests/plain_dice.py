"""The random numbers of the kernels in plain Python: splitmix64 on whole numbers."""

from dataclasses import dataclass

WORD = 2**64


@dataclass
class PlainDice:
    """A state, and the numbers that come of it."""

    state: int

    def draw(self) -> float:
        """Next number in [0, 1)."""
        self.state = (self.state + 0x9E3779B97F4A7C15) % WORD
        return self.last()

    def last(self) -> float:
        """The number drawn last: the upper 53 bits of the mixed state."""
        mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9 % WORD
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB % WORD
        return ((mixed ^ (mixed >> 31)) >> 11) / 2**53

    def below(self, count: int) -> int:
        """A whole number from 0 to *count* - 1."""
        return int(self.draw() * count)
