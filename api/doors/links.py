"""What stands in the address of a driver's link: the shift, signed."""

import datetime as dt
import hashlib

from itsdangerous import BadData, URLSafeSerializer

from api.doors.roles import Link

_PURPOSE = "fahrt"


def sign(key: bytes, link: Link, times: int) -> str:
    """Write a link that was made anew so many *times*."""
    return _serializer(key).dumps([link.region, link.day.isoformat(), link.shift, times])


def read(key: bytes, token: str) -> tuple[Link, int] | None:
    """Read what `sign` wrote with the same key; ``None`` for anything else."""
    try:
        region, day, shift, times = _serializer(key).loads(token)
    except BadData:
        return None
    return Link(region, dt.date.fromisoformat(day), shift), times


def _serializer(key: bytes) -> URLSafeSerializer:
    return URLSafeSerializer(
        key,
        salt=_PURPOSE,
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
    )
