"""
From an address to a point.

The region's own addresses come first (`AddressBook`); they never leave the house. An online
geocoder (`OnlineGeocoder`) is used only where somebody has switched it on.
"""

from routing.geocoding.address import Address, Precision, label_of
from routing.geocoding.book import AddressBook, Match

__all__ = ["Address", "AddressBook", "Match", "Precision", "label_of"]
