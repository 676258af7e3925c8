"""Sheets of invented people: a day in the bus, with everything that a sheet can show."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from api.sheets.wording import OPENSTREETMAP
from scheduler.clock import clock
from scheduler.manifest import (
    Aboard,
    Contact,
    Duty,
    Header,
    Manifest,
    ManifestStop,
    ManifestVisit,
    OnCall,
    PlaceLabel,
    Rest,
)
from scheduler.model import Load, Mobility, Needs, TimeWindow, TripKind, VisitKind

DEPOT = PlaceLabel("Depot Bürgerbus", "Beispielweg 1, Hohenhausen")
MVZ = PlaceLabel("MVZ Kalletal", "Roter Lith 3a, Hohenhausen", "05264 0000-10")
PHARMACY = PlaceLabel("Beispiel-Apotheke", "Beispielstraße 12, Hohenhausen", "05264 0000-20")


def duty(shift: str, begin: str, end: str, **changed: object) -> Duty:
    """Another shift of that Tuesday on the same bus."""
    fields: dict[str, object] = {
        "date": date(2027, 3, 2),
        "shift": shift,
        "hours": TimeWindow(clock(begin), clock(end)),
        "driver": "Beispiel-Grote, Gisela",
        "vehicle": "Bus 1 (LIP-BB 735)",
    }
    return Duty(**(fields | changed))  # type: ignore[arg-type]


def header(**changed: object) -> Header:
    """Like every sheet of Kalletal."""
    fields: dict[str, object] = {
        "region": "Kalletal",
        "shift": "Vormittag",
        "driver": "Beispiel, Karl-Heinz",
        "vehicle": "Bus 1 (LIP-BB 735)",
        "version": "1",
        "printed": datetime(2027, 3, 1, 17, 5),  # noqa: DTZ001 (local time, as on paper)
        "published": datetime(2027, 3, 1, 17, 2),  # noqa: DTZ001 (local time, as on paper)
        "dispatch_phone": "05264 0000-0",
        "emergency_phone": "112",
        "shred_by": date(2027, 4, 27),
    }
    return Header(**(fields | changed))  # type: ignore[arg-type]


def boards(name: str, begin: str, **changed: object) -> ManifestVisit:
    """Somebody gets on for the way to the doctor."""
    fields: dict[str, object] = {
        "kind": VisitKind.PICKUP,
        "trip": TripKind.OUTBOUND,
        "begin": clock(begin),
        "end": clock(begin) + 120,
        "name": name,
        "phone": "05264 0000-99",
        "note": "",
        "needs": Needs(),
    }
    return ManifestVisit(**(fields | changed))  # type: ignore[arg-type]


def told(earliest: str, latest: str) -> TimeWindow:
    """Between when and when somebody was told that the bus comes."""
    return TimeWindow(clock(earliest), clock(latest))


def alights(name: str, begin: str, **changed: object) -> ManifestVisit:
    """Somebody gets off at the doctor's."""
    return boards(name, begin, **({"kind": VisitKind.DROPOFF} | changed))


def stop(
    number: int | None,
    arrival: str,
    departure: str,
    place: PlaceLabel,
    *visits: ManifestVisit,
    metres: int = 3400,
    aboard: Sequence[Aboard] = (),
    seating: Load | None = None,
    rest: Rest | None = None,
) -> ManifestStop:
    """One halt, written in the order of the sheet."""
    return ManifestStop(
        number=number,
        arrival=clock(arrival),
        departure=clock(departure),
        place=place,
        metres=metres,
        visits=visits,
        aboard=tuple(aboard),
        seating=seating,
        rest=rest,
    )


def manifest(
    *stops: ManifestStop,
    head: Header | None = None,
    on_call: Sequence[OnCall] = (),
    cancelled: Sequence[Contact] = (),
) -> Manifest:
    """A shift of Tuesday morning."""
    boarding = [v for s in stops for v in s.visits if v.kind is VisitKind.PICKUP]
    return Manifest(
        shift="vormittag",
        date=date(2027, 3, 2),
        hours=TimeWindow(clock("08:00"), clock("12:30")),
        header=head or header(),
        stops=stops,
        on_call=tuple(on_call),
        cancelled=tuple(cancelled),
        passengers=len({v.name for v in boarding}),
        boardings=sum(1 + v.needs.companions for v in boarding),
        metres=sum(s.metres for s in stops),
    )


