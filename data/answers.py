"""
Answers that were given under a key, so that whoever repeats a call gets the same one.

An answer may name people. It is sealed with the key that the caller chose, and the key itself is
not kept: without a caller who repeats it, nobody can read the answer, and nobody can tell what
was asked. That it was given again is noted in the audit under the same name as that it was kept,
together with whom it is about.
"""

import base64
import datetime as dt
import hmac
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.fernet import Fernet
from sqlalchemy import delete
from sqlalchemy.orm import Session

from data.acting import current_deed
from data.errors import KeyReusedError
from data.journal import journal_of
from data.tables import KeptAnswer


@dataclass(frozen=True)
class Answer:
    """What was answered, byte for byte; *headers* are those that say something about it."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Keyed:
    """
    A call under a *key* of the caller's; *asked* is a digest of all that was asked.

    *by* is who calls: under the same key, somebody else is not given their answer.
    """

    key: str
    asked: bytes
    by: str = field(default_factory=lambda: current_deed().actor)

    @property
    def name(self) -> str:
        """What stands in the database instead of the key."""
        return self._made_of(b"name").hex()

    @property
    def noted(self) -> str:
        """How the audit calls the answer."""
        return self.name[:16]

    @property
    def proof(self) -> str:
        """Tells whether the same was asked, to nobody without the key."""
        return self._made_of(b"asked " + self.asked).hex()

    @property
    def seal(self) -> Fernet:
        """Closes and opens the answer."""
        return Fernet(base64.urlsafe_b64encode(self._made_of(b"seal")))

    def _made_of(self, what: bytes) -> bytes:
        own = hmac.digest(self.key.encode(), self.by.encode(), "sha256")
        return hmac.digest(own, what, "sha256")


def find(
    session: Session, call: Keyed, *, now: dt.datetime, kept_for: dt.timedelta
) -> Answer | None:
    """
    Find what was answered to the same call before; ``None`` if it is new, or long ago.

    Raises
    ------
    KeyReusedError
        If something else was asked under the same key.
    """
    kept = session.get(KeptAnswer, call.name)
    if kept is None or kept.given + kept_for <= now:
        return None
    if not hmac.compare_digest(kept.proof, call.proof):
        msg = (
            "Unter diesem Idempotency-Key wurde schon etwas anderes gesendet. Bitte für jeden "
            "neuen Auftrag einen neuen Schlüssel wählen."
        )
        raise KeyReusedError(msg)
    journal_of(session).read("answers", call.noted)
    head, _, body = zlib.decompress(call.seal.decrypt(kept.sealed)).partition(b"\n")
    return Answer(**json.loads(head), body=body)


def keep(
    session: Session, call: Keyed, answer: Answer, *, now: dt.datetime, kept_for: dt.timedelta
) -> None:
    """Keep an answer, and forget those that are too old."""
    session.execute(delete(KeptAnswer).where(KeptAnswer.given <= now - kept_for))
    head = json.dumps({"status": answer.status, "headers": dict(answer.headers)})
    sealed = call.seal.encrypt(zlib.compress(head.encode() + b"\n" + answer.body))
    journal_of(session).added("answers", call.noted)
    session.add(KeptAnswer(name=call.name, proof=call.proof, sealed=sealed, given=now))
