"""
What an installation can set, from environment variables that begin with ``FAHRTEN_``.

docs/operations.md explains each of them; a test keeps the two together.
"""

import ipaddress
import re
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.errors import SettingsError
from data.heads import NotedHead
from data.keys import Keys
from data.region_file import OWN_FOLDER_DEFAULT

PREFIX = "FAHRTEN_"

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
_URL = re.compile(r"https?://(\[[0-9a-f:]+\]|[\w.-]+)(:[0-9]{1,5})?", re.IGNORECASE)


_CLUSTER = re.compile(r"(tcp|tls)://(\[[0-9a-fA-F:]+\]|[\w.-]+):[0-9]{1,5}")


class Settings(BaseSettings):
    """
    Every setting has a default that works on a laptop without the internet.

    One that is set to nothing is not set: an empty folder would be wherever somebody stands.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, env_ignore_empty=True)

    folder: Annotated[Path, Field(description="Database and printed sheets.")] = Path("var")
    database: Annotated[str, Field(description="Database URL; empty: SQLite in the folder.")] = ""
    key: Annotated[
        SecretStr,
        Field(description="Keys of people and addresses, the newest first; empty: the file."),
    ] = SecretStr("")
    key_file: Annotated[
        Path | None, Field(description="File of the keys; by default beside the folder.")
    ] = None
    region: Annotated[str, Field(description="The region, unless another one is asked for.")] = (
        "kalletal"
    )
    regions: Annotated[Path, Field(description="Where the user's own regions lie.")] = (
        OWN_FOLDER_DEFAULT
    )
    host: Annotated[str, Field(description="Address that `fahrten serve` listens on.")] = (
        "127.0.0.1"
    )
    port: Annotated[int, Field(ge=1, le=65535, description="Port that it listens on.")] = 8000
    url: Annotated[
        str, Field(description="Where browsers reach it: https://fahrten.example.org; for links.")
    ] = ""
    login: Annotated[
        Literal["auto", "always"],
        Field(
            description="Whether one has to sign in; auto: not at this machine itself, as long as "
            "nobody has an account."
        ),
    ] = "auto"
    proxies: Annotated[
        str, Field(description="Addresses of proxies that may say whom they speak for.")
    ] = "127.0.0.1,::1"
    oidc_issuer: Annotated[
        str, Field(description="Identity provider (OpenID Connect); empty: passwords only.")
    ] = ""
    oidc_client_id: Annotated[str, Field(description="What the provider calls us.")] = ""
    oidc_client_secret: Annotated[
        SecretStr, Field(description="What the provider knows us by; empty: PKCE alone.")
    ] = SecretStr("")
    idle_minutes: Annotated[
        int, Field(ge=5, le=1440, description="Who does nothing for so long is signed out.")
    ] = 60
    session_hours: Annotated[
        int, Field(ge=1, le=168, description="After so long everybody has to sign in anew.")
    ] = 12
    seconds: Annotated[
        float, Field(gt=0, le=3600, description="Longest time for planning one day.")
    ] = 20.0
    workers: Annotated[
        int, Field(ge=1, le=64, description="Processes that plan days, each one at a time.")
    ] = 1
    cluster: Annotated[
        str, Field(description="Dask scheduler whose workers plan days: tcp://10.0.0.5:8786.")
    ] = ""
    replan_seconds: Annotated[
        float, Field(gt=0, le=3600, description="Longest time for replanning a running day.")
    ] = 5.0
    offer_minutes: Annotated[
        int,
        Field(ge=1, le=120, description="How long an offer can be accepted, or is kept on hold."),
    ] = 10
    answer_days: Annotated[
        int,
        Field(ge=1, le=365, description="How long an answer can be had again by its key."),
    ] = 7
    audit_months: Annotated[
        int, Field(ge=1, le=120, description="How long it is kept who read and changed what.")
    ] = 24
    geocoder: Annotated[
        Literal["", "nominatim", "photon"],
        Field(
            description="Online geocoder for addresses that the region does not have; "
            "empty: none is ever asked."
        ),
    ] = ""
    geocoder_url: Annotated[str, Field(description="Where the online geocoder answers.")] = ""
    contact: Annotated[
        str, Field(description="Mail address that is sent to OpenStreetMap's services.")
    ] = ""
    overpass_url: Annotated[str, Field(description="Where `fahrten region fetch` gets maps.")] = (
        "https://overpass-api.de/api"
    )
    nominatim_url: Annotated[
        str, Field(description="Where `fahrten region fetch` looks places up.")
    ] = "https://nominatim.openstreetmap.org/"

    log: Annotated[
        Literal["auto", "json", "text"],
        Field(description="Form of the log of `fahrten serve`; auto: text on a terminal."),
    ] = "auto"
    stop_seconds: Annotated[
        int, Field(ge=1, le=3600, description="How long the end waits for what has begun.")
    ] = 30

    @model_validator(mode="after")
    def _geocoder_has_a_url(self) -> "Settings":
        if self.geocoder and not self.geocoder_url.startswith(("http://", "https://")):
            msg = "muss mit http:// oder https:// beginnen, wenn FAHRTEN_GEOCODER gesetzt ist."
            raise PydanticCustomError("geocoder_url", "{msg}", {"msg": msg})
        return self

    @field_validator("url")
    @classmethod
    def _url_is_one(cls, url: str) -> str:
        url = url.rstrip("/").lower()
        if url and not _URL.fullmatch(url):
            msg = "muss wie https://fahrten.example.org aussehen, ohne Pfad."
            raise PydanticCustomError("own", "{msg}", {"msg": msg})
        return url

    @field_validator("cluster")
    @classmethod
    def _cluster_is_one(cls, cluster: str) -> str:
        if cluster and not _CLUSTER.fullmatch(cluster):
            msg = "muss wie tcp://10.0.0.5:8786 oder tls://10.0.0.5:8786 aussehen."
            raise PydanticCustomError("own", "{msg}", {"msg": msg})
        return cluster

    @field_validator("proxies")
    @classmethod
    def _proxies_are_addresses(cls, proxies: str) -> str:
        try:
            _networks(proxies)
        except ValueError:
            msg = "muss Adressen nennen, mit Kommas dazwischen: 127.0.0.1,10.0.0.0/24."
            raise PydanticCustomError("own", "{msg}", {"msg": msg}) from None
        return proxies

    @model_validator(mode="after")
    def _provider_is_complete(self) -> "Settings":
        if not self.oidc_issuer:
            return self
        local = re.match(r"http://(localhost|127\.0\.0\.1)(:|/|$)", self.oidc_issuer)
        if not (self.oidc_issuer.startswith("https://") or local):
            msg = "muss mit https:// beginnen."
        elif not self.oidc_client_id or not self.url:
            msg = "braucht auch FAHRTEN_OIDC_CLIENT_ID und FAHRTEN_URL."
        elif find_spec("authlib") is None or find_spec("httpx") is None:
            msg = "braucht Authlib und httpx (requirements/oidc.txt), die nicht installiert sind."
        else:
            return self
        raise PydanticCustomError("oidc_issuer", "{msg}", {"msg": msg})

    @cached_property
    def trusted_proxies(self) -> tuple[Network, ...]:
        """Proxies that may say whom they speak for."""
        return _networks(self.proxies)

    @property
    def database_url(self) -> str:
        """The database as SQLAlchemy writes it."""
        return self.database or f"sqlite:///{self.folder / 'fahrten.sqlite3'}"

    @property
    def keys(self) -> Keys:
        """
        The keys that people and addresses are sealed with.

        The file lies beside the folder and not in it: a copy of the folder tells nobody's name.
        """
        folder = self.folder.resolve()
        file = self.key_file or folder.parent / f"{folder.name or 'fahrten'}.key"
        return Keys(file, given=self.key.get_secret_value())

    @property
    def noted_head(self) -> NotedHead:
        """Where the newest row of the audit is noted, outside the database."""
        return NotedHead(self.folder / "audit-head")

    @property
    def sheets_folder(self) -> Path:
        """Where printed sheets are put."""
        return self.folder / "tourenblaetter"

    @property
    def drafts_folder(self) -> Path:
        """Where sheets of plans that are not kept are put."""
        return self.folder / "entwuerfe"


def _networks(text: str) -> tuple[Network, ...]:
    parts = (part.strip() for part in text.split(","))
    return tuple(ipaddress.ip_network(part) for part in parts if part)


def load_settings() -> Settings:
    """
    Read the settings from the environment.

    Raises
    ------
    SettingsError
        With one line for each mistake.
    """
    settings, wrong = read_settings()
    if wrong:
        raise SettingsError("\n".join(line for _, line in sorted(wrong.items())))
    return settings


def read_settings() -> tuple[Settings, dict[str, str]]:
    """
    Read the settings from the environment, and a line for each wrong one, by its field.

    What is wrong has its default, and so has what can only be looked at together with it.
    """
    wrong: dict[str, str] = {}
    instead: dict[str, Any] = {}
    while True:
        try:
            return Settings(**instead), wrong
        except ValidationError as error:
            for fault in error.errors():
                field = _field(fault)
                wrong[field] = _line(fault)
                for name in {field}.union(*(each for each in _TOGETHER if field in each)):
                    instead[name] = Settings.model_fields[name].default


def _field(fault: ErrorDetails) -> str:
    """Name the field of a fault; those of several fields together are called like one of them."""
    return str(fault["loc"][0]) if fault["loc"] else fault["type"]


def _line(fault: ErrorDetails) -> str:
    if not fault["loc"]:
        return f"{PREFIX}{fault['type'].upper()}: {fault['msg']}"
    name = f"{PREFIX}{str(fault['loc'][0]).upper()}"
    told = _GERMAN.get(fault["type"], "ist nicht zu gebrauchen.")
    if fault["type"] == "own":
        told = fault["msg"]
    if fault["type"] == "literal_error":
        # As pydantic lists them: 'a', 'b' or 'c'.
        possible = str(fault["ctx"]["expected"]).replace("''", "leer").replace("'", "")
        told = f"muss {possible.replace(' or ', ' oder ')} sein."
    return f"{name}={fault['input']!r}: {told}"


# Fields that are looked at together, each of which may be right alone.
_TOGETHER = (
    {"geocoder", "geocoder_url"},
    {"oidc_issuer", "oidc_client_id", "url"},
)
_GERMAN = {
    "int_parsing": "muss eine ganze Zahl sein.",
    "float_parsing": "muss eine Zahl sein.",
    "greater_than_equal": "ist zu klein.",
    "greater_than": "ist zu klein.",
    "less_than_equal": "ist zu groß.",
}
