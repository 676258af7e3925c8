"""
The key with which people are kept: outside the database, and never in a log or a backup of it.

Everything personal is sealed with AES-SIV (RFC 5297): the same text in the same place gives the
same bytes, so that the database can find somebody again without being able to read the name.
What need not be found again is sealed freshly each time. Which key a database is sealed with,
it says itself (`data.tables.Sealing`); keys that came before remain readable for old backups.
"""

import base64
import binascii
import hmac
import json
import os
import secrets
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.orm import Session

from data import private
from data.errors import DataError
from data.tables import Sealing

KEY_BYTES = 32
_NONCE_BYTES = 16
_PADDED_TO = 64  # so that a length tells little about a name

KEYS, VAULT, WRITES = "keys", "vault", "writes"  # in the info of a session


class KeyFaultError(DataError):
    """The key is lost, broken, or another one than that of the database."""


class Vault:
    """Seals and opens texts with one key; *about* says what a text is, and binds it to that."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._cipher = AESSIV(self._derive(b"seal", 64))

    @cached_property
    def name(self) -> str:
        """Tells keys apart and gives nothing away."""
        return self._derive(b"name", 8).hex()

    def seal(self, about: str, *values: str) -> bytes:
        """Seal *values* so that the same ones can be found again."""
        return self._cipher.encrypt(_packed(values), [about.encode()])

    def seal_freshly(self, about: str, *values: str) -> bytes:
        """Seal *values* so that nobody sees whether they are the same as others."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(_packed(values), [about.encode(), nonce])

    def open(self, about: str, sealed: bytes) -> tuple[str, ...]:
        """
        Read what `seal` wrote.

        Raises
        ------
        KeyFaultError
            If it was sealed with another key, about something else, or was changed since.
        """
        return self._open(sealed, [about.encode()])

    def open_fresh(self, about: str, sealed: bytes) -> tuple[str, ...]:
        """Read what `seal_freshly` wrote; raises as `open` does."""
        nonce = sealed[:_NONCE_BYTES]
        return self._open(sealed[_NONCE_BYTES:], [about.encode(), nonce])

    def prove(self, *parts: bytes) -> bytes:
        """Give what only the owner of the key can write below *parts*."""
        packed = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
        return hmac.digest(self._prover, packed, "sha256")

    @cached_property
    def _prover(self) -> bytes:
        return self._derive(b"audit", 32)

    def _open(self, sealed: bytes, bound: list[bytes]) -> tuple[str, ...]:
        try:
            return tuple(json.loads(self._cipher.decrypt(sealed, bound).decode()))
        except (InvalidTag, ValueError):
            msg = "Personendaten in der Datenbank sind beschädigt oder mit fremdem Schlüssel."
            raise KeyFaultError(msg) from None

    def _derive(self, purpose: bytes, length: int) -> bytes:
        info = b"gesunde-fahrten " + purpose
        return HKDF(algorithm=SHA256(), length=length, salt=None, info=info).derive(self._secret)


