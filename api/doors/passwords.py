"""Passwords: hashed slowly on purpose, compared in the same time whether there is one or not."""

import secrets
from functools import cache
from typing import Final

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError

from api.doors.errors import WeakPasswordError

SHORTEST: Final = 12
LONGEST: Final = 200
_FEWEST_LETTERS: Final = 5
# Without letters that look like others: they are read from paper, or aloud.
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 4  # 31**16 is 79 bits

_HASH: Final = PasswordHash.recommended()


def hashed(password: str) -> str:
    """Hash a password, with Argon2id; it takes a moment and 64 MiB."""
    return _HASH.hash(password)


def fits(password: str, kept: str | None) -> tuple[bool, str | None]:
    """
    Compare, and say how the password should be kept from now on, if not as it is.

    Where nothing is *kept*, it takes as long, and never fits.
    """
    nobodys = _nobodys()
    try:
        good, better = _HASH.verify_and_update(password, kept or nobodys)
    except UnknownHashError:
        return False, None
    return (good and kept is not None), better


def refuse_weak(password: str, *, name: str, old: str | None = None) -> None:
    """
    Refuse what would be guessed early.

    Raises
    ------
    WeakPasswordError
        With what is wrong, in German.
    """
    fault = ""
    if len(password) < SHORTEST:
        fault = f"Das Passwort braucht mindestens {SHORTEST} Zeichen."
    elif len(password) > LONGEST:
        fault = f"Das Passwort darf höchstens {LONGEST} Zeichen haben."
    elif len(set(password.casefold())) < _FEWEST_LETTERS:
        fault = "Das Passwort besteht aus zu wenigen verschiedenen Zeichen."
    elif name.casefold() in password.casefold():
        fault = "Der Anmeldename darf nicht im Passwort stehen."
    elif password == old:
        fault = "Das neue Passwort ist das alte."
    if fault:
        raise WeakPasswordError(fault)


def invent() -> str:
    """Make a password that can be read aloud."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


@cache
def _nobodys() -> str:
    return _HASH.hash(secrets.token_urlsafe())
