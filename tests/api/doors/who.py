"""
WHO: to whom each route is open, and what to send there. A route that is missing fails the walk.

Whoever adds a route adds a line here: the roles that may use it, and a call that works.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from api.doors.roles import Role
from tests.builders_api import BODY, table
from tests.builders_calendars import calendar, event

V1: Final = "/api/v1"


@dataclass(frozen=True)
class Door:
    """
    To whom a route is open, and a call that works for them in the region of the walk.

    *path* fills the template where the usual ids (`PATH`) are not right, *send* is handed to the
    client. *opens* is the status of the answer to whoever may; None: any that is no refusal.
    """

    roles: frozenset[Role] | None
    path: dict[str, str] = field(default_factory=dict)
    send: dict[str, Any] = field(default_factory=dict)
    opens: int | None = 200


def _to(*roles: Role, opens: int = 200, path: dict[str, str] | None = None, **send: Any) -> Door:
    return Door(frozenset(roles), path or {}, send, opens)


def _page(*, path: dict[str, str] | None = None, **send: Any) -> Door:
    """A page of the board: it may lead on, or say what is missing."""
    return Door(frozenset({Role.DISPATCHER}), path or {}, send, opens=None)


PUBLIC: Final = Door(None)
# Whoever is signed in, whatever their roles: it is about themselves only.
SIGNED_IN: Final = Door(frozenset(Role))

DISPATCHER, DRIVER, PLANNER, ADMINISTRATOR = Role

# As `fill` in test_walk leaves them behind.
PATH: Final = {
    "request": "r1",
    "offer": "o1",
    "date": "2027-03-02",
    "day": "2027-03-02",
    "shift": "vormittag",
    "duty": "vormittag",  # every region has one, and there it is its own
    "version": "2",
    "who": "p1",
    "month": "2027-03",
    "driver": "f04",
    "person": "p1",
    "account": "2",
    "token": "1",
    "solve": "s1",
    "series_id": "s1",
    "place": "mvz",
    "vehicle": "bus-1",
    "bus": "bus-1",
}
WEDNESDAY: Final = {"date": "2027-03-03"}
_ON_WEDNESDAY: Final = {**WEDNESDAY, "day": "2027-03-03", "request": "r4"}
_LEFT_OUT: Final = {"date": "2027-03-04", "day": "2027-03-04", "request": "r3"}
_CALENDAR: Final = [("file", ("praxis.ics", calendar(event(":20270303T093000"))))]

# After everything else: no walk on another day meets it.
SERIES: Final = {**BODY, "date": "2027-03-19", "weekdays": ["Fr"]}
_FRIDAY: Final = {"date": "2027-03-19"}
_DATUM: Final = {"datum": "2027-03-19"}

_GRANT: Final = {"role": "dispatcher", "region": "kalletal"}
_TICK: Final = {
    "key": "0123456789abcdef",
    "request": "r1",
    "trip": "outbound",
    "mark": "aboard",
    "at": "2027-03-02T08:12:00Z",
}

WHO: Final[dict[str, Door]] = {
    "GET /healthz": PUBLIC,
    "GET /readyz": PUBLIC,
    "GET /metrics": PUBLIC,
    f"GET {V1}/health": PUBLIC,
    f"GET {V1}/openapi.json": PUBLIC,
    f"GET {V1}/info": PUBLIC,
    "GET /info": PUBLIC,
    "GET /info/flyer.pdf": PUBLIC,
    "GET /fahrt/{token}": PUBLIC,
    "POST /fahrt/{token}": PUBLIC,
    "GET /anmelden/oidc": PUBLIC,
    "GET /anmelden/oidc/zurueck": PUBLIC,
    "GET /anmelden": PUBLIC,
    "POST /anmelden": PUBLIC,
    "POST /abmelden": SIGNED_IN,
    "GET /konto": SIGNED_IN,
    "POST /konto/passwort": SIGNED_IN,
    "POST /konto/sitzungen": SIGNED_IN,
    "POST /konto/region": SIGNED_IN,
    f"POST {V1}/requests": _to(DISPATCHER, json=BODY, opens=201),
    f"GET {V1}/requests": _to(DISPATCHER, params={"date": "2027-03-02"}),
    f"POST {V1}/requests/batch": _to(DISPATCHER, json={"requests": [BODY]}),
    f"POST {V1}/requests/{{request}}/copy": _to(DISPATCHER, json={"date": "2027-03-09"}, opens=201),
    f"POST {V1}/series": _to(DISPATCHER, json=SERIES, opens=201),
    f"GET {V1}/series": _to(DISPATCHER),
    f"GET {V1}/series/{{series_id}}": _to(DISPATCHER),
    f"PUT {V1}/series/{{series_id}}": _to(DISPATCHER, json=SERIES),
    f"DELETE {V1}/series/{{series_id}}": _to(DISPATCHER),
    f"POST {V1}/series/{{series_id}}/skip": _to(DISPATCHER, json=_FRIDAY),
    f"POST {V1}/series/{{series_id}}/resume": _to(DISPATCHER, json=_FRIDAY),
    f"POST {V1}/series/{{series_id}}/dates": _to(DISPATCHER, json=_FRIDAY),
    f"POST {V1}/requests/import": _to(DISPATCHER, files={"file": ("tag.csv", table({}))}),
    f"GET {V1}/requests/{{request}}": _to(DISPATCHER),
    f"PUT {V1}/requests/{{request}}": _to(
        DISPATCHER, path=_ON_WEDNESDAY, json={**BODY, "date": "2027-03-03"}
    ),
    f"DELETE {V1}/requests/{{request}}": _to(DISPATCHER),
    f"POST {V1}/requests/{{request}}/offers": _to(DISPATCHER, path=_ON_WEDNESDAY),
    f"POST {V1}/offers/{{offer}}/hold": _to(DISPATCHER),
    f"POST {V1}/offers/{{offer}}/accept": _to(DISPATCHER),
    f"DELETE {V1}/requests/{{request}}/promise": _to(DISPATCHER, path={"request": "r5"}),
    f"POST {V1}/requests/{{request}}/appointments": _to(
        DISPATCHER,
        path=_ON_WEDNESDAY,
        json={"slots": [{"place": "mvz", "date": "2027-03-03", "appointment": "10:00"}]},
    ),
    f"POST {V1}/requests/{{request}}/appointments/import": _to(
        DISPATCHER, path=_ON_WEDNESDAY, files=_CALENDAR
    ),
    f"POST {V1}/days/{{date}}/plan": _to(DISPATCHER, PLANNER, path=WEDNESDAY, json={"seconds": 1}),
    f"POST {V1}/days/{{date}}/solves": _to(
        DISPATCHER, PLANNER, path=WEDNESDAY, json={"seconds": 1}, opens=202
    ),
    f"GET {V1}/days/{{date}}/solves": _to(DISPATCHER, PLANNER),
    f"GET {V1}/solves/{{solve}}": _to(DISPATCHER, PLANNER),
    f"GET {V1}/solves/{{solve}}/events": _to(DISPATCHER, PLANNER),
    f"POST {V1}/solves/{{solve}}/stop": _to(DISPATCHER, PLANNER, opens=202),
    f"GET {V1}/days/{{date}}/plan": _to(DISPATCHER, PLANNER),
    f"POST {V1}/days/{{date}}/publish": _to(DISPATCHER, json={"version": 2}),
    f"GET {V1}/days/{{date}}/publication": _to(DISPATCHER, PLANNER),
    f"GET {V1}/days/{{date}}/versions": _to(DISPATCHER, PLANNER),
    f"GET {V1}/days/{{date}}/versions/{{version}}": _to(DISPATCHER, PLANNER),
    f"GET {V1}/days/{{date}}/manifests": _to(DISPATCHER),
    # Drivers only by a link, and only of their own shift (test_links).
    f"GET {V1}/days/{{date}}/manifests/{{shift}}": _to(DISPATCHER),
    f"POST {V1}/days/{{date}}/events": _to(
        DISPATCHER, json={"kind": "cancelled", "request": "r1", "at": "07:15"}, opens=201
    ),
    f"POST {V1}/days/{{date}}/events/take-back": _to(DISPATCHER, json={"version": 2}, opens=201),
    f"GET {V1}/days/{{date}}/events": _to(DISPATCHER),
    # So this one.
    f"GET {V1}/days/{{date}}/manifests/{{shift}}.gpx": _to(DISPATCHER),
    f"GET {V1}/days/{{date}}/manifests/{{shift}}/preview": _to(DISPATCHER, DRIVER),
    f"GET {V1}/drivers/{{driver}}/shifts.ics": _to(DISPATCHER, DRIVER, PLANNER),
    # Drivers only by a link, and only of their own shift (test_links).
    f"POST {V1}/days/{{date}}/ticks": _to(DISPATCHER, json={"ticks": [_TICK]}),
    f"GET {V1}/days/{{date}}/ticks": _to(DISPATCHER),
    f"GET {V1}/days/{{date}}/states": _to(DISPATCHER),
    f"GET {V1}/days/{{date}}/unserved/{{request}}": _to(DISPATCHER, path=_LEFT_OUT),
    f"GET {V1}/days/{{date}}/changes": _to(DISPATCHER),
    f"GET {V1}/days/{{date}}/changes/{{shift}}": _to(DISPATCHER),
    f"GET {V1}/figures/{{month}}": _to(DISPATCHER, PLANNER),
    f"GET {V1}/places": _to(DISPATCHER, PLANNER),
    f"PUT {V1}/places/{{place}}": _to(
        DISPATCHER, json={"opening_hours": "Mo 08:00-12:00", "phone": "", "version": 0}
    ),
    f"GET {V1}/vehicles": _to(DISPATCHER, PLANNER),
    f"PUT {V1}/vehicles/{{vehicle}}": _to(
        DISPATCHER, json={"configurations": [{"seats": 8}], "since": "2027-03-30", "version": 0}
    ),
    f"GET {V1}/addresses": _to(DISPATCHER, PLANNER, params={"q": "Talle"}),
    f"POST {V1}/passengers/search": _to(DISPATCHER, ADMINISTRATOR, json={"who": "Quitte"}),
    f"GET {V1}/passengers/{{who}}/report": _to(DISPATCHER, ADMINISTRATOR),
    f"DELETE {V1}/passengers/{{who}}": _to(
        DISPATCHER, ADMINISTRATOR, params={"cancel_rides": "true"}
    ),
    f"DELETE {V1}/passengers/{{who}}/consent": _to(DISPATCHER, ADMINISTRATOR),
    f"GET {V1}/days/{{date}}/links": _to(DISPATCHER),
    f"POST {V1}/days/{{date}}/links/{{shift}}/renew": _to(DISPATCHER),
    f"GET {V1}/accounts": _to(ADMINISTRATOR),
    f"POST {V1}/accounts": _to(ADMINISTRATOR, json={"name": "neu", "roles": [_GRANT]}, opens=201),
    f"GET {V1}/accounts/{{account}}": _to(ADMINISTRATOR),
    f"PUT {V1}/accounts/{{account}}": _to(ADMINISTRATOR, json={"roles": [_GRANT]}),
    f"POST {V1}/accounts/{{account}}/password": _to(ADMINISTRATOR),
    f"DELETE {V1}/accounts/{{account}}": _to(ADMINISTRATOR, opens=204),
    f"GET {V1}/tokens": _to(ADMINISTRATOR),
    f"POST {V1}/tokens": _to(
        ADMINISTRATOR,
        json={"name": "x", "roles": ["planner"], "region": "kalletal"},
        opens=201,
    ),
    f"DELETE {V1}/tokens/{{token}}": _to(ADMINISTRATOR, opens=204),
    f"POST {V1}/people": _to(DISPATCHER, json={"name": "Neu, Nina"}, opens=201),
    f"POST {V1}/people/search": _to(DISPATCHER, json={"q": "qui"}),
    f"GET {V1}/people/{{person}}": _to(DISPATCHER),
    f"PUT {V1}/people/{{person}}": _to(DISPATCHER, json={"name": "Neu, Nina"}),
    f"GET {V1}/people/{{person}}/usual": _to(DISPATCHER),
    f"POST {V1}/people/{{person}}/merge": _to(DISPATCHER, json={"other": "p2"}),
    f"GET {V1}/audit": _to(ADMINISTRATOR),
    f"GET {V1}/audit/verify": _to(ADMINISTRATOR),
    "GET /": Door(frozenset(Role), opens=None),
    "GET /fahrer": _to(DISPATCHER, DRIVER),
    "GET /anruf": _to(DISPATCHER),
    "GET /fahrer/worker.js": PUBLIC,
    "GET /fahrer/{day}/{shift}": _to(DISPATCHER, DRIVER, opens=404),
    "POST /fahrer/{day}/{shift}/melden": _to(DISPATCHER, DRIVER, data=_TICK, opens=404),
    "GET /zahlen": _to(DISPATCHER, PLANNER, opens=307),
    "GET /zahlen/{month}": _to(DISPATCHER, PLANNER),
    "POST /anruf": _to(DISPATCHER, data={}),
    "POST /anruf/bekannte": _to(DISPATCHER, data={"name": "Qui"}),
    "POST /anruf/vorschau": _to(DISPATCHER, data={"name": "Quitte, Erika"}),
    "POST /anruf/merken": _page(data={"name": "Quitte, Erika"}),
    "GET /anruf/offen/{number}": _page(path={"number": "1"}),
    "POST /anruf/offen/{number}/verwerfen": _page(path={"number": "1"}),
    "GET /anruf/fertig": _to(DISPATCHER, params={"wunsch": "r1"}),
    "GET /region": _to(DISPATCHER),
    "GET /region/orte/{place}": _to(DISPATCHER),
    "POST /region/orte/{place}": _page(data={}),
    "GET /region/busse/{bus}": _to(DISPATCHER),
    "POST /region/busse/{bus}": _page(data={}),
    "GET /fahrgaeste": _to(DISPATCHER),
    "POST /fahrgaeste": _to(DISPATCHER, data={"suche": "Qui"}),
    "GET /fahrgaeste/neu": _to(DISPATCHER),
    "POST /fahrgaeste/neu": _page(data={"name": "Neu, Nina"}),
    "GET /fahrgaeste/{person}": _page(),
    "GET /fahrgaeste/{person}/aendern": _page(),
    "POST /fahrgaeste/{person}/aendern": _page(data={"name": "Neu, Nina"}),
    "GET /fahrgaeste/{person}/zusammen": _page(),
    "POST /fahrgaeste/{person}/zusammen": _page(data={"mit": "p2"}),
    "GET /fahrgaeste/{person}/auskunft": _to(DISPATCHER, ADMINISTRATOR),
    "GET /fahrgaeste/{person}/loeschen": _to(DISPATCHER, ADMINISTRATOR),
    "POST /fahrgaeste/{person}/loeschen": _to(
        DISPATCHER, ADMINISTRATOR, data={"grund": "widerruf"}
    ),
    "GET /dienste": _to(DISPATCHER),
    "GET /dienste/{day}/{duty}": _page(),
    "POST /dienste/{day}/{duty}": _page(data={"wer": "f01", "version": "0"}),
    "GET /tage/{day}/abhilfe/{request}": _page(path=_LEFT_OUT),
    "POST /tage/{day}/abhilfe/{request}": _page(path=_LEFT_OUT, data={}),
    "GET /tage/{day}/melden": _page(),
    "POST /tage/{day}/melden": _page(data={"was": "cancelled", "wunsch": "r1"}),
    "POST /tage/{day}/bescheid/{request}": _page(data={"version": "2"}),
    "POST /tage/{day}/zuruecknehmen": _page(data={"version": "2"}),
    "GET /tage/{day}/stand": _page(),
    "POST /tage/{day}/planen": _page(path=_ON_WEDNESDAY, data={}),
    "POST /tage/{day}/anhalten": _page(data={}),
    "GET /tage/{day}/berechnung": _page(),
    "POST /tage/{day}/veroeffentlichen": _page(data={"version": "2"}),
    "GET /wuensche/{request}": _page(),
    "GET /wuensche/{request}/aendern": _page(),
    "POST /wuensche/{request}/aendern": _page(data={}),
    "POST /wuensche/{request}/freigeben": _page(path={"request": "r5"}, data={}),
    "POST /wuensche/{request}/vorschlaege": _page(path=_ON_WEDNESDAY, data={}),
    "POST /wuensche/{request}/wieder": _page(path={"request": "r2"}, data={}),
    "POST /wuensche/{request}/zuruecknehmen": _page(data={}),
    "POST /wuensche/{request}/zusagen": _page(path=_ON_WEDNESDAY, data={"vorschlag": "o1"}),
    "GET /wuensche/{request}/serie": _page(),
    "POST /wuensche/{request}/serie": _page(path=_ON_WEDNESDAY, data={"wochentage": "2"}),
    "GET /serien/{name}": _page(path={"name": "s1"}),
    "POST /serien/{name}/auslassen": _page(path={"name": "s1"}, data=_DATUM),
    "POST /serien/{name}/doch": _page(path={"name": "s1"}, data=_DATUM),
    "POST /serien/{name}/beenden": _page(path={"name": "s1"}, data={}),
    "GET /stand": _to(*Role),
    "GET /tage": _to(DISPATCHER),
    "GET /tage/{day}/versionen": _to(DISPATCHER),
    "GET /tage/{day}/versionen/{version}": _to(DISPATCHER),
    "GET /tage/{day}/versionen/{version}/tourenblatt/{shift}.pdf": _to(DISPATCHER),
    "GET /tage/{day}": _to(DISPATCHER),
    "GET /tage/{day}/karte.json": _to(DISPATCHER),
    "GET /karte/grund.json": _to(DISPATCHER),
    "GET /tage/{day}/tourenblatt/{shift}.pdf": _to(DISPATCHER),
    "GET /tage/{day}/aenderungsblatt/{shift}.pdf": _to(DISPATCHER),
    "GET /tage/{day}/tourenblatt/{shift}": _to(DISPATCHER),
}
