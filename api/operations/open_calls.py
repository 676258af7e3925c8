"""Calls that are not complete yet, and wait for somebody to ring again."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.operations.office import Office
from data import open_calls
from data.open_calls import OpenCall
from data.region import Region


@dataclass(frozen=True)
class Kept:
    """A call that is kept; *apart* beside what somebody else has made of it meanwhile."""

    call: OpenCall
    apart: bool


def keep(
    office: Office,
    region: Region,
    typed: Mapping[str, str],
    *,
    filled: Sequence[str] = (),
    key: str,
    version: int,
) -> Kept:
    """
    Keep what was typed into the form of *key*, however little it is.

    *filled* names the fields that were filled with what is known of somebody. *version* is what
    the form was opened with, 0 if it was empty. If somebody else has changed or
    finished the call since, both are kept.
    """
    with office.store.writing() as session:
        call = open_calls.keep(
            session,
            region.name,
            typed,
            filled=filled,
            key=key,
            version=version,
            now=office.now(),
        )
        if call is not None:
            return Kept(call, apart=False)
        anew = open_calls.keep(
            session,
            region.name,
            typed,
            filled=filled,
            key=secrets.token_urlsafe(16),
            version=0,
            now=office.now(),
        )
        assert anew is not None  # noqa: S101  (nobody else has this key)
        return Kept(anew, apart=True)


def read(office: Office, region: Region, number: int) -> OpenCall:
    """Read one call; `NotKeptError` if it is booked or discarded."""
    with office.store.reading() as session:
        return open_calls.read(session, region.name, number)


def read_all(office: Office, region: Region) -> list[OpenCall]:
    """Read every open call, the oldest first."""
    with office.store.reading() as session:
        return open_calls.read_all(session, region.name)


def count(office: Office, region: Region) -> int:
    """Say how many calls are open."""
    with office.store.reading() as session:
        return open_calls.count(session, region.name)


def finish(office: Office, region: Region, key: str) -> None:
    """The form of *key* is booked."""
    with office.store.writing() as session:
        open_calls.finish(session, region.name, key)


def discard(office: Office, region: Region, number: int) -> OpenCall | None:
    """
    Forget a call that nobody wants any more; returns what it was, to be kept once more.

    A second time nothing happens.
    """
    with office.store.writing() as session:
        return open_calls.discard(session, region.name, number)
