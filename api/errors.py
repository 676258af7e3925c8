"""
What goes wrong, and how the world learns of it: one table for HTTP, one for exit codes.

    Exception
     ├── SettingsError          the installation is set up wrongly, one line per mistake
     ├── BusyError              the day is being planned already
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

from dataclasses import dataclass
from enum import IntEnum
from http import HTTPStatus
from typing import TYPE_CHECKING

from api.doors.errors import (
    AccountError,
    ForbiddenError,
    ForeignPageError,
    MustChangeError,
    ProviderError,
    SignInError,
    TooManyAttemptsError,
    UnauthorizedError,
    WeakPasswordError,
)
from api.sheets.fonts import FontsMissingError
from data.errors import (
    DataError,
    KeyReusedError,
    NotKeptError,
    PlanDocumentError,
    RefusedRowError,
    SamePersonError,
    UnkeptPromisesError,
    UnreadableFileError,
)
from data.reading import RegionError
from routing.errors import RoutingError
from scheduler.errors import SchedulerError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from api.operations.telling import Answer
    from data.errors import Rejected
    from data.profiles import Profile, StoredProfile
    from data.request_rows import RequestRow
    from data.requests import StoredRequest
    from data.roster import ShiftChange
    from data.series import StoredSeries


class SettingsError(ValueError):
    """The installation is set up wrongly; the message has one line for each mistake."""


class BusyError(RuntimeError):
    """Somebody else is planning the same day right now."""


class NoSolverError(RuntimeError):
    """There is nobody who could plan a day at the moment; the message says what becomes of it."""


class OutdatedPlanError(RuntimeError):
    """The region's files have changed so much that an older plan no longer fits them."""


class EventRefusedError(ValueError):
    """Something cannot have happened then, or to those that it names."""


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
    """Whoever is to be forgotten still rides; the message says when."""


class SheetsFolderError(RuntimeError):
    """No Tourenblatt can be written into a folder; the message names it."""


class NotAcceptableError(ValueError):
    """A document was asked for in a form that it does not come in."""


class Exit(IntEnum):
    """Exit codes of the commands; docs/csv.md lists them for users."""

    ALL_GOOD = 0
    UNEXPECTED = 1
    USAGE = 2
    SOME_ROWS_REJECTED = 3
    NOTHING_READ = 4
    PLAN_BROKEN = 5
    REGION_WRONG = 6
    SOME_REGIONS_FAILED = 7


@dataclass(frozen=True)
class Kind:
    """How a kind of error is called: to programs (HTTP, exit code) and by *slug* in its type."""

    status: HTTPStatus
    slug: str
    title: str
    exit: Exit = Exit.UNEXPECTED


