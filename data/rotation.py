"""A new key: everything that is sealed, sealed anew, in one transaction."""

from sqlalchemy import select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from data import audit_chain, geocache, people, profiles, series
from data.journal import WHOLE_TABLE
from data.keys import VAULT, Vault, vault
from data.requests import IMPORT
from data.tables import Geocode, Home, Imported, KeptSeries, Note, Person, Sealing


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
    table = column.class_
    regional = about in {people.PERSON, people.HOME}
    asked = select(column, table.region) if regional else select(column)
    rows = session.execute(asked.where(column.is_not(None))).all()
    for row in rows:
        what = people.about(about, row[1]) if regional else about
        if fresh:
            sealed = new.seal_freshly(what, *old.open_fresh(what, row[0]))
        else:
            sealed = new.seal(what, *old.open(what, row[0]))
        changed = update(table).where(column == row[0]).values({column: sealed})
        if regional:
            changed = changed.where(table.region == row[1])
        options = {"synchronize_session": False, WHOLE_TABLE: True}
        session.execute(changed, execution_options=options)
    return len(rows)
