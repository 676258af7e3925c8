"""
The log: one line per event, to stderr, as JSON for machines or as text for people.

It can be shown to a stranger. Our own messages count and do not name; of other libraries only
what is a constant in their code is repeated, and of an exception only its type and where it
arose: its message may hold what somebody typed.
"""

import logging
import sys
import threading
import traceback
import warnings
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor

from data.reading import RegionError

Style = Literal["auto", "json", "text"]

OWN: Final = "fahrten"
# Fields that a record of ours may carry beside its text.
FIELDS: Final = ("method", "route", "status", "milliseconds")
# Libraries whose messages begin with a constant; whatever follows in further lines does not.
_TRUSTED: Final = ("uvicorn", "asyncio", "alembic", "sqlalchemy")
_INNERMOST: Final = 3  # frames that are told of the stack, beside all that are ours
_ROOT: Final = Path(__file__).resolve().parents[2]

log = logging.getLogger(OWN)


def configure(style: Style, *, level: int = logging.INFO) -> None:
    """
    Send every record to stderr in one style.

    Parameters
    ----------
    style
        ``"auto"`` is text where a person is looking, and JSON elsewhere.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter(style, stream=sys.stderr))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # Where the database stands is said in our own words.
    logging.getLogger("alembic").setLevel(logging.WARNING)


def configure_service(style: Style) -> None:
    """As `configure`, and nothing else of this process writes to stderr unasked."""
    configure(style)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    warnings.showwarning = _log_warning
    sys.excepthook = _log_uncaught
    threading.excepthook = lambda fault: _log_uncaught(
        fault.exc_type, fault.exc_value, fault.exc_traceback
    )
    sys.unraisablehook = lambda fault: _log_uncaught(
        fault.exc_type, fault.exc_value, fault.exc_traceback
    )
    logging.raiseExceptions = (
        False  # a record that cannot be written would be shown with its values
    )


def formatter(style: Style, *, stream: TextIO) -> logging.Formatter:
    """Make what turns a record into its line."""
    as_text = style == "text" or (style == "auto" and stream.isatty())
    render: Processor = (
        _render_text if as_text else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.add_log_level,
            structlog.stdlib.ExtraAdder(allow=FIELDS),
        ],
        processors=[
            _keep_discreet,
            _say_where,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            render,
        ],
    )


def cause(error: Exception) -> str:
    """Name what is wrong for whoever runs the service, without repeating what stands in files."""
    if isinstance(error, RegionError):
        files = ", ".join(sorted({mistake.file for mistake in error.mistakes}))
        return f"{len(error.mistakes)} mistakes in {files}; `fahrten region list` shows them"
    return type(error).__name__


def _keep_discreet(_: object, __: str, event: EventDict) -> EventDict:
    """Repeat of other libraries only what they write for everybody."""
    record: logging.LogRecord = event["_record"]
    library = record.name.split(".", maxsplit=1)[0]
    if library != OWN:
        trusted = library in _TRUSTED
        first = str(record.msg).strip().splitlines()[:1] if trusted else []
        event["event"] = first[0] if first else "a message that is not repeated here"
    return event


def _say_where(_: object, __: str, event: EventDict) -> EventDict:
    """Replace an exception by its type and the lines of code that led to it."""
    fault = event.pop("exc_info", None)
    if isinstance(fault, tuple) and fault[0] is not None:
        event["exception"] = fault[0].__name__
        event["where"] = _frames(fault[2])
    return event


def _frames(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)
    told = [
        each
        for depth, each in enumerate(frames, start=1)
        if _is_ours(Path(each.filename)) or len(frames) - depth < _INNERMOST
    ]
    return [f"{_short(Path(each.filename))}:{each.lineno} {each.name}" for each in told]


def _is_ours(file: Path) -> bool:
    return file.is_relative_to(_ROOT) and "site-packages" not in file.parts


def _short(file: Path) -> str:
    """A file of ours from the root of the program, any other by its last two parts."""
    return str(file.relative_to(_ROOT)) if _is_ours(file) else "/".join(file.parts[-2:])


def _render_text(_: object, __: str, event: EventDict) -> str:
    begin = " ".join(str(event.pop(name)) for name in ("timestamp", "level", "event"))
    event.pop("logger", None)
    return " ".join([begin, *(f"{name}={_plain(value)}" for name, value in event.items())])


def _plain(value: Any) -> str:
    return " < ".join(reversed(value)) if isinstance(value, list) else str(value)


def _log_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Tell that a library warns, and where, but not in its words."""
    del message, file, line
    log.warning("%s at %s:%d", category.__name__, _short(Path(filename)), lineno)


def _log_uncaught(
    kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
) -> None:
    fault = (kind, error, trace) if error is not None else None
    log.critical("ended by %s", kind.__name__, exc_info=fault)


def context() -> Mapping[str, Any]:
    """What is attached to every record at the moment: the id of the request."""
    return structlog.contextvars.get_contextvars()
