"""Whether anything is different from before: asked often, so answered without reading anybody."""

import hashlib

from api.operations.office import Office
from data import decisions, plans
from data.region import Region


def of_region(office: Office, region: Region) -> str:
    """Boil down today's date, all that was decided in a region, and which plans there are."""
    with office.store.reading() as session:
        known = decisions.stamp(session, region.name), plans.stamp(session, region.name)
    shown = f"{office.today(region)} {known}"
    return hashlib.sha256(shown.encode()).hexdigest()[:16]
