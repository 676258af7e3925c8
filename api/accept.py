"""Which form of a document the caller wants, from the Accept header (RFC 9110, 12.5.1)."""

from collections.abc import Sequence

from api.errors import NotAcceptableError


def choose(accept: str, offered: Sequence[str]) -> str:
    """
    Choose among the media types *offered*; of equally welcome ones, the first.

    Raises
    ------
    NotAcceptableError
        If the caller wants none of them.
    """
    wanted = accept.strip() or "*/*"
    welcome = [(_quality(wanted, media_type), -place) for place, media_type in enumerate(offered)]
    quality, place = max(welcome)
    if quality <= 0:
        msg = f"Dieses Blatt gibt es nur als {', '.join(offered)}."
        raise NotAcceptableError(msg)
    return offered[-place]


def _quality(accept: str, media_type: str) -> float:
    """How welcome a type is: what names it more exactly counts, "text/html" before "text/*"."""
    kind = media_type.split("/", maxsplit=1)[0]
    patterns = ("*/*", f"{kind}/*", media_type)
    best = (-1, 0.0)
    for entry in accept.split(","):
        name, *parameters = (part.strip().lower() for part in entry.split(";"))
        if name in patterns:
            best = max(best, (patterns.index(name), _weight(parameters)))
    return best[1]


def _weight(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(1.0, max(0.0, float(value)))
            except ValueError:
                return 0.0
    return 1.0
