"""Calendar files as practices export them."""


def event(begin: str = ":20270302T102000", *lines: str) -> str:
    """An event that begins then, written as it follows after DTSTART."""
    return "\r\n".join(["BEGIN:VEVENT", "UID:1", f"DTSTART{begin}", *lines, "END:VEVENT", ""])


def calendar(*parts: str) -> bytes:
    """A calendar file of events and whatever else."""
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Beispiel//Praxis//DE\r\n"
    return f"{head}{''.join(parts)}END:VCALENDAR\r\n".encode()
