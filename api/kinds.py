"""How each kind of error is called outside: by HTTP status, by a slug, by an exit code."""

from dataclasses import dataclass
from enum import IntEnum
from http import HTTPStatus

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
from api.errors import (
    AlreadyPromisedError,
    BusyError,
    CancelledError,
    EditedMeanwhileError,
    ErasureRefusedError,
    EventRefusedError,
    ExpiredOfferError,
    NoSolverError,
    NotAcceptableError,
    NotNewestError,
    OutdatedPlanError,
    OvertakenOfferError,
    PersonEditedError,
    PlaceEditedError,
    RunningDayError,
    SeriesEditedError,
    SettingsError,
    SheetsFolderError,
    ShiftDecidedError,
    StoppedEarlyError,
    UnpublishableError,
    VehicleEditedError,
)
from api.sheets.fonts import FontsMissingError
from data.errors import (
    AnswerErasedError,
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
        StoppedEarlyError,
        Kind(HTTPStatus.CONFLICT, "stopped-early", "It was stopped before there was a plan"),
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
        AnswerErasedError,
        Kind(HTTPStatus.GONE, "erased-answer", "The call was done; its answer is deleted"),
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
        PlaceEditedError,
        Kind(HTTPStatus.CONFLICT, "edited-place", "Somebody else has changed the place"),
    ),
    (
        VehicleEditedError,
        Kind(HTTPStatus.CONFLICT, "edited-vehicle", "Somebody else has changed the bus"),
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
