"""
From an address to a point.

The region's own addresses come first (`AddressBook`); they never leave the house. An online
geocoder (`OnlineGeocoder`) is used only where somebody has switched it on.
"""

from routing.geocoding.address import Address, Precision, label_of
from routing.geocoding.book import AddressBook, Match
from routing.geocoding.online import MISSING, GeocodeCache, Missing, OnlineGeocoder, Provider

__all__ = [
    "MISSING",
    "Address",
    "AddressBook",
    "GeocodeCache",
    "Match",
    "Missing",
    "OnlineGeocoder",
    "Precision",
    "Provider",
    "label_of",
]
