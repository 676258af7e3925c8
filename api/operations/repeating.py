"""
What may be asked twice and is done once.

The answer is kept in the very transaction that did what was asked (`data.held`), so that either
both are on the disk or neither. Only answers of success are kept: what was refused has done
nothing, and may be tried again.
"""

import functools
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from api.operations.office import Office
from data import answers
from data.acting import current_deed
from data.answers import Answer, Keyed
from data.journal import meeting


class _AnsweredError(Exception):
    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


def once(office: Office, keyed: Keyed, work: Callable[[], Answer]) -> Answer:
    """
    Do *work*, or give the answer that it gave before under the same key of the same caller.

    Raises
    ------
    data.errors.KeyReusedError
        If something else was asked under the same key.
    data.errors.AnswerErasedError
        If it was done, and somebody whom the answer was about is forgotten by now.
    """
    # Whoever happens to choose the key of somebody else gets neither their answer nor a refusal.
    keyed = replace(keyed, key=f"{current_deed().actor} {keyed.key}")
    kept_for = timedelta(days=office.settings.answer_days)

    def find(session: Session) -> Answer | None:
        return answers.find(session, keyed, now=office.now(), kept_for=kept_for)

    def refuse_second(session: Session) -> None:
        # Whoever comes to the write lock second: the first has done it.
        if (answer := find(session)) is not None:
            raise _AnsweredError(answer)

    def keep(session: Session, answer: Answer, about: set[str]) -> None:
        answers.keep(session, keyed, answer, about=about, now=office.now(), kept_for=kept_for)

    with office.store.reading() as session:
        before = find(session)
    if before is not None:
        return before
    try:
        with office.store.holding(refuse_second) as held, meeting() as about:
            answer = work()
            held.finish(functools.partial(keep, answer=answer, about=about))
    except _AnsweredError as second:
        return second.answer
    return answer
