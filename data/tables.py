"""
The schema. Who somebody is stands apart from what they asked for.

Who: `Person`, `Home`, `Note`, `KeptOpenCall`, `Imported`. What: `KeptRequest`, `KeptPlan`, what
comes every week (`KeptSeries`), and what was offered and promised: `KeptPromise`, `KeptOffer`,
`StandingPlan`, what was driven: `KeptTick`, and who was told of it: `KeptHeard`; they know people
and homes by number only. `KeptSolve` is a day that is to be planned, or was. `Geocode` remembers
what an online geocoder answered, `KeptAnswer` what we did, `KeptRegion` how long a region keeps
people, `AuditRow` who read and changed what. Who may come in stands in `data.door_tables`, what is
decided on top of a region's files in `data.region_tables`.
"""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from data import door_tables, region_tables  # the schema has them, too
from data.table_base import NEVER_AGAIN as _NEVER_AGAIN
from data.table_base import Table

__all__ = ("Table", "door_tables", "region_tables")


class Sealing(Table):
    """Which key (`data.keys`) everything sealed in this database is sealed with; one row."""

    __tablename__ = "sealing"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]


class Person(Table):
    """
    A passenger. Somebody of the same name, birth date and phone is the same person.

    *sealed* has these three, so that the same ones give the same bytes (`data.people`). *details*
    has what else is known of them, sealed, *consent* whether they agreed to that and *consent_on*
    when they said so (`data.profiles`). *changed* is when somebody last wrote any of it down; each
    change counts *version* up.
    """

    __tablename__ = "people"
    __table_args__ = (UniqueConstraint("region", "sealed"), _NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    region: Mapped[str]
    sealed: Mapped[bytes]
    details: Mapped[bytes | None]
    consent: Mapped[str] = mapped_column(default="unknown", server_default="unknown")
    consent_on: Mapped[dt.date | None]
    changed: Mapped[dt.datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class Home(Table):
    """An address that is no known place of its region: *sealed*, and the *spot* where it is."""

    __tablename__ = "homes"
    __table_args__ = (UniqueConstraint("region", "sealed"), _NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    region: Mapped[str]
    sealed: Mapped[bytes]
    spot: Mapped[bytes]


class KeptRequest(Table):
    """
    What somebody asked for. *origin* and *destination* are place ids, times are seconds.

    A cancelled request stays, with the moment at which it was cancelled, and *outcome* says how
    it ended (`data.outcomes`). Each change of it or of its promise counts *version* up. Once nobody
    is to be known behind it, it has no person, and only counts (`data.retention`).
    """

    __tablename__ = "requests"
    __table_args__ = (Index(None, "region", "date"), _NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    region: Mapped[str]
    date: Mapped[dt.date]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    origin: Mapped[str]
    destination: Mapped[str]
    appointment: Mapped[int | None]
    arrive_earliest: Mapped[int | None]
    arrive_latest: Mapped[int | None]
    way_back: Mapped[str]
    return_at: Mapped[int | None]
    stay: Mapped[int | None]
    pharmacy: Mapped[str]  # "", "ja" for any, or a place id
    mobility: Mapped[str]
    companions: Mapped[int]
    priority: Mapped[int]
    created: Mapped[dt.datetime]
    changed: Mapped[dt.datetime]
    cancelled: Mapped[dt.datetime | None]
    outcome: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)

    person: Mapped[Person | None] = relationship(lazy="joined")
    note: Mapped["Note | None"] = relationship(lazy="joined", cascade="all, delete-orphan")
    promise: Mapped["KeptPromise | None"] = relationship(
        lazy="joined", cascade="all, delete-orphan", passive_deletes=True
    )
    offers: Mapped[list["KeptOffer"]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True
    )


class Note(Table):
    """What the driver should know, in free text; it may name anybody."""

    __tablename__ = "notes"

    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), primary_key=True)
    sealed: Mapped[bytes]


class KeptSeries(Table):
    """
    A ride that comes every week, or every few: the columns of `KeptRequest`, and when.

    *weekdays* counts from Monday, "0" to "6"; *every* so many weeks from the one of *first* on.
    *on_closed* says what becomes of a date on which no bus runs or the practice is closed, *note*
    is sealed. Each change counts *version* up.
    """

    __tablename__ = "series"
    __table_args__ = (_NEVER_AGAIN,)

    id: Mapped[int] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    origin: Mapped[str]
    destination: Mapped[str]
    appointment: Mapped[int | None]
    arrive_earliest: Mapped[int | None]
    arrive_latest: Mapped[int | None]
    way_back: Mapped[str]
    return_at: Mapped[int | None]
    stay: Mapped[int | None]
    pharmacy: Mapped[str]
    mobility: Mapped[str]
    companions: Mapped[int]
    priority: Mapped[int]
    note: Mapped[bytes | None]
    weekdays: Mapped[str]
    every: Mapped[int]
    first: Mapped[dt.date]
    last: Mapped[dt.date | None]
    on_closed: Mapped[str]
    created: Mapped[dt.datetime]
    changed: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column(default=1)

    person: Mapped[Person] = relationship(lazy="joined")


class SeriesDate(Table):
    """
    What became of one *date* of a series (`data.series.Fate`); its request may be on another.

    *by_hand* says that somebody has changed just this one, so that the series leaves it alone.
    *reason* is German and names places at most, never somebody's home.
    """

    __tablename__ = "series_dates"

    series_id: Mapped[int] = mapped_column(
        ForeignKey("series.id", ondelete="CASCADE"), primary_key=True
    )
    date: Mapped[dt.date] = mapped_column(primary_key=True)
    fate: Mapped[str]
    request_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"), index=True)
    by_hand: Mapped[bool]
    reason: Mapped[str]

    request: Mapped[KeptRequest | None] = relationship()


class KeptOpenCall(Table):
    """
    A call that is not complete yet (`data.open_calls`): *sealed* is what was typed.

    *form* is a digest of the key of the form that it was typed into. Each time that it is kept
    counts *version* up.
    """

    __tablename__ = "open_calls"
    __table_args__ = (UniqueConstraint("region", "form"), _NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    region: Mapped[str]
    form: Mapped[bytes]
    sealed: Mapped[bytes]
    changed: Mapped[dt.datetime]
    version: Mapped[int]


class Imported(Table):
    """A row of a file that has become a request, so that it does so only once."""

    __tablename__ = "imported"

    sealed: Mapped[bytes] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"))


class KeptPlan(Table):
    """
    One version of one day's plan. It never changes; once *published*, triggers see to that.

    *document* is the plan as JSON, *requests* the requests and promises as they were when it was
    made, and of a published version the day as well, and what was promised when it was published.
    *input_key* tells whether a plan was made from the same input. *amendment* says what happened
    on the day, for versions made since it began (`data.plans.Amendment`).
    """

    __tablename__ = "plans"
    __table_args__ = (UniqueConstraint("region", "date", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    region: Mapped[str]
    date: Mapped[dt.date]
    version: Mapped[int]
    created: Mapped[dt.datetime]
    input_key: Mapped[str]
    document: Mapped[dict[str, Any]]
    requests: Mapped[dict[str, Any]]
    amendment: Mapped[dict[str, Any] | None]
    published: Mapped[dt.datetime | None]
    publisher: Mapped[str | None]


class KeptPromise(Table):
    """
    How a request will be served, as its passenger was told.

    *until* is ``None`` for what is promised; else it is on hold until then, and nothing later.
    """

    __tablename__ = "promises"
    __table_args__ = (Index(None, "region", "date"),)

    request_id: Mapped[int] = mapped_column(
        ForeignKey("requests.id", ondelete="CASCADE"), primary_key=True
    )
    region: Mapped[str]
    date: Mapped[dt.date]
    document: Mapped[dict[str, Any]]
    weight: Mapped[int]
    given: Mapped[dt.datetime]
    until: Mapped[dt.datetime | None]


class KeptOffer(Table):
    """
    What somebody was offered, and can still accept *until* then if nobody is faster.

    *document* is the promise that it would become, *told* what was said of it, and *plan* the
    plan behind it, with which it can be kept at once.
    """

    __tablename__ = "offers"
    __table_args__ = (_NEVER_AGAIN,)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(
        ForeignKey("requests.id", ondelete="CASCADE"), index=True
    )
    document: Mapped[dict[str, Any]]
    told: Mapped[dict[str, Any]]
    plan: Mapped[dict[str, Any]]
    created: Mapped[dt.datetime]
    until: Mapped[dt.datetime]


class StandingPlan(Table):
    """
    A plan that keeps all that is promised on one day, and proves so that it can be kept.

    Each change counts *version* up. A promise is kept only together with the next version, so
    that of two who read the same one, only one can promise.
    """

    __tablename__ = "standing_plans"
    __table_args__ = (UniqueConstraint("region", "date"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    region: Mapped[str]
    date: Mapped[dt.date]
    version: Mapped[int]
    document: Mapped[dict[str, Any]]
    changed: Mapped[dt.datetime]


class KeptRegion(Table):
    """What the files of a region said last about keeping people (`data.keeping`)."""

    __tablename__ = "regions"

    name: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    timezone: Mapped[str]
    personal_weeks: Mapped[int]


class KeptTick(Table):
    """
    What was marked of one *trip* of a request (`data.ticks`): rows are only added.

    *at* is when it was marked, *received* when we learnt of it, *shift* whose driver it was about.
    *key* is a digest of the one that the caller chose. Triggers refuse any change but the one that
    forgets: then it has no *actor*, no key and no time of the day (`data.retention`).
    """

    __tablename__ = "ticks"
    __table_args__ = (
        UniqueConstraint("region", "key"),
        Index(None, "region", "date"),
        _NEVER_AGAIN,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region: Mapped[str]
    date: Mapped[dt.date]
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    trip: Mapped[str]
    shift: Mapped[str]
    mark: Mapped[str]
    at: Mapped[dt.datetime]
    received: Mapped[dt.datetime]
    actor: Mapped[str]
    key: Mapped[str | None]


class KeptHeard(Table):
    """Somebody was told *at* a moment what a *version* of a day does with them (`data.heard`)."""

    __tablename__ = "heard"
    __table_args__ = (Index(None, "region", "date"),)

    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), primary_key=True)
    date: Mapped[dt.date] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    region: Mapped[str]
    at: Mapped[dt.datetime]


_OPEN = text("state IN ('waiting', 'running')")


class KeptSolve(Table):
    """
    A day that somebody wants to have planned: a row first, and work second (`data.solves`).

    While it is *running*, *holder* is the process that works at it, as long as it says so again and
    again (*heartbeat*). *attempt* counts who has tried, *step* what can be seen of it from outside.
    *progress* has numbers only, *version* is the plan that came of it, *error* is German and names
    nobody. Of one day only one can be waiting or running.
    """

    __tablename__ = "solves"
    __table_args__ = (
        Index(
            "uq_solves_open",
            "region",
            "date",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index(None, "region", "date"),
        Index(None, "state"),
        _NEVER_AGAIN,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region: Mapped[str]
    date: Mapped[dt.date]
    kind: Mapped[str]
    seconds: Mapped[float | None]
    seed: Mapped[int]
    actor: Mapped[str]
    state: Mapped[str]
    asked: Mapped[dt.datetime]
    begun: Mapped[dt.datetime | None]
    ended: Mapped[dt.datetime | None]
    stop_asked: Mapped[dt.datetime | None]
    holder: Mapped[str | None]
    heartbeat: Mapped[dt.datetime | None]
    attempt: Mapped[int] = mapped_column(default=0)
    step: Mapped[int] = mapped_column(default=0)
    progress: Mapped[dict[str, Any] | None]
    version: Mapped[int | None]
    error: Mapped[str | None]


class KeptAnswer(Table):
    """
    An answer to a call with a key, sealed with that key (`data.answers`).

    *about* names by number who is told of in it: `None` if nobody knows. When one of them is
    forgotten, *sealed* is empty from then on; what remains proves that the call was done.
    """

    __tablename__ = "answers"

    name: Mapped[str] = mapped_column(primary_key=True)
    proof: Mapped[str]
    sealed: Mapped[bytes]
    about: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    given: Mapped[dt.datetime] = mapped_column(index=True)


class Geocode(Table):
    """An answer of an online geocoder, sealed; without a spot it did not know the address."""

    __tablename__ = "geocodes"

    sealed: Mapped[bytes] = mapped_column(primary_key=True)
    spot: Mapped[bytes | None]
    fetched: Mapped[dt.datetime]


class AuditRow(Table):
    """
    What one transaction read and changed of whom, and who did that (`data.audit`).

    Numbers have no gaps. *touched* is JSON and names nobody, *request_id* finds the lines of the
    log. *hash* is over all of the row and the hash of the *previous* one, *mac* proves that it
    was us. Triggers refuse to change a row, or to delete one that the anchor does not cover.
    """

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[dt.datetime]
    region: Mapped[str]
    actor: Mapped[str]
    action: Mapped[str]
    touched: Mapped[str]
    request_id: Mapped[str]
    previous: Mapped[bytes]
    hash: Mapped[bytes]
    key: Mapped[str]
    mac: Mapped[bytes]


class AuditAnchor(Table):
    """Number and hash of the last row that was removed for its age; one row, proven by *mac*."""

    __tablename__ = "audit_anchor"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    hash: Mapped[bytes]
    key: Mapped[str]
    mac: Mapped[bytes]
