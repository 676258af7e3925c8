"""Forms: what a browser sends, and where it goes on."""

from collections.abc import Container, Iterable
from urllib.parse import urlencode

from fastapi.exceptions import RequestValidationError
from starlette.datastructures import FormData

LONGEST = 5_000  # letters of one field; fields of our pages take as many


def fields_of(sent: FormData) -> dict[str, str]:
    """
    The texts of a form; of several of one name, the last; files are left out.

    Raises
    ------
    RequestValidationError
        If one of them is longer than any that our pages send: nobody has to read that.
    """
    texts = {name: value.strip() for name, value in sent.multi_items() if isinstance(value, str)}
    long = [name for name, value in texts.items() if len(value) > LONGEST]
    if long:
        raise RequestValidationError(
            [{"type": "string_too_long", "loc": ("body", name), "input": ""} for name in long]
        )
    return texts


def first_bad(fields: Iterable[str], wrong: Container[str]) -> str:
    """Name the first of *fields* with which something is wrong; "" if all are good."""
    return next((name for name in fields if name in wrong), "")


def booked_address(booked: Iterable[str], late: Iterable[str]) -> str:
    """Where it stands what was booked in one call; for *late* ones others were faster."""
    named = [*(("wunsch", each) for each in booked), *(("zu_spaet", each) for each in late)]
    return f"/anruf/fertig?{urlencode(named)}"
