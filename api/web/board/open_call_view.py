"""An open call in German words: whose it is, what was said, what is missing."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from api.sheets.wording import moment
from api.web.board.call_form import EMPTY, FIELDS, LABELS
from data.open_calls import OpenCall

_SHOWN = 60  # letters of what was typed


@dataclass(frozen=True)
class OpenCallView:
    """One open call; what was not said is ""."""

    number: int
    name: str
    phone: str
    said: str
    missing: tuple[str, ...]
    since: str


def open_call_view(call: OpenCall, zone: ZoneInfo) -> OpenCallView:
    """Put an open call into words."""
    typed = call.typed
    said = (typed.get(field, "") for field in ("termin", "ziel", "hinweis"))
    wanted = ("name", "termin", "abholort", "telefon")
    empty = [LABELS[field] for field in wanted if not typed.get(field, "")]
    return OpenCallView(
        number=call.number,
        name=typed.get("name", "") or "ohne Namen",
        phone=typed.get("telefon", ""),
        said=" · ".join(text[:_SHOWN] for text in said if text),
        missing=tuple(empty),
        since=moment(call.changed.astimezone(zone)),
    )


def typed_text(call: OpenCall) -> str:
    """All that was typed, in one line: "Name: Beispiel, Erika; Telefon: 030 23125 001"."""
    filled = (field for field in FIELDS if call.typed.get(field, "") not in {"", EMPTY.get(field)})
    return "; ".join(f"{LABELS.get(field, field)}: {call.typed[field]}" for field in filled)
