"""
Answers that were given under a key, so that whoever repeats a call gets the same one.

An answer may name people. It is sealed with the key that the caller chose, and the key itself is
not kept: without a caller who repeats it, nobody can read the answer, and nobody can tell what
was asked. So the numbers of those whom it is about stand beside it: with one of them, it is
forgotten, and only the proof stays that the call was done, so that it is not done again. That an
answer was given again is noted in the audit under the same name as that it was kept.
"""

import base64
import datetime as dt
import hmac
import json
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from cryptography.fernet import Fernet
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from data.acting import current_deed
from data.errors import AnswerErasedError, KeyReusedError
from data.journal import journal_of
from data.request_ids import row_number
from data.tables import KeptAnswer, Person


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
    AnswerErasedError
        If somebody whom the answer was about is forgotten by now.
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
    if not kept.sealed:
        raise AnswerErasedError
    journal_of(session).read("answers", call.noted)
    head, _, body = zlib.decompress(call.seal.decrypt(kept.sealed)).partition(b"\n")
    return Answer(**json.loads(head), body=body)


def keep(
    session: Session,
    call: Keyed,
    answer: Answer,
    *,
    about: Collection[str],
    now: dt.datetime,
    kept_for: dt.timedelta,
) -> None:
    """
    Keep an answer, and forget those that are too old.

    *about* names whom it tells of (`data.journal.meeting`). If one of them was forgotten while it
    was being made, only the proof is kept.
    """
    forget_given_before(session, now - kept_for)
    head = json.dumps({"status": answer.status, "headers": dict(answer.headers)})
    sealed = call.seal.encrypt(zlib.compress(head.encode() + b"\n" + answer.body))
    journal_of(session).added("answers", call.noted)
    kept = KeptAnswer(name=call.name, proof=call.proof, given=now, sealed=sealed)
    kept.about = sorted(about)
    if not _all_known(session, about):
        _empty(kept)
    session.add(kept)


def forget_about(session: Session, names: Collection[str]) -> None:
    """Forget what was answered about any of *names*, such as "p12", "r17" or "home-7"."""
    if not names:
        return
    for kept in session.scalars(select(KeptAnswer).where(KeptAnswer.sealed != b"")):
        if kept.about is None or not set(names).isdisjoint(kept.about):
            _empty(kept)


def rename(session: Session, old: str, new: str) -> None:
    """Let answers about *old* be about *new*, who is the same."""
    for kept in session.scalars(select(KeptAnswer)):
        if old in (kept.about or ()):
            kept.about = sorted({new, *(kept.about or ())} - {old})


def forget_given_before(session: Session, moment: dt.datetime) -> int:
    """Delete answers that nobody can have any more, with their proofs; returns how many."""
    old = delete(KeptAnswer).where(KeptAnswer.given <= moment).returning(KeptAnswer.name)
    return len(session.execute(old).all())


def _empty(kept: KeptAnswer) -> None:
    kept.sealed, kept.about = b"", []


def _all_known(session: Session, about: Collection[str]) -> bool:
    people = {row_number(name[1:]) for name in about if name.startswith("p")}
    known = session.scalars(select(Person.id).where(Person.id.in_(people)))
    return people == set(known)
