"""Names of villages and towns, which are no addresses: nobody knows where the bus shall stop."""

from collections.abc import Iterable

from routing.geocoding import Address
from routing.geocoding.address import ask, squeeze

# "Kalletal OT Talle" is Talle.
_PART_OF_TOWN = {"ot", "ortsteil"}


class Localities:
    """
    The villages of a region.

    A hamlet whose houses have no street is left to the address book: there its name is an address.

    Parameters
    ----------
    names
        Villages that are known otherwise.
    municipality
        A word that people add and that tells nothing: "Talle, Kalletal".
    """

    def __init__(
        self, names: Iterable[str], addresses: Iterable[Address], *, municipality: str
    ) -> None:
        with_streets: set[str] = set()
        hamlets: set[str] = set()
        for address in addresses:
            if address.street:
                with_streets.add(address.village)
            elif address.place_id is None:
                hamlets.add(address.village)
        known = {squeeze(name): name for name in (*names, *with_streets) if name}
        for key in {squeeze(name) for name in hamlets} - {squeeze(name) for name in with_streets}:
            known.pop(key, None)
        self._municipality = squeeze(municipality)
        self._names = {self._municipality: municipality, **known}

    def only(self, text: str) -> str | None:
        """Name the village that is all that *text* says, perhaps with postcode and municipality."""
        question = ask(text)
        if question.housenumber:
            return None
        told = "".join(word for word in question.words if word not in _PART_OF_TOWN)
        for key in (
            told,
            told.removesuffix(self._municipality),
            told.removeprefix(self._municipality),
        ):
            if key and key in self._names:
                return self._names[key]
        return None
