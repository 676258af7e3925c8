"""The addresses of a region, found in spite of typing errors."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from routing.errors import AmbiguousAddress, UnknownAddress
from routing.geo import Point, great_circle
from routing.geocoding.address import Address, Precision, Question, ask, core, squeeze, words
from routing.geocoding.houses import locate_house
from routing.units import Metres

# Scores are 0..100. All limits are guesses, tried on the addresses of three real extracts:
# "Bergstraße" must never be taken for "Burgstraße" without asking, "Rintelnr Str." may.
LISTED = 55.0  # below this, not even a suggestion
SURE = 85.0  # from this on, taken without asking ...
LEAD = 4.0  # ... if nothing else comes this near
_VILLAGE_SHARE = 0.3
_ELSEWHERE = 60.0
_WRONG_POSTCODE = 10.0
_PART_OF_A_NAME = 90.0
_START_OF_A_NAME = 92.0
_HALF_TYPED = 75.0  # "Rintel": listed while somebody types, never taken

_SAME_HOUSE: Metres = 200


@dataclass(frozen=True)
class Match:
    """An address that may be meant, and how like the text it is (0..100)."""

    address: Address
    score: float


@dataclass(frozen=True)
class _Guess:
    """A street in a village, or a named place."""

    score: float
    members: tuple[Address, ...]
    named: bool


class AddressBook:
    """
    The addresses of a region.

    Parameters
    ----------
    addresses
        Houses, streets and named places. Of two side by side with the same label the first
        counts; two far apart stay two, and are asked back.
    municipality
        A word that people add and that tells nothing: "Lindenweg 4, Talle, Kalletal".
    """

    def __init__(self, addresses: Iterable[Address], *, municipality: str = "") -> None:
        self.addresses = tuple(_without_doubles(addresses))
        self._municipality = squeeze(municipality)
        groups: dict[tuple[str, str], list[Address]] = defaultdict(list)
        named: dict[str, list[Address]] = defaultdict(list)
        for address in self.addresses:
            if address.street or address.village:
                groups[squeeze(address.street), squeeze(address.village)].append(address)
            if address.place_id is not None:
                named[" ".join(words(address.label.split(",")[0]))].append(address)
        self._groups = list(groups.values())
        self._streets = sorted({street for street, _ in groups})
        self._villages = sorted({village for _, village in groups if village})
        street_row = {street: row for row, street in enumerate(self._streets)}
        village_row = {village: row for row, village in enumerate(self._villages)}
        self._street_of = np.array([street_row[s] for s, _ in groups], dtype=np.int64)
        self._village_of = np.array([village_row.get(v, -1) for _, v in groups], dtype=np.int64)
        self._cores = [core(street) for street in self._streets]
        self._named = list(named.items())

    def __len__(self) -> int:
        return len(self.addresses)

    def find(self, text: str, limit: int = 5) -> list[Match]:
        """
        Find the addresses most like a text, best first; none if nothing is like it.

        Street, house number, village and postcode may come in any order, a village may be left
        out, and "Str.", "Strasse" and "Straße" are the same. A house number that is not known
        gives a point between its neighbours, labelled so.
        """
        question = ask(text)
        matches: dict[tuple[str, Point], Match] = {}
        for guess in self._guesses(text, question):
            if len(matches) >= limit:
                break
            for address in _members(guess, question, limit=limit):
                matches.setdefault(
                    (address.label, address.point), Match(address, round(guess.score, 1))
                )
        return list(matches.values())[:limit]

    def resolve(self, text: str) -> Address:
        """
        Find the one address that a text means.

        Raises
        ------
        UnknownAddress
            If nothing is near enough to be taken without asking.
        AmbiguousAddress
            If several are, or if the house number is missing in a street with several houses.
        """
        question = ask(text)
        guesses = self._guesses(text, question)
        sure = [guess for guess in guesses if guess.score >= SURE]
        if not sure:
            raise UnknownAddress(text, [match.address for match in self.find(text)])
        rivals = [guess for guess in sure if guess.score > sure[0].score - LEAD]
        found = {
            (address.label, address.point): address
            for guess in rivals
            for address in _members(guess, question, limit=5)
        }
        # A named place also stands in its street: one point is one answer.
        if len({(a.point, a.street, a.housenumber) for a in found.values()}) > 1:
            raise AmbiguousAddress(text, [*found.values()][:5])
        return next(iter(found.values()))

    def _guesses(self, text: str, question: Question) -> list[_Guess]:
        """All streets and named places that are worth a look, best first."""
        scores = self._street_scores(question)
        guesses = [
            _Guess(float(scores[row]), tuple(self._groups[row]), named=False)
            for row in np.flatnonzero(scores >= LISTED)
        ]
        wanted = " ".join(words(text))
        for name, members in self._named:
            score = _name_score(wanted, name)
            if score >= LISTED:
                guesses.append(_Guess(score, tuple(members), named=True))
        return sorted(guesses, key=lambda guess: (-guess.score, not guess.named))

    def _street_scores(self, question: Question) -> NDArray[np.float64]:
        """Score every street in a village: the best over all ways to split the words in two."""
        told = [word for word in question.words if word != self._municipality]
        best = np.zeros(len(self._groups))
        if not (told and self._groups):
            return best
        for street, village in _splits(told):
            score = self._street_likeness(street)
            if village:
                near = self._village_likeness(village)
                both = (1 - _VILLAGE_SHARE) * score + _VILLAGE_SHARE * near
                # A right village does not make a wrong street right, nor the reverse: but a
                # street of that name elsewhere is worth a suggestion.
                score = np.minimum(both, score)
                score = np.minimum(score, np.maximum(near, _ELSEWHERE if street else 0))
            best = np.maximum(best, score)
        if question.postcode:
            codes = [group[0].postcode for group in self._groups]
            wrong = np.array([bool(code) and code != question.postcode for code in codes])
            best = best - _WRONG_POSTCODE * wrong
        return best

    def _street_likeness(self, street: str) -> NDArray[np.float64]:
        """Likeness of each group's street; a hamlet without streets is like no street."""
        if not street:
            return np.where(self._street_of == self._no_street, 100.0, 0.0)
        whole = process.cdist([street], self._streets, scorer=fuzz.ratio)[0]
        cores = process.cdist([core(street)], self._cores, scorer=fuzz.ratio)[0]
        # "Bergstraße" and "Burgstraße" are nine tenths alike, "berg" and "burg" less.
        likeness = np.minimum(whole, cores).astype(np.float64)
        likeness = np.maximum(likeness, _begun(street, self._streets))
        of_groups: NDArray[np.float64] = likeness[self._street_of]
        return of_groups

    @property
    def _no_street(self) -> int:
        return 0 if self._streets and not self._streets[0] else -1

    def _village_likeness(self, village: str) -> NDArray[np.float64]:
        if not self._villages:
            return np.zeros(len(self._groups))
        whole = process.cdist([village], self._villages, scorer=fuzz.ratio)[0].astype(np.float64)
        likeness = np.maximum(whole, _begun(village, self._villages))
        return np.where(self._village_of >= 0, likeness[self._village_of], 0.0)


