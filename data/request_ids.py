"""The number of a request in the database, and the pseudonymous id that everybody else knows."""

from data.errors import NotKeptError
from scheduler.model import RequestId


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
    digits = request.removeprefix("r")
    # SQLite keeps 64 bits; a longer number is nobody's.
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 18):
        msg = f"Einen Fahrtwunsch {request} gibt es nicht; einer heißt zum Beispiel r17."
        raise NotKeptError(msg)
    return int(digits)
