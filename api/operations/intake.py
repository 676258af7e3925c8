"""How rows are taken in this installation: with or without an online geocoder."""

from api.operations.office import Office
from data.errors import NotKeptError
from data.intake import Intake, Online
from data.region import Region
from routing.geo import Point


def make_intake(office: Office, region: Region) -> Intake:
    """Set up the intake of a region; nobody outside is asked unless the settings say so."""
    return Intake(region, online=_online(office, region))


def _online(office: Office, region: Region) -> Online | None:
    settings = office.settings
    if not settings.geocoder:
        return None
    from data.geocache import StoredGeocodes
    from routing.geocoding import OnlineGeocoder

    geocoder = OnlineGeocoder(
        settings.geocoder,
        settings.geocoder_url,
        user_agent=f"gesunde-fahrten {settings.contact}".strip(),
        cache=StoredGeocodes(office.store, now=office.now),
        area=region.network.bounding_box,
    )
    return geocoder.locate


def place_named(office: Office, region: Region, text: str) -> Point:
    """
    Find the point of an address or of a place, as it is written in a request.

    Raises
    ------
    NotKeptError
        If there is none of that name; the message says what could be meant.
    """
    found = make_intake(office, region).find(text)
    if isinstance(found, str):
        msg = f"„{text}“: {found}"
        raise NotKeptError(msg)
    return found.point
