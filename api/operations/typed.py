"""What is wrong with a text that somebody typed, whatever it is about."""

import re

from data.errors import Rejected

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def text_faults(field: str, text: str, *, longest: int) -> list[Rejected]:
    """Say in German that *text* is longer than it may be, or has characters that nobody sees."""
    if len(text) > longest:
        message = f"Das ist zu lang; erlaubt sind {longest} Zeichen."
        return [Rejected(0, field, text[:40], message)]
    if _CONTROL.search(text):
        message = "Darin stehen Zeichen, die niemand sieht; bitte neu tippen."
        return [Rejected(0, field, "", message)]
    return []
