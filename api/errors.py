"""
What goes wrong between the doors and the data; `api.kinds` says how the world learns of it.

    Exception
     ├── SettingsError          the installation is set up wrongly, one line per mistake
     ├── BusyError              the day is being planned already
     ├── StoppedEarlyError      somebody has stopped the planning before there was a plan
     ├── NoSolverError          there is nobody who could plan at the moment
     ├── OutdatedPlanError      the region has changed since a day was planned
     ├── EventRefusedError      nothing of the kind can have happened on that day
     ├── NotNewestError         an older version of a plan is to be published
     ├── UnpublishableError     a plan is wrong; has what the checker found
     ├── RunningDayError        a day on which something happened is to be planned as a whole
     ├── CancelledError         a cancelled request is to be changed
     ├── EditedMeanwhileError   somebody else has changed the request; has both versions
     ├── PersonEditedError      somebody else has changed the passenger; has both versions
     ├── SeriesEditedError      somebody else has changed the series; has it as it stands
     ├── ShiftDecidedError      somebody else has decided who drives; has what holds now
     ├── PlaceEditedError       somebody else has changed the place; has what holds now
     ├── OfferGoneError         an offer can no longer be accepted; has fresh ones
     │    ├── ExpiredOfferError      it took too long
     │    └── OvertakenOfferError    others were promised its seats
     ├── AlreadyPromisedError   something else is promised, and would be lost
     ├── ErasureRefusedError    somebody still rides, and cannot be forgotten yet
     ├── SheetsFolderError      the Tourenblätter cannot be written there
     ├── UnauthorizedError      nobody knows who calls
     ├── ForbiddenError         the caller has no role that may do it
     │    ├── ForeignPageError       a page of somebody else may have made the browser call
     │    └── MustChangeError        first, the password has to be another one
     ├── SignInError            name and password do not belong together
     ├── ProviderError          the identity provider does not answer
     ├── TooManyAttemptsError   too many wrong passwords; says when to try again
     ├── WeakPasswordError      a password that would be guessed early
     ├── AccountError           an account cannot become what was asked
     └── NotAcceptableError     a form that a document does not come in
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from api.operations.telling import Answer
    from data.errors import Rejected
    from data.fleet import KnownVehicle
    from data.places import PlaceChange
    from data.profiles import Profile, StoredProfile
    from data.request_rows import RequestRow
    from data.requests import StoredRequest
    from data.roster import ShiftChange
    from data.series import StoredSeries


class SettingsError(ValueError):
    """The installation is set up wrongly; the message has one line for each mistake."""


class BusyError(RuntimeError):
    """Somebody else is planning the same day right now."""


class StoppedEarlyError(RuntimeError):
    """Somebody has stopped the planning of a day before there was a plan that could be kept."""


class NoSolverError(RuntimeError):
    """There is nobody who could plan a day at the moment; the message says what becomes of it."""


class OutdatedPlanError(RuntimeError):
    """The region's files have changed so much that an older plan no longer fits them."""


class EventRefusedError(ValueError):
    """
    Something cannot have happened then, or to those that it names.

    Where *message* has "{}", it is about one *request*, which is told by its number;
    `naming` tells it by the passenger's name, for those who may read it.
    """

    def __init__(self, message: str, request: str = "") -> None:
        super().__init__(message.format(f"Fahrtwunsch {request}") if request else message)
        self.message, self.request = message, request

    def naming(self, name: str) -> str:
        """Say the same with a name."""
        return self.message.format(name) if self.request else self.message


class NotNewestError(RuntimeError):
    """A version is to be published, and there is a newer one that nobody has looked at."""


class UnpublishableError(RuntimeError):
    """A plan breaks promises of its day, and cannot be handed to drivers."""

    def __init__(self, day: "date", rejected: "Sequence[Rejected]") -> None:
        super().__init__(
            f"Der Plan des {day:%d.%m.%Y} hat Fehler und kann nicht veröffentlicht werden. Bitte "
            "den Tag neu planen."
        )
        self.rejected = tuple(rejected)