class Keys:
    """
    The keys of an installation, the newest first.

    Parameters
    ----------
    file
        One key a line. It is made, for its owner only, when the first key is needed.
    given
        The keys themselves, with commas between them; then no file is looked at.
    """

    def __init__(self, file: Path | None = None, *, given: str = "") -> None:
        self._file = file
        self._given = given
        self._vaults: dict[str, Vault] = {}
        self._lock = threading.Lock()

    @property
    def file(self) -> Path | None:
        """Where the keys lie; ``None`` if they were given."""
        return None if self._given else self._file

    def newest(self) -> Vault:
        """
        Give the key for what is sealed from now on; without any, make one.

        Raises
        ------
        KeyFaultError
            If there is none and none can be made, or the file holds something else.
        """
        with self._lock:
            if self.file is not None and not self.file.exists():
                _write_new(self.file, [_new_key()], replace=False)
            return next(iter(self._read().values()))

    def find(self, name: str) -> Vault:
        """
        Give the key of this name, also one that another process has made meanwhile.

        Raises
        ------
        KeyFaultError
            If it is not there.
        """
        with self._lock:
            if name not in self._vaults:
                self._vaults = self._read()
            try:
                return self._vaults[name]
            except KeyError:
                pass
        raise KeyFaultError(self._another)

    def known(self) -> list[Vault]:
        """Every key that there is, the newest first."""
        with self._lock:
            self._vaults = self._read()
            return list(self._vaults.values())

    def add(self) -> Vault:
        """Make a new key the newest one, and keep those before it."""
        file = self._own_file()
        with self._lock:
            _write_new(file, [_new_key(), *self._lines()], replace=True)
            self._vaults = self._read()
            return next(iter(self._vaults.values()))

    def forget_all_but(self, name: str) -> int:
        """
        Forget every other key; returns how many those were.

        Raises
        ------
        KeyFaultError
            If this one is not there; then all stay.
        """
        file = self._own_file()
        with self._lock:
            kept = [line for line in self._lines() if _vault(line, self._where).name == name]
            if not kept:
                raise KeyFaultError(self._another)
            gone = len(self._lines()) - len(kept)
            _write_new(file, kept, replace=True)
            self._vaults = self._read()
        return gone

    @property
    def _where(self) -> str:
        return f"„{self.file}“" if self.file else "FAHRTEN_KEY"

    @property
    def _another(self) -> str:
        return (
            f"Der Schlüssel in {self._where} passt nicht zur Datenbank. Bitte den richtigen "
            "zurücklegen (docs/operations.md); ohne ihn sind Namen und Adressen nicht lesbar."
        )

    def _own_file(self) -> Path:
        if self.file is None:
            msg = "Der Schlüssel steht in FAHRTEN_KEY; dort ist er auch zu ändern."
            raise KeyFaultError(msg)
        return self.file

    def _lines(self) -> Sequence[str]:
        if self.file is None:
            return [part.strip() for part in self._given.split(",") if part.strip()]
        try:
            return self.file.read_text("ascii").split()
        except FileNotFoundError:
            msg = (
                f"Der Schlüssel {self._where} fehlt, und die Datenbank ist mit ihm verschlüsselt. "
                "Bitte zurücklegen (docs/operations.md); ein neuer hilft nicht."
            )
            raise KeyFaultError(msg) from None
        except (OSError, UnicodeDecodeError) as error:
            msg = f"Der Schlüssel {self._where} kann nicht gelesen werden."
            raise KeyFaultError(msg) from error

    def _read(self) -> dict[str, Vault]:
        vaults = [_vault(line, self._where) for line in self._lines()]
        if not vaults:
            msg = f"In {self._where} steht kein Schlüssel."
            raise KeyFaultError(msg)
        return {vault.name: vault for vault in vaults}


def vault(session: Session) -> Vault:
    """
    Give the key of the database that *session* works with.

    Raises
    ------
    KeyFaultError
        If the installation does not have it.
    """
    known: Vault | None = session.info.get(VAULT)
    if known is not None:
        return known
    keys: Keys | None = session.info.get(KEYS)
    row = session.get(Sealing, 1)
    found = find_vault(keys, row.key if row is not None else None)
    if row is None and session.info.get(WRITES):
        session.add(Sealing(id=1, key=found.name))
        session.flush()
    session.info[VAULT] = found
    return found


def find_vault(keys: Keys | None, name: str | None) -> Vault:
    """
    Give the key of a *name*, or for a database that has none yet the newest.

    Raises
    ------
    KeyFaultError
        If the installation does not have it.
    """
    if keys is None:
        msg = "Ohne Schlüssel sind Namen und Adressen nicht lesbar."
        raise KeyFaultError(msg)
    return keys.find(name) if name is not None else keys.newest()


def _packed(values: tuple[str, ...]) -> bytes:
    packed = json.dumps(values, ensure_ascii=False).encode()
    return packed.ljust(-(-len(packed) // _PADDED_TO) * _PADDED_TO)


def _new_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def _vault(line: str, where: str) -> Vault:
    try:
        secret = base64.b64decode(line, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) != KEY_BYTES:
        msg = f"In {where} steht kein Schlüssel: es sind 32 Bytes in Base64, 44 Zeichen."
        raise KeyFaultError(msg)
    return Vault(secret)


def _write_new(file: Path, lines: Sequence[str], *, replace: bool) -> None:
    """Write all lines or none, readable for the owner only; the first of two who begin wins."""
    try:
        private.make_folder(file.parent)
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")  # mode 0600
        unfinished = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="ascii") as writing:
                writing.write("".join(f"{line}\n" for line in lines))
                writing.flush()
                os.fsync(writing.fileno())
            if replace:
                unfinished.replace(file)
            else:
                with suppress(FileExistsError):
                    file.hardlink_to(unfinished)
            folder = os.open(file.parent, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        msg = f"Der Schlüssel „{file}“ kann nicht geschrieben werden (FAHRTEN_KEY_FILE)."
        raise KeyFaultError(msg) from error
