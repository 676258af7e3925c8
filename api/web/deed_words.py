"""
What somebody did with the data of a passenger, in German words: of each route and each command.

A template of a route says where ("GET /tage/{day}/karte.json"); the longest beginning that is
known here counts. Of what is no longer in the program, only old rows of the audit know.
"""

from collections.abc import Mapping

API = "/api/v1"
ELSE = "auf einem Weg geöffnet, den es nicht mehr gibt"
_BY_ITSELF = "bei der Arbeit des Programms gelesen"

# What was read there, and what was done there; a word that is missing is the one of the other.
_PLACES: Mapping[str, tuple[str, str]] = {
    "/": ("Startseite geöffnet", ""),
    "/fahrer": ("Touren der Fahrer:innen angesehen", "unterwegs gemeldet"),
    "/fahrt": ("Tour über den Link auf dem Blatt geöffnet", ""),
    "/anruf": ("Anruf aufgenommen", "Anruf aufgenommen"),
    "/anruf/bekannte": ("", "beim Anruf nach Namen gesucht"),
    "/anruf/offen": ("offenen Anruf geöffnet", "offenen Anruf verworfen"),
    "/anruf/merken": ("", "Anruf gemerkt"),
    "/region": ("Orte und Busse angesehen", "Orte und Busse geändert"),
    "/fahrgaeste": ("Fahrgäste gesucht", "Fahrgäste gesucht"),
    "/fahrgaeste/neu": ("Fahrgast aufgenommen", "Fahrgast aufgenommen"),
    "/fahrgaeste/{person}": ("Fahrgast angesehen", ""),
    "/fahrgaeste/{person}/aendern": ("Fahrgast angesehen", "Fahrgast geändert"),
    "/fahrgaeste/{person}/zusammen": ("Fahrgast angesehen", "Einträge verglichen"),
    "/fahrgaeste/{person}/auskunft": ("Auskunft erstellt", ""),
    "/fahrgaeste/{person}/loeschen": ("Löschen vorbereitet", "Löschen versucht"),
    "/dienste": ("Dienste angesehen", "Dienst geändert"),
    "/tage": ("Tagesplan angesehen", ""),
    "/tage/{day}/abhilfe": ("nach Abhilfe gesucht", "Abhilfe übernommen"),
    "/tage/{day}/melden": ("Meldung vorbereitet", "am Tag gemeldet"),
    "/tage/{day}/bescheid": ("", "vermerkt, ob Bescheid gesagt ist"),
    "/tage/{day}/zuruecknehmen": ("", "Meldung zurückgenommen"),
    "/tage/{day}/planen": ("", "Tag geplant"),
    "/tage/{day}/anhalten": ("", "Planung angehalten"),
    "/tage/{day}/veroeffentlichen": ("", "Tagesplan veröffentlicht"),
    "/tage/{day}/tourenblatt": ("Tourenblatt geöffnet", ""),
    "/tage/{day}/aenderungsblatt": ("Änderungsblatt geöffnet", ""),
    "/karte": ("Karte angesehen", ""),
    "/stand": ("nach Neuem gefragt", ""),
    "/wuensche": ("Fahrtwunsch angesehen", "Fahrtwunsch bearbeitet"),
    "/serien": ("Serie angesehen", "Serie geändert"),
    "/zahlen": ("Zahlen angesehen", ""),
    "/konto": ("eigenes Konto angesehen", "eigenes Konto geändert"),
    "/anmelden": ("angemeldet", "angemeldet"),
    "/abmelden": ("", "abgemeldet"),
    "/info": ("Informationsseite angesehen", ""),
    "/healthz": ("Zustand des Programms abgefragt", ""),
    "/readyz": ("Zustand des Programms abgefragt", ""),
    "/metrics": ("Zustand des Programms abgefragt", ""),
    f"{API}/accounts": ("Konten angesehen", "Konten geändert"),
    f"{API}/addresses": ("Adressen gesucht", ""),
    f"{API}/audit": ("Prüfprotokoll angesehen", ""),
    f"{API}/days": ("Tagesplan angesehen", "Tagesplan geändert"),
    f"{API}/days/{{date}}/manifests": ("Tourenblatt geöffnet", ""),
    f"{API}/days/{{date}}/changes": ("Änderungsblatt geöffnet", ""),
    f"{API}/days/{{date}}/events": ("Meldungen des Tages angesehen", "am Tag gemeldet"),
    f"{API}/days/{{date}}/ticks": ("Meldungen von unterwegs angesehen", "unterwegs gemeldet"),
    f"{API}/days/{{date}}/links": ("Links der Fahrer:innen angesehen", "Link erneuert"),
    f"{API}/days/{{date}}/plan": ("Tagesplan angesehen", "Tag geplant"),
    f"{API}/days/{{date}}/solves": ("Planung angesehen", "Tag geplant"),
    f"{API}/days/{{date}}/publish": ("", "Tagesplan veröffentlicht"),
    f"{API}/days/{{date}}/unserved": ("nach Abhilfe gesucht", ""),
    f"{API}/drivers": ("Dienste als Kalender abgeholt", ""),
    f"{API}/figures": ("Zahlen angesehen", ""),
    f"{API}/health": ("Zustand des Programms abgefragt", ""),
    f"{API}/info": ("Informationsseite angesehen", ""),
    f"{API}/offers": ("", "Zeit zugesagt oder frei gehalten"),
    f"{API}/openapi.json": ("Beschreibung der Schnittstelle gelesen", ""),
    f"{API}/passengers": ("Fahrgast gesucht", "Fahrgast gesucht"),
    f"{API}/passengers/{{who}}": ("", "Löschen versucht"),
    f"{API}/passengers/{{who}}/report": ("Auskunft erstellt", ""),
    f"{API}/people": ("Fahrgast angesehen", "Fahrgast geändert"),
    f"{API}/people/search": ("", "Fahrgäste gesucht"),
    f"{API}/places": ("Orte angesehen", "Orte geändert"),
    f"{API}/requests": ("Fahrtwunsch angesehen", "Fahrtwunsch bearbeitet"),
    f"{API}/series": ("Serie angesehen", "Serie geändert"),
    f"{API}/solves": ("Planung angesehen", "Planung angehalten"),
    f"{API}/tokens": ("Zugänge von Maschinen angesehen", "Zugänge von Maschinen geändert"),
    f"{API}/vehicles": ("Busse angesehen", "Busse geändert"),
}
# The first word of a command, and of what the program does by itself.
_DEEDS: Mapping[str, str] = {
    "plan": "Tag geplant",
    "nightly": "Tag in der Nacht geplant",
    "solve": "Tag geplant",
    "check": "Plan nachgeprüft",
    "publish": "Tagesplan veröffentlicht",
    "versions": "Versionen des Tagesplans angesehen",
    "offer": "Zeit vorgeschlagen oder zugesagt",
    "changes": "Änderungsblatt geöffnet",
    "replan": "am Tag gemeldet",
    "why": "nach Abhilfe gesucht",
    "cancel": "Fahrtwunsch abgesagt",
    "figures": "Zahlen angesehen",
    "sample-day": "Beispieltag gespeichert",
    "invent-day": "Tag erfunden",
    "serve": "Programm gestartet",
    "backup": "Datenbank gesichert",
    "restore": "Sicherung wiederhergestellt",
    "warm-up": "Programm vorbereitet",
    "db": "Datenbank gewartet",
    "region": "Region gepflegt",
    "retention": "zu Altes gelöscht",
    "series": "Serie bearbeitet",
    "privacy": "Auskunft erstellt oder gelöscht",
    "key": "Schlüssel gewechselt",
    "audit": "Prüfprotokoll angesehen",
    "user": "Konten gepflegt",
    "token": "Zugänge von Maschinen gepflegt",
    "link": "Links der Fahrer:innen angesehen",
}


def deed_text(action: str) -> str:
    """Say in German what a `data.acting.Deed` was: "Tagesplan angesehen"."""
    method, _, path = action.partition(" ")
    if path.startswith("/"):
        return _at(method, path)
    words = action.removeprefix("fahrten ").split()
    return _DEEDS.get(words[0], ELSE) if words else _BY_ITSELF


def _at(method: str, path: str) -> str:
    begun = (known for known in _PLACES if known != "/" and _begins(path, known))
    place = "/" if path == "/" else max(begun, key=len, default="")
    if not place:
        return ELSE
    read, done = _PLACES[place]
    return (read or done) if method == "GET" else (done or read)


def _begins(path: str, known: str) -> bool:
    """Whether *known* is *path*, or the first steps of it; "{shift}.pdf" is a step."""
    return path == known or path.startswith(f"{known}/")