def _without_doubles(addresses: Iterable[Address]) -> Iterator[Address]:
    """A house and its practice often have the same address, a few metres apart."""
    seen: dict[str, list[Point]] = defaultdict(list)
    for address in addresses:
        points = seen[address.label]
        if all(great_circle(address.point, point) > _SAME_HOUSE for point in points):
            points.append(address.point)
            yield address


def _splits(told: Sequence[str]) -> list[tuple[str, str]]:
    """Ways to read words as (street, village): village last, village first, one of them alone."""
    ways = []
    for cut in range(len(told) + 1):
        left, right = "".join(told[:cut]), "".join(told[cut:])
        ways += [(left, right), (right, left)]
    return ways


def _begun(text: str, keys: Sequence[str]) -> NDArray[np.float64]:
    """Score keys that begin with a text of at least three letters."""
    if len(text) < 3:
        return np.zeros(len(keys))
    return _HALF_TYPED * np.array([key.startswith(text) for key in keys])


def _name_score(wanted: str, name: str) -> float:
    score = float(fuzz.token_sort_ratio(wanted, name))
    if not wanted:
        return 0.0
    if name.startswith(f"{wanted} "):
        return max(score, _START_OF_A_NAME)
    if set(wanted.split()) <= set(name.split()):
        return max(score, _PART_OF_A_NAME)
    return max(score, _HALF_TYPED if len(wanted) > 2 and name.startswith(wanted) else 0.0)


def _members(guess: _Guess, question: Question, *, limit: int) -> list[Address]:
    """Addresses of a guess that fit the house number."""
    if guess.named:
        return list(guess.members[:limit])
    if question.housenumber:
        return locate_house(guess.members, question.housenumber)[:limit]
    return _without_number(guess.members)[:limit]


def _without_number(members: Sequence[Address]) -> list[Address]:
    """The street itself where it has one house at most; else its houses, to choose from."""
    houses = [member for member in members if member.housenumber]
    if not houses:
        return [replace(members[0], precision=Precision.STREET)]
    return houses
