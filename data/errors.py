"""
What can go wrong with what is read or kept.

The messages are German: they are shown to whoever handed in the file or typed the request.

    ValueError
     └── DataError
          ├── UnreadableFileError       no row of a file could be read; names what is missing
          ├── RefusedRowError           a single request that cannot be taken; names the fields
          └── PlanDocumentError    a plan file that is not one; names the place in it
    LookupError
     └── NotKeptError                   nothing is stored under that key
    RuntimeError
     ├── SamePersonError           somebody is kept already, under another number
     ├── KeyReusedError            something else was asked under the same key
     ├── AnswerErasedError         what was answered is deleted, with somebody it was about
     ├── LostLeaseError            somebody else has taken over what one was at
     └── UnkeptPromisesError       promises that can no longer be kept together; names them
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Rejected:
    """
    One thing that is wrong with one row, in German, for whoever wrote it.

    *row* is counted as a spreadsheet counts it (the first row is 1); 0 where there is no file.
    *field* is the column, "" where the whole row is meant.
    """

    row: int
    field: str
    value: str
    message: str

    def __str__(self) -> str:
        where = f"Zeile {self.row}" if self.row else ""
        what = f"{self.field} „{self.value}“" if self.value else self.field
        head = ", ".join(part for part in (where, what) if part)
        return f"{head}: {self.message}" if head else self.message


class DataError(ValueError):
    """Something that was handed in makes no sense."""


class UnreadableFileError(DataError):
    """A file of which not one row can be used; *rejected* says what is wrong with it."""

    def __init__(self, message: str, rejected: tuple[Rejected, ...] = ()) -> None:
        super().__init__(message)
        self.rejected = rejected


class RefusedRowError(DataError):
    """A request that cannot be taken as it is; *rejected* has one entry for each fault."""

    def __init__(self, rejected: tuple[Rejected, ...]) -> None:
        super().__init__(" ".join(str(fault) for fault in rejected))
        self.rejected = rejected


class OtherRideError(DataError):
    """Another ride is asked for, where only the person behind the same one may change."""


class PlanDocumentError(DataError):
    """A plan document that cannot be read; the message names the place in it."""


class NotKeptError(LookupError):
    """Nothing is stored under that key."""


class SamePersonError(RuntimeError):
    """Somebody of this name, birth date and phone is kept already, under another *number*."""

    def __init__(self, number: int) -> None:
        super().__init__(
            f"Name, Geburtsdatum und Telefon sind die von p{number}. Bitte dort ändern, oder beide "
            "zusammenführen."
        )
        self.number = number


class KeyReusedError(RuntimeError):
    """A key that names one call was sent with another."""


class AnswerErasedError(RuntimeError):
    """A call was done before, and what was answered told of somebody who is forgotten by now."""

    def __init__(self) -> None:
        super().__init__(
            "Die Antwort auf diesen Aufruf ist gelöscht, denn sie betraf jemanden, dessen Daten "
            "inzwischen gelöscht sind. Der Aufruf selbst ist längst ausgeführt und wird nicht "
            "wiederholt."
        )


class LostLeaseError(RuntimeError):
    """Somebody else has taken over meanwhile: what one would write is not wanted any more."""


class UnkeptPromisesError(RuntimeError):
    """
    Not all promises of a day can be kept any more: its shifts, roads or places are others by now.

    *requests* are those that would be left behind, of the many ways to choose them the lightest
    that was found. Nothing was changed in the database.
    """

    def __init__(self, day: date, requests: tuple[str, ...]) -> None:
        named = ", ".join(requests)
        super().__init__(
            f"Am {day:%d.%m.%Y} sind nicht mehr alle Zusagen zu halten, denn Dienste, Orte oder "
            f"Straßen wurden geändert. Nicht zu halten: {named}. Bitte anrufen, und die Zusage "
            "zurücknehmen oder etwas anderes zusagen."
        )
        self.requests = requests