class RunningDayError(RuntimeError):
    """A day on which something has happened already is not planned as a whole any more."""


class CancelledError(RuntimeError):
    """Nobody wants to ride any more: there is nothing to change."""


class EditedMeanwhileError(RuntimeError):
    """A request is no longer what it was when it was read: what is *stored*, what was *sent*."""

    def __init__(self, stored: "StoredRequest", sent: "RequestRow") -> None:
        super().__init__(
            f"Der Fahrtwunsch {stored.id} wurde inzwischen geändert. Es ist nichts gespeichert "
            "worden; bitte beide Fassungen vergleichen."
        )
        self.stored = stored
        self.sent = sent


class PersonEditedError(RuntimeError):
    """A passenger is no longer what they were when read: what is *stored*, what was *sent*."""

    def __init__(self, stored: "StoredProfile", sent: "Profile") -> None:
        super().__init__(
            f"Der Fahrgast {stored.id} wurde inzwischen geändert. Es ist nichts gespeichert "
            "worden; bitte beide Fassungen vergleichen."
        )
        self.stored = stored
        self.sent = sent


class SeriesEditedError(RuntimeError):
    """A series is no longer what it was when it was read: what is *stored*."""

    def __init__(self, stored: "StoredSeries") -> None:
        super().__init__(
            f"Die Serie {stored.id} wurde inzwischen geändert. Es ist nichts gespeichert worden; "
            "bitte beide Fassungen vergleichen."
        )
        self.stored = stored


class ShiftDecidedError(RuntimeError):
    """Somebody else has decided about a shift of one date meanwhile; *change* is what holds."""

    def __init__(self, change: "ShiftChange") -> None:
        super().__init__(
            "Über diesen Dienst hat inzwischen jemand anderes entschieden. Es ist nichts "
            "gespeichert worden; bitte noch einmal ansehen."
        )
        self.change = change


class PlaceEditedError(RuntimeError):
    """Somebody else has changed a place meanwhile; *change* is what holds."""

    def __init__(self, change: "PlaceChange") -> None:
        super().__init__(
            "Diesen Ort hat inzwischen jemand anderes geändert. Es ist nichts gespeichert worden; "
            "bitte beide Fassungen vergleichen."
        )
        self.change = change


class VehicleEditedError(RuntimeError):
    """Somebody else has changed a bus meanwhile; *bus* is how it is now."""

    def __init__(self, bus: "KnownVehicle") -> None:
        super().__init__(
            "Diesen Bus hat inzwischen jemand anderes geändert. Es ist nichts gespeichert worden; "
            "bitte ansehen, was jetzt gilt."
        )
        self.bus = bus


class OfferGoneError(RuntimeError):
    """An offer can no longer be accepted; *answer* is what can be offered now."""

    def __init__(self, message: str, answer: "Answer") -> None:
        super().__init__(message)
        self.answer = answer


class ExpiredOfferError(OfferGoneError):
    """An offer was accepted later than it was good for."""


class OvertakenOfferError(OfferGoneError):
    """An offer no longer fits beside what was promised to others meanwhile."""


class AlreadyPromisedError(RuntimeError):
    """Another offer cannot be put on hold beside a promise: the promise would be lost."""


class ErasureRefusedError(RuntimeError):
    """
    Whoever is to be forgotten still rides; the message says when, by numbers.

    *shown* says the same of "{}" where their rides stand beside it; `naming` fills the name in,
    for those who may read it.
    """

    def __init__(self, message: str, shown: str) -> None:
        super().__init__(message)
        self.shown = shown

    def naming(self, name: str) -> str:
        """Say it with a name."""
        return self.shown.format(name)


class SheetsFolderError(RuntimeError):
    """No Tourenblatt can be written into a folder; the message names it."""


class NotAcceptableError(ValueError):
    """A document was asked for in a form that it does not come in."""
