"""A new key: everything that is sealed, sealed anew, in one transaction."""

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from data import audit_chain, geocache, open_calls, people, profiles, series
from data.journal import LEFT_OUT, journal_of
from data.keys import VAULT, Vault, vault
from data.requests import IMPORT
from data.tables import Geocode, Home, Imported, KeptOpenCall, KeptSeries, Note, Person, Sealing


def reseal(session: Session, new: Vault) -> int:
    """
    Seal everything in the database with *new*; returns how many rows that were.

    Raises
    ------
    data.keys.KeyFaultError
        If something cannot be opened with the key of the database.
    """
    old = vault(session)
    if old.name == new.name:
        return 0
    rows = 0
    for column, about, fresh in (
        (Person.sealed, people.PERSON, False),
        (Person.details, profiles.DETAILS, True),
        (Home.sealed, people.HOME, False),
        (Home.spot, people.SPOT, True),
        (Note.sealed, people.NOTE, True),
        (KeptSeries.note, series.NOTE, True),
        (KeptOpenCall.sealed, open_calls.SEALED, True),
        (Geocode.sealed, geocache.QUERY, False),
        (Geocode.spot, geocache.ANSWER, True),
        (Imported.sealed, IMPORT, False),
    ):
        rows += _reseal(session, column, about, old, new, fresh=fresh)
    audit_chain.reseal_anchor(session, old, new)
    session.execute(update(Sealing).where(Sealing.id == 1).values(key=new.name))
    session.info[VAULT] = new
    session.expire_all()
    return rows


def _reseal(
    session: Session,
    column: "InstrumentedAttribute[bytes] | InstrumentedAttribute[bytes | None]",
    about: str,
    old: Vault,
    new: Vault,
    *,
    fresh: bool,
) -> int:
    table: Table = column.class_.__table__
    keys = list(table.primary_key)
    regional = about in {people.PERSON, people.HOME}
    asked = select(*keys, *([table.c.region] if regional else []), column.label("closed"))
    rows = session.execute(asked.where(column.is_not(None))).mappings().all()
    resealed = []
    for row in rows:
        what = people.about(about, row["region"]) if regional else about
        if fresh:
            sealed = new.seal_freshly(what, *old.open_fresh(what, row["closed"]))
        else:
            sealed = new.seal(what, *old.open(what, row["closed"]))
        resealed.append({"anew": sealed, **{f"was_{key.name}": row[key.name] for key in keys}})
    if resealed:
        changed = update(table).values({column.key: bindparam("anew")})
        for key in keys:
            changed = changed.where(key == bindparam(f"was_{key.name}"))
        # One statement for all, below the ORM: nobody can change anything meanwhile.
        session.connection().execute(changed, resealed)
        if table.name not in LEFT_OUT:
            journal_of(session).changed(table.name, "*", {column.key})
    return len(rows)
