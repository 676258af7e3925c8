"""Whether whoever asks rides already: the requests of one person on some dates."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.names import digits_of, words_of
from data.people import Passenger, search
from data.region import Region
from data.request_ids import request_id
from data.requests import StoredRequest, read
from data.tables import KeptRequest


@dataclass(frozen=True)
class Caller:
    """Who rings; *born* is ``None`` and *phone* "" if that was not told."""

    name: str
    born: dt.date | None
    phone: str

    def may_be(self, other: Passenger) -> bool:
        """Whether the name is the same, and neither birth date nor phone tells them apart."""
        if words_of(self.name) != words_of(other.name):
            return False
        if self.born and other.born:
            return self.born == other.born
        mine, theirs = digits_of(self.phone), digits_of(other.phone)
        return not (mine and theirs) or mine == theirs


def asked_already(
    session: Session, region: Region, caller: Caller, days: Collection[dt.date]
) -> list[StoredRequest]:
    """Read what a caller asks for on *days* already, unless it is cancelled."""
    wanted = select(KeptRequest.id, KeptRequest.person_id).filter_by(
        region=region.name, cancelled=None
    )
    wanted = wanted.where(KeptRequest.date.in_(days), KeptRequest.person_id.is_not(None))
    asked = session.execute(wanted.order_by(KeptRequest.date, KeptRequest.id)).all()
    among = {person for _, person in asked if person is not None}
    same = {who.number for who in search(session, region.name, caller.may_be, among=among)}
    return [read(session, region, request_id(number)) for number, who in asked if who in same]
