"""
`fahrten`: every command, and one clear line for every mistake.

Exit codes are listed in `api.kinds.Exit` and, for users, in docs/csv.md.
"""

import logging
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

import typer
import typer.main
from typer.core import TyperGroup

from api.commands import (
    accounts,
    auditing,
    changes,
    console,
    links,
    nights,
    offering,
    outcomes,
    planning,
    privacy,
    publishing,
    regions,
    replanning,
    running,
    safekeeping,
    series,
    serving,
    tokens,
    why,
)
from api.errors import RunningDayError
from api.kinds import USER_ERRORS, Exit, exit_code
from api.observing import logs
from data.acting import Deed, act

# What these write is about nobody, and may be for other users of the machine: compiled programs,
# maps.
_FOR_EVERYBODY = frozenset({"fahrten warm-up", "fahrten region import", "fahrten region fetch"})

log = logging.getLogger("fahrten")

_ON_A_RUNNING_DAY = (
    "Was geschehen ist, nimmt `fahrten replan` auf; was noch hineinpasst, sagt `fahrten offer`."
)

app = typer.Typer(
    name="fahrten",
    help="Fahrten zu Ärzten und Apotheken planen.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("plan")(planning.plan)
app.command("nightly")(nights.nightly)
app.command("check")(planning.check)
app.command("publish")(publishing.publish)
app.command("versions")(publishing.versions)
app.command("offer")(offering.offer)
app.command("changes")(changes.changes)
app.command("replan")(replanning.replan)
app.command("why")(why.why)
app.command("cancel")(outcomes.cancel)
app.command("figures")(outcomes.figures)
app.command("sample-day")(running.sample_day)
app.command("invent-day")(running.invent_day)
app.command("serve")(serving.serve)
app.command("backup")(safekeeping.backup)
app.command("restore")(safekeeping.restore)
app.command("warm-up")(running.warm_up)
app.add_typer(running.database, name="db")
app.add_typer(regions.app, name="region")
app.command("retention")(privacy.retention)
app.add_typer(series.app, name="series")
app.add_typer(privacy.rights, name="privacy")
app.add_typer(privacy.key, name="key")
app.add_typer(auditing.app, name="audit")
app.add_typer(accounts.app, name="user")
app.add_typer(tokens.app, name="token")
app.add_typer(links.app, name="link")


def main() -> None:
    """Run `fahrten`."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # JSON may hold half characters, which no screen can show.
            stream.reconfigure(errors="backslashreplace")
    logs.configure("text", level=logging.WARNING)
    command = command_named(sys.argv[1:])
    if command not in _FOR_EVERYBODY:
        os.umask(0o077)
    act(Deed("command", command))
    try:
        app()
    except USER_ERRORS as error:
        told = console.err()
        told.print(f"Fehler: {error}")
        if isinstance(error, RunningDayError):
            told.print(_ON_A_RUNNING_DAY)
        raise SystemExit(exit_code(error)) from error
    except Exception as error:
        # Its message may hold what somebody typed, and a timer's output stands in the system's log.
        log.critical("ended by %s", type(error).__name__, exc_info=error)
        told = console.err()
        told.print("Fehler: Das Programm hat einen Fehler gemacht; wo, steht in der Zeile darüber.")
        raise SystemExit(Exit.UNEXPECTED) from None


def command_named(arguments: Sequence[str]) -> str:
    """Name the command, such as "fahrten key rotate", without what is handed to it."""
    command = typer.main.get_command(app)
    words = ["fahrten"]
    for word in arguments:
        if not isinstance(command, TyperGroup) or word not in command.commands:
            break
        command = command.commands[word]
        words.append(word)
    return " ".join(words)


if __name__ == "__main__":
    main()