def full_morning() -> Manifest:
    """A wheelchair, a walker, a companion, a pharmacy, a will-call return, a break, a note."""
    erika = "Beispiel, Erika"
    heinz = "Beispiel-Mustermann, Heinz-Günther"
    anna = "Beispielska, Łucja"
    wheelchair = Needs(Mobility.WHEELCHAIR, companions=1)
    walker = Needs(Mobility.WALKER)
    return manifest(
        stop(None, "08:00", "08:05", DEPOT, metres=0, seating=Load(8)),
        stop(
            1,
            "08:14",
            "08:17",
            PlaceLabel("Beispielstraße 3", "32689 Kalletal-Talle"),
            boards(
                erika,
                "08:14",
                goes_to=MVZ.name,
                appointment=clock("09:00"),
                needs=walker,
                promised=told("08:00", "08:30"),
                note="Bitte klingeln und zur Tür begleiten, hört schlecht.",
            ),
            metres=6240,
            aboard=[Aboard(erika, 1)],
            seating=Load(5, 1),
        ),
        stop(
            2,
            "08:29",
            "08:37",
            PlaceLabel("Am Beispielhang 17", "32689 Kalletal-Lüdenhausen"),
            boards(
                heinz,
                "08:29",
                goes_to=MVZ.name,
                appointment=clock("09:10"),
                needs=wheelchair,
                note="Schlüssel liegt beim Nachbarn.",
            ),
            boards(anna, "08:33", goes_to=PHARMACY.name, phone=""),
            metres=7310,
            aboard=[Aboard(erika, 1), Aboard(heinz, 2), Aboard(anna, 1)],
        ),
        stop(
            3,
            "08:49",
            "08:56",
            MVZ,
            alights(
                erika,
                "08:49",
                appointment=clock("09:00"),
                needs=walker,
                back_at=clock("10:20"),
            ),
            alights(
                heinz,
                "08:51",
                appointment=clock("09:10"),
                needs=wheelchair,
                back_at=clock("11:35"),
                on_call=True,
            ),
            metres=8020,
            aboard=[Aboard(anna, 1)],
        ),
        stop(
            4,
            "08:58",
            "10:15",
            PHARMACY,
            alights(anna, "08:58"),
            metres=900,
            rest=Rest(TimeWindow(clock("09:30"), clock("10:00")), first=False),
        ),
        stop(
            5,
            "10:18",
            "10:22",
            MVZ,
            boards(
                erika,
                "10:20",
                goes_to="Beispielstraße 3",
                trip=TripKind.RETURN,
                needs=walker,
                promised=told("10:05", "10:35"),
            ),
            metres=900,
            aboard=[Aboard(erika, 1)],
        ),
        stop(
            6,
            "10:24",
            "10:34",
            PHARMACY,
            boards(
                erika,
                "10:24",
                kind=VisitKind.VIA,
                trip=TripKind.RETURN,
                end=clock("10:34"),
                needs=walker,
            ),
            metres=900,
            aboard=[Aboard(erika, 1)],
        ),
        stop(
            7,
            "10:47",
            "10:49",
            PlaceLabel("Beispielstraße 3", "32689 Kalletal-Talle"),
            alights(erika, "10:47", trip=TripKind.RETURN, needs=walker),
            metres=6400,
        ),
        stop(
            8,
            "11:00",
            "11:40",
            MVZ,
            boards(
                heinz,
                "11:35",
                goes_to="Am Beispielhang 17",
                trip=TripKind.RETURN,
                on_call=True,
                needs=wheelchair,
                promised=told("11:30", "12:00"),
            ),
            metres=6400,
            aboard=[Aboard(heinz, 2)],
        ),
        stop(
            9,
            "11:53",
            "11:58",
            PlaceLabel("Am Beispielhang 17", "32689 Kalletal-Lüdenhausen"),
            alights(heinz, "11:53", trip=TripKind.RETURN, needs=wheelchair),
            metres=8020,
        ),
        stop(None, "12:12", "12:12", DEPOT, metres=7900),
        head=header(
            next=duty(
                "Nachmittag",
                "13:00",
                "17:30",
                date=date(2027, 3, 9),
                driver="Beispiel, Karl-Heinz",
                vehicle="Bus 2",
            )
        ),
        on_call=[
            OnCall(
                heinz,
                "05264 0000-99",
                MVZ,
                clock("11:35"),
                clock("11:40"),
                8,
                told("11:30", "12:00"),
            ),
        ],
        cancelled=[Contact("Beispiel, Berta")],
    )