# The first row whose exception fits counts.
KINDS: tuple[tuple[type[Exception], Kind], ...] = (
    (
        RefusedRowError,
        Kind(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "refused-request",
            "The request cannot be taken as it is",
            Exit.SOME_ROWS_REJECTED,
        ),
    ),
    (
        UnreadableFileError,
        Kind(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "unreadable-file",
            "No row of the file can be used",
            Exit.NOTHING_READ,
        ),
    ),
    (
        PlanDocumentError,
        Kind(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "unreadable-plan",
            "The document is no plan",
            Exit.NOTHING_READ,
        ),
    ),
    (
        RegionError,
        Kind(
            HTTPStatus.INTERNAL_SERVER_ERROR,
            "broken-region",
            "The files of the region have mistakes",
            Exit.REGION_WRONG,
        ),
    ),
    (
        NotKeptError,
        Kind(HTTPStatus.NOT_FOUND, "not-found", "There is no such thing", Exit.NOTHING_READ),
    ),
    (
        BusyError,
        Kind(HTTPStatus.CONFLICT, "busy", "The day is being planned already", Exit.UNEXPECTED),
    ),
    (
        NoSolverError,
        Kind(HTTPStatus.SERVICE_UNAVAILABLE, "no-solver", "Nobody can plan at the moment"),
    ),
    (
        UnauthorizedError,
        Kind(HTTPStatus.UNAUTHORIZED, "unauthorized", "The caller has to sign in"),
    ),
    (
        ForeignPageError,
        Kind(HTTPStatus.FORBIDDEN, "foreign-page", "Another page may have sent that"),
    ),
    (
        MustChangeError,
        Kind(HTTPStatus.FORBIDDEN, "must-change", "The password has to be changed first"),
    ),
    (
        ForbiddenError,
        Kind(HTTPStatus.FORBIDDEN, "forbidden", "The caller may not do that"),
    ),
    (
        SignInError,
        Kind(HTTPStatus.UNPROCESSABLE_ENTITY, "sign-in", "Name and password do not fit"),
    ),
    (
        ProviderError,
        Kind(HTTPStatus.BAD_GATEWAY, "provider", "The identity provider does not answer"),
    ),
    (
        TooManyAttemptsError,
        Kind(HTTPStatus.TOO_MANY_REQUESTS, "too-many-attempts", "Too many attempts"),
    ),
    (
        WeakPasswordError,
        Kind(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "weak-password",
            "The password would be guessed early",
            Exit.USAGE,
        ),
    ),
    (
        AccountError,
        Kind(HTTPStatus.CONFLICT, "account", "The account cannot become that", Exit.USAGE),
    ),
    (
        OutdatedPlanError,
        Kind(HTTPStatus.CONFLICT, "outdated-plan", "The region has changed since"),
    ),
    (
        EventRefusedError,
        Kind(HTTPStatus.CONFLICT, "impossible-event", "That cannot have happened", Exit.USAGE),
    ),
    (
        NotNewestError,
        Kind(HTTPStatus.CONFLICT, "not-newest", "There is a newer version"),
    ),
    (
        UnpublishableError,
        Kind(
            HTTPStatus.CONFLICT,
            "unpublishable",
            "The plan is wrong and cannot be published",
            Exit.PLAN_BROKEN,
        ),
    ),
    (
        RunningDayError,
        Kind(HTTPStatus.CONFLICT, "running-day", "The day is under way already"),
    ),
    (
        CancelledError,
        Kind(HTTPStatus.CONFLICT, "cancelled", "The request has been cancelled"),
    ),
    (
        KeyReusedError,
        Kind(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "reused-key",
            "The key was sent with another call before",
        ),
    ),
    (
        EditedMeanwhileError,
        Kind(HTTPStatus.CONFLICT, "edited-meanwhile", "Somebody else has changed the request"),
    ),
    (
        PersonEditedError,
        Kind(HTTPStatus.CONFLICT, "edited-meanwhile", "Somebody else has changed the passenger"),
    ),
    (
        SeriesEditedError,
        Kind(HTTPStatus.CONFLICT, "edited-meanwhile", "Somebody else has changed the series"),
    ),
    (
        ShiftDecidedError,
        Kind(HTTPStatus.CONFLICT, "shift-decided", "Somebody else has decided who drives"),
    ),
    (
        SamePersonError,
        Kind(HTTPStatus.CONFLICT, "same-person", "The passenger is kept already"),
    ),
    (
        ExpiredOfferError,
        Kind(HTTPStatus.GONE, "expired-offer", "The offer has expired; there are fresh ones"),
    ),
    (
        OvertakenOfferError,
        Kind(
            HTTPStatus.CONFLICT,
            "overtaken-offer",
            "The offer was overtaken by other promises; there are fresh ones",
        ),
    ),
    (
        AlreadyPromisedError,
        Kind(HTTPStatus.CONFLICT, "already-promised", "Something else is promised already"),
    ),
    (
        UnkeptPromisesError,
        Kind(
            HTTPStatus.CONFLICT,
            "unkept-promises",
            "Not all promises of the day can be kept any more",
            Exit.PLAN_BROKEN,
        ),
    ),
    (
        ErasureRefusedError,
        Kind(HTTPStatus.CONFLICT, "erasure-refused", "Somebody still rides"),
    ),
    (
        SheetsFolderError,
        Kind(
            HTTPStatus.INTERNAL_SERVER_ERROR,
            "sheets-folder",
            "The sheets cannot be written",
            Exit.USAGE,
        ),
    ),
    (
        NotAcceptableError,
        Kind(
            HTTPStatus.NOT_ACCEPTABLE,
            "not-acceptable",
            "The document does not come in this form",
            Exit.USAGE,
        ),
    ),
    (
        SettingsError,
        Kind(
            HTTPStatus.INTERNAL_SERVER_ERROR,
            "wrong-settings",
            "The installation is set up wrongly",
            Exit.USAGE,
        ),
    ),
)

# For commands only: to a browser these are faults of the program, and it is told nothing more.
USER_ERRORS: tuple[type[Exception], ...] = (
    *(kind for kind, _ in KINDS),
    DataError,
    RoutingError,
    SchedulerError,
    FontsMissingError,
)


def kind_of(error: Exception) -> Kind | None:
    """Find the row of an error in the table."""
    return next((kind for type_, kind in KINDS if isinstance(error, type_)), None)


def exit_code(error: Exception) -> Exit:
    """Say with which code a command ends after *error*."""
    kind = kind_of(error)
    return kind.exit if kind else Exit.UNEXPECTED
