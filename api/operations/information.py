"""What everybody may know of a region, today."""

from api.operations.office import Office
from data.information import Information, gather
from data.region import Region


def read_information(office: Office, region: Region) -> Information:
    """Gather how to book, when the bus runs, and how it gets to doctors and pharmacies."""
    return gather(region, office.roads(region), office.today(region))