def nobody_rides() -> Manifest:
    """A shift without a ride."""
    return manifest()


def all_cancelled() -> Manifest:
    """Everybody who stood on the sheet before has cancelled."""
    return manifest(
        head=header(version="2"),
        cancelled=[Contact("Beispiel, Berta"), Contact("Beispiel, Anton")],
    )


def sixty_stops() -> Manifest:
    """One passenger on, the same one off, thirty times over."""
    stops = []
    for at in range(30):
        name = f"Beispiel, Nummer {at + 1}"
        clocks = [f"{hour:02d}:{minute:02d}" for hour, minute in (divmod(480 + at * 16, 60),)]
        later = [f"{hour:02d}:{minute:02d}" for hour, minute in (divmod(488 + at * 16, 60),)]
        home = PlaceLabel(f"Beispielstraße {at + 1}", "32689 Kalletal-Bentorf")
        stops += [
            stop(
                2 * at + 1,
                clocks[0],
                clocks[0],
                home,
                boards(name, clocks[0], goes_to=MVZ.name),
                aboard=[Aboard(name, 1)],
            ),
            stop(2 * at + 2, later[0], later[0], MVZ, alights(name, later[0])),
        ]
    return manifest(*stops)


LONG = "Beispiel-Schulze-Niederkleinwiesengrund, Maria-Magdalena Elisabeth Theodora"
UNBROKEN = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


def long_names() -> Manifest:
    """Names that no line holds."""
    place = PlaceLabel(
        f"Gemeinschaftspraxis für {UNBROKEN} und Allgemeinmedizin Dr. Beispiel und Kollegen",
        "Beispielstraße am Niederkleinwiesengrundbach 123 b, Hinterhaus, 32689 Kalletal-Langen"
        "holzhausen",
        "05264 0000-1234567",
    )
    return manifest(
        stop(
            1,
            "08:14",
            "08:17",
            place,
            boards(
                LONG,
                "08:14",
                goes_to=place.name,
                appointment=clock("09:00"),
                promised=told("08:00", "08:30"),
                note=f"{LONG} und {UNBROKEN}" * 2,
            ),
            boards(UNBROKEN, "08:14", goes_to=place.name, phone="0049 5264 0000 1234 5678 90"),
            aboard=[Aboard(LONG, 1), Aboard(UNBROKEN, 8)],
        ),
        stop(2, "08:30", "08:31", place, alights(LONG, "08:30"), alights(UNBROKEN, "08:30")),
        head=header(
            driver=LONG,
            vehicle=f"Bus {UNBROKEN}",
            shift="Vormittag mit Zusatzfahrten",
            map_by=OPENSTREETMAP,
        ),
        on_call=[
            OnCall(
                LONG,
                "05264 0000-1",
                place,
                clock("11:40"),
                clock("11:42"),
                2,
                told("11:20", "11:50"),
            ),
        ],
        cancelled=[Contact(LONG), Contact(UNBROKEN)],
    )


ARABIC = "بيسبيل، محمد"
POLISH = "Przykładowska-Żółć, Świętosława"
TURKISH = "Örnekoğlu, Şükrü İbrahim"
CYRILLIC = "Прикладенко, Олександр"


