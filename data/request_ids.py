"""The number of a request in the database, and the pseudonymous id that everybody else knows."""

from data.errors import NotKeptError
from scheduler.model import RequestId

LARGEST = 2**31 - 1  # PostgreSQL refuses to look for a larger one
LONGEST = len(str(LARGEST))


def request_id(number: int) -> RequestId:
    """17 -> "r17"."""
    return f"r{number}"


def request_number(request: RequestId) -> int:
    """
    "r17" -> 17.

    Raises
    ------
    NotKeptError
        If no request can be called so.
    """
    number = row_number(request.removeprefix("r"))
    if number is None:
        msg = f"Einen Fahrtwunsch {request} gibt es nicht; einer heißt zum Beispiel r17."
        raise NotKeptError(msg)
    return number


def row_number(digits: str) -> int | None:
    """Read the number of a row; ``None`` for what no row can be called."""
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST):
        return None
    return number if (number := int(digits)) <= LARGEST else None
