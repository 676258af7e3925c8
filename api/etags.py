"""Versions of documents in HTTP: what ETag and If-Match say (RFC 9110, 8.8.3 and 13.1.1)."""

import re
from typing import Annotated

from fastapi import Header

IfMatch = Annotated[
    str | None,
    Header(
        description="The ETag of the version that was read; if it is another one by now, nothing "
        "is changed (409). Without it, whoever is last wins.",
        max_length=500,
        examples=['"3"'],
    ),
]

_TAG = re.compile(r'(W/)?"([^"]*)"')


def etag(version: int) -> str:
    """Write a version as a strong tag: 3 -> '"3"'."""
    return f'"{version}"'


def versions(if_match: str | None) -> frozenset[str] | None:
    """
    Read which versions a change is meant for; ``None`` for any, or if nothing was said.

    A weak tag, and what is no tag at all, is no version: nothing will match.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    return frozenset(tag for weak, tag in _TAG.findall(if_match) if not weak)