def foreign_names() -> Manifest:
    """Names in four alphabets, of which Lato has one and a half."""
    names = (ARABIC, POLISH, TURKISH, CYRILLIC)
    return manifest(
        stop(
            1,
            "08:14",
            "08:17",
            PlaceLabel("Beispielstraße 3", "32689 Kalletal-Talle"),
            *(boards(name, "08:14", goes_to=MVZ.name, note=f"{name} (2. Stock)") for name in names),
            aboard=[Aboard(name, 2 + at) for at, name in enumerate(names)],
        ),
        stop(2, "08:30", "08:31", MVZ, *(alights(name, "08:30") for name in names)),
    )


def wheelchair_day() -> Manifest:
    """Four wheelchairs one after the other, and seats for a crowd in between."""
    needs = Needs(Mobility.WHEELCHAIR)
    stops = [stop(None, "08:00", "08:05", DEPOT, metres=0, seating=Load(5, 1))]
    for at in range(4):
        name = f"Beispiel, Rolf {at + 1}"
        crowd = Load(8) if at == 2 else Load(5, 1) if at == 3 else None
        home = PlaceLabel(f"Beispielstraße {at + 1}", "32689 Kalletal-Bentorf")
        stops += [
            stop(
                2 * at + 1,
                f"{8 + at:02d}:14",
                f"{8 + at:02d}:22",
                home,
                boards(name, f"{8 + at:02d}:14", goes_to=MVZ.name, needs=needs),
                aboard=[Aboard(name, 1)],
                seating=crowd,
            ),
            stop(
                2 * at + 2,
                f"{8 + at:02d}:34",
                f"{8 + at:02d}:39",
                MVZ,
                alights(name, f"{8 + at:02d}:34", needs=needs),
            ),
        ]
    return manifest(*stops, stop(None, "12:00", "12:00", DEPOT))


def first_of_two_shifts() -> Manifest:
    """Whoever drives in the morning gives the bus away at noon."""
    return _one_ride(header(after=duty("Nachmittag", "13:00", "17:30")), "09:00", "09:20")


def second_of_two_shifts() -> Manifest:
    """Whoever drives in the afternoon drove in the morning, too."""
    own = duty("Vormittag", "08:00", "12:30", driver="Beispiel, Karl-Heinz")
    head = header(shift="Nachmittag", before=own, after=duty("Abend", "18:00", "20:00"))
    return _one_ride(head, "14:00", "14:20")


def _one_ride(head: Header, there: str, off: str) -> Manifest:
    anton = "Beispiel, Anton"
    return manifest(
        stop(None, there, there, DEPOT, metres=0),
        stop(1, there, there, MVZ, boards(anton, there), aboard=[Aboard(anton, 1)]),
        stop(2, off, off, PHARMACY, alights(anton, off)),
        head=head,
    )


def changing_at_one_door() -> Manifest:
    """In the order of the plan somebody boards before another alights."""
    anton, berta = "Beispiel, Anton", "Beispiel, Berta"
    return manifest(
        stop(
            1,
            "08:10",
            "08:12",
            PlaceLabel("Beispielstraße 3", "32689 Kalletal-Talle"),
            boards(anton, "08:10"),
            aboard=[Aboard(anton, 1)],
        ),
        stop(
            2,
            "08:30",
            "08:36",
            MVZ,
            boards(berta, "08:30", trip=TripKind.RETURN),
            alights(anton, "08:32"),
            aboard=[Aboard(berta, 1)],
        ),
        stop(3, "08:50", "08:52", PHARMACY, alights(berta, "08:50", trip=TripKind.RETURN)),
    )


EVERY_SHEET: list[Callable[[], Manifest]] = [
    all_cancelled,
    changing_at_one_door,
    first_of_two_shifts,
    foreign_names,
    full_morning,
    long_names,
    nobody_rides,
    second_of_two_shifts,
    sixty_stops,
    wheelchair_day,
]
