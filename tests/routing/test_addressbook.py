"""Addresses found as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.errors import AddressError, AmbiguousAddress, UnknownAddress
from routing.geo import Point
from routing.geocoding import Address, AddressBook, Precision, label_of
from routing.geocoding.address import ask, fold


def house(
    street: str, number: str, village: str, *, lat: float = 52.1, lon: float = 8.9
) -> Address:
    return Address(
        label=label_of(street=street, housenumber=number, postcode="32689", village=village),
        street=street,
        housenumber=number,
        postcode="32689",
        village=village,
        point=Point(lat, 8.9),
    )


MVZ = Address(
    label="MVZ Beispiel",
    street="Roter Lith",
    housenumber="3a",
    postcode="32689",
    village="Hohenhausen",
    point=Point(52.11, 8.95),
    place_id="mvz",
)
BOOK = AddressBook(
    [
        *(
            house("Rintelner Straße", str(n), "Hohenhausen", lat=52.1 + n / 10_000)
            for n in (1, 2, 5, 7)
        ),
        house("Lindenweg", "4", "Talle", lat=52.21),
        house("Lindenweg", "4", "Erder", lat=52.22),
        house("Burgstraße", "1", "Talle", lat=52.23),
        house("Straße des 17. Juni", "3", "Talle", lat=52.24),
        house("", "12", "Osterhagen", lat=52.25),
        house("", "14", "Osterhagen", lat=52.26),
        house("Mühlenbrink", "8 b", "Talle", lat=52.27),
        MVZ,
        Address("Apotheke Beispiel-Nord", "", "", "", "", Point(52.3, 8.9), place_id="nord"),
        Address("Apotheke Beispiel-Süd", "", "", "", "", Point(52.4, 8.9), place_id="sued"),
    ],
    municipality="Kalletal",
)


@pytest.mark.parametrize(
    "text",
    [
        "Rintelner Straße 5, 32689 Hohenhausen",
        "Rintelner Str. 5, Hohenhausen",
        "rintelner strasse 5",
        "Rintelnerstr. 5",
        "Rintelnerstr.5 Hohenhausen",
        "Hohenhausen, Rintelner Straße 5",
        "32689 Kalletal, Hohenhausen, Rintelner Straße 5",
        "D-32689 Hohenhausen Rintelner-Straße 5",
        "RINTELNER STRASSE 5 HOHENHAUSEN",
        "Rintelnr Straße 5",
        "Rintelner Strase 5, Hohenhausn",
        "  Rintelner   Straße  5 ,  Hohenhausen ",
    ],
)
def test_one_address_has_many_spellings(text: str) -> None:
    """Abbreviations, order, case, blanks and small typing errors make no difference."""
    found = BOOK.resolve(text)

    assert (found.street, found.housenumber, found.village) == (
        "Rintelner Straße",
        "5",
        "Hohenhausen",
    )
    assert found.precision is Precision.EXACT


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Muehlenbrink 8b, Talle", "Mühlenbrink 8 b, 32689 Talle"),
        ("Straße des 17. Juni 3", "Straße des 17. Juni 3, 32689 Talle"),
        ("Osterhagen 12", "32689 Osterhagen 12"),
        ("MVZ Beispiel", "MVZ Beispiel"),
        ("mvz", "MVZ Beispiel"),
        ("Roter Lith 3a", "MVZ Beispiel"),
        ("Apotheke Beispiel-Süd", "Apotheke Beispiel-Süd"),
        ("apotheke beispiel sued", "Apotheke Beispiel-Süd"),
        ("Lindenweg 4, Erder", "Lindenweg 4, 32689 Erder"),
    ],
)
def test_hamlets_places_and_letters_are_found(text: str, label: str) -> None:
    """Numbers without a street, names without a number, numbers with a letter."""
    assert BOOK.resolve(text).label == label


def test_a_street_in_two_villages_is_asked_back() -> None:
    """The bus would stand in the wrong village."""
    with pytest.raises(AmbiguousAddress) as caught:
        BOOK.resolve("Lindenweg 4")

    assert [address.village for address in caught.value.candidates] == ["Talle", "Erder"]
    assert "Lindenweg 4, 32689 Erder" in str(caught.value)


def test_a_word_in_two_names_is_asked_back() -> None:
    """There are two pharmacies."""
    with pytest.raises(AmbiguousAddress) as caught:
        BOOK.resolve("Apotheke")

    assert {address.place_id for address in caught.value.candidates} == {"nord", "sued"}


def test_a_missing_house_number_is_asked_back() -> None:
    """Four houses of the street are known."""
    with pytest.raises(AmbiguousAddress) as caught:
        BOOK.resolve("Rintelner Straße, Hohenhausen")

    assert [address.housenumber for address in caught.value.candidates] == ["1", "2", "5", "7"]


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("Bergstraße 1, Talle", "Burgstraße 1, 32689 Talle"),
        ("Lindenallee 4, Talle", "Lindenweg 4, 32689 Talle"),
        ("Burgstraße 1, Lemgo", "Burgstraße 1, 32689 Talle"),
    ],
)
def test_a_street_that_is_nearly_alike_is_suggested_and_not_taken(
    text: str, suggestion: str
) -> None:
    """One letter can be another street; the dispatcher decides."""
    with pytest.raises(UnknownAddress) as caught:
        BOOK.resolve(text)

    assert caught.value.suggestions[0].label == suggestion
    assert suggestion in str(caught.value)


@pytest.mark.parametrize("text", ["", "  ", "12", "32689", "Xyzzy 5, Qwertz", "§$%&", "🚌"])
def test_nonsense_is_unknown_and_suggests_nothing(text: str) -> None:
    """Not even a bad suggestion."""
    with pytest.raises(UnknownAddress) as caught:
        BOOK.resolve(text)

    assert caught.value.suggestions == ()
    assert str(caught.value) == f"Unknown address {text!r}."


def test_a_house_between_two_known_ones_is_put_between_them() -> None:
    """Number 3 is half way from 1 to 5, on the odd side."""
    found = BOOK.resolve("Rintelner Straße 3")

    assert found.precision is Precision.INTERPOLATED
    assert found.point == Point((52.1001 + 52.1005) / 2, 8.9)
    assert found.label == "Rintelner Straße 3, 32689 Hohenhausen (geschätzt zwischen Nr. 1 und 5)"


@pytest.mark.parametrize(("number", "neighbour"), [("9", "7"), ("6", "5"), ("5a", "5"), ("4", "5")])
def test_a_house_at_the_end_of_the_known_ones_gets_its_neighbours_point(
    number: str, neighbour: str
) -> None:
    """And says whose point it is."""
    found = BOOK.resolve(f"Rintelner Straße {number}")

    assert found.precision is Precision.NEAREST
    assert found.label.endswith(f"(Lage von Nr. {neighbour})")
    assert found.housenumber == number


def test_neighbours_far_apart_tell_nothing_about_the_middle() -> None:
    """Farms with the numbers 1 and 3, a kilometre apart."""
    farms = [house("Hofweg", "1", "Talle", lat=52.1), house("Hofweg", "5", "Talle", lat=52.11)]

    assert AddressBook(farms).resolve("Hofweg 3").precision is Precision.NEAREST


def test_a_street_without_houses_is_known_as_a_street() -> None:
    """Much of OpenStreetMap has streets and no numbers."""
    book = AddressBook([house("Hauptstraße", "", "Talle")])

    assert book.resolve("Hauptstr., Talle").precision is Precision.STREET
    numbered = book.resolve("Hauptstr. 7, Talle")
    assert numbered.precision is Precision.STREET
    assert numbered.label == "Hauptstraße 7, 32689 Talle (nur Straße bekannt)"


def test_find_lists_the_best_first_and_no_more_than_asked() -> None:
    """For a list under an input field."""
    matches = BOOK.find("Lindenweg 4, Erder", limit=2)

    assert [match.address.village for match in matches] == ["Erder", "Talle"]
    assert matches[0].score == 100
    assert matches[0].score > matches[1].score
    assert len(BOOK.find("Rintelner Straße", limit=3)) == 3
    assert BOOK.find("Xyzzy") == []


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Rintel", "Rintelner Straße 1, 32689 Hohenhausen"),
        ("linden", "Lindenweg 4, 32689 Talle"),
        ("Lindenweg 4, Erd", "Lindenweg 4, 32689 Erder"),
        ("Apoth", "Apotheke Beispiel-Nord"),
    ],
)
def test_half_typed_is_listed_and_not_taken(text: str, label: str) -> None:
    """While somebody types, the list shows where it leads; a file must say it in full."""
    assert BOOK.find(text)[0].address.label == label
    with pytest.raises(UnknownAddress):
        BOOK.resolve(text)


def test_a_name_that_begins_so_is_listed_before_one_that_contains_it() -> None:
    """And yet asked back: "MVZ" may be the pharmacy beside it."""
    names = ["Apotheke am MVZ Beispiel", "MVZ Beispiel"]
    book = AddressBook(
        Address(name, "", "", "", "", Point(52 + n, 9), place_id=str(n))
        for n, name in enumerate(names)
    )

    assert [match.address.label for match in book.find("MVZ")] == names[::-1]
    with pytest.raises(AmbiguousAddress):
        book.resolve("MVZ")
    assert book.resolve("MVZ Beispiel").label == "MVZ Beispiel"


def test_another_postcode_is_a_hint_against_a_street() -> None:
    """Two municipalities, one street name each."""
    here = house("Beispielweg", "1", "Talle")
    there = Address(
        "Beispielweg 1, 31737 Rinteln", "Beispielweg", "1", "31737", "Rinteln", Point(52.2, 9)
    )
    book = AddressBook([here, there])

    assert book.resolve("Beispielweg 1, 31737") == there
    assert book.resolve("32689 Beispielweg 1") == here


def test_an_empty_book_knows_nothing() -> None:
    """A region before its first import."""
    assert AddressBook([]).find("Talle 1") == []
    with pytest.raises(UnknownAddress):
        AddressBook([]).resolve("Talle 1")


def test_a_label_counts_once_at_one_place() -> None:
    """OpenStreetMap often has a house and its practice with the same address."""
    book = AddressBook(
        [house("Weg", "1", "Talle", lat=52.1), house("Weg", "1", "Talle", lat=52.101)]
    )

    assert len(book) == 1
    assert book.resolve("Weg 1").point.lat == 52.1


def test_one_label_at_two_places_is_asked_back() -> None:
    """Without village and postcode, two main streets look the same."""
    book = AddressBook([house("Weg", "1", "", lat=52.1), house("Weg", "1", "", lat=52.2)])

    with pytest.raises(AmbiguousAddress) as caught:
        book.resolve("Weg 1")
    assert [address.point.lat for address in caught.value.candidates] == [52.1, 52.2]
    assert len(book.find("Weg 1")) == 2


@pytest.mark.parametrize(
    ("text", "words", "number", "postcode"),
    [
        ("Am Markt 12-14, Talle", ("am", "markt", "talle"), "12-14", ""),
        ("Bahnhofstr 3, 9490 Vaduz", ("bahnhofstrasse", "vaduz"), "3", "9490"),
        ("Hauptstr. 5 b Talle", ("hauptstrasse", "talle"), "5b", ""),
        ("St.-Florian-Weg 7/1", ("sankt", "florian", "weg"), "7/1", ""),
        ("Straße des 17. Juni", ("strasse", "des", "17", "juni"), "", ""),
        ("Strandweg 4", ("strandweg",), "4", ""),
    ],
)
def test_a_text_is_taken_apart(
    text: str, words: tuple[str, ...], number: str, postcode: str
) -> None:
    """Words, house number and postcode."""
    question = ask(text)

    assert (question.words, question.housenumber, question.postcode) == (words, number, postcode)


def test_folding_twice_changes_nothing() -> None:
    """Folded text is what keys are made of."""
    for text in ("Rintelner Str. 5", "ÄÖÜß é", "str.", "Straße"):
        assert fold(fold(text)) == fold(text)


@given(st.text(max_size=60) | st.text(alphabet="Rintelner Straße Talle 0123456789,.-", max_size=60))
def test_no_text_breaks_the_book(text: str) -> None:
    """People type anything; the answer is an address or one of two errors."""
    matches = [match.address for match in BOOK.find(text)]
    try:
        found = [BOOK.resolve(text)]
    except AddressError as error:
        found = [*error.candidates]
    assert not found or found[0] in matches


@given(st.sampled_from(BOOK.addresses), st.data())
def test_case_blanks_and_commas_do_not_matter(address: Address, data: st.DataObject) -> None:
    """Every label is found, however it is laid out."""
    change = data.draw(st.sampled_from([str.upper, str.lower, str.title, str.swapcase]))
    blank = data.draw(st.sampled_from([" ", "  ", "\t", "\u00a0"]))
    text = change(address.label).replace(" ", blank)

    assert BOOK.resolve(text) == address
