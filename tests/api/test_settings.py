"""Settings come from the environment, and a wrong one is told in one line."""

from pathlib import Path

import pytest

from api.errors import SettingsError
from api.settings import load_settings
from data.region_file import own_folder


def test_without_any_setting_everything_stays_on_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Only this machine is listened to, and nobody outside is asked."""
    for name in ("FOLDER", "REGION", "HOST", "GEOCODER"):
        monkeypatch.delenv(f"FAHRTEN_{name}", raising=False)

    settings = load_settings()

    assert (settings.host, settings.region, settings.geocoder) == ("127.0.0.1", "kalletal", "")
    assert settings.database_url == f"sqlite:///{Path('var') / 'fahrten.sqlite3'}"


def test_a_database_of_ones_own_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any URL that SQLAlchemy understands."""
    monkeypatch.setenv("FAHRTEN_DATABASE", "sqlite:////srv/beispiel.sqlite3")

    assert load_settings().database_url == "sqlite:////srv/beispiel.sqlite3"


def test_the_folder_of_regions_is_the_one_that_regions_are_read_from(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The setting and `data.region_file` read the same variable."""
    monkeypatch.setenv("FAHRTEN_REGIONS", str(tmp_path))

    assert load_settings().regions == own_folder() == tmp_path


def test_every_mistake_has_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the variable, its value and what would be right."""
    monkeypatch.setenv("FAHRTEN_PORT", "achtzig")
    monkeypatch.setenv("FAHRTEN_SECONDS", "0")
    monkeypatch.setenv("FAHRTEN_GEOCODER", "google")
    monkeypatch.setenv("FAHRTEN_OIDC_ISSUER", "http://id.example")

    with pytest.raises(SettingsError) as caught:
        load_settings()

    assert str(caught.value).splitlines() == [
        "FAHRTEN_GEOCODER='google': muss leer, nominatim oder photon sein.",
        "FAHRTEN_OIDC_ISSUER: muss mit https:// beginnen.",
        "FAHRTEN_PORT='achtzig': muss eine ganze Zahl sein.",
        "FAHRTEN_SECONDS='0': ist zu klein.",
    ]


def test_a_geocoder_needs_to_be_somewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """The public one is never asked by default."""
    monkeypatch.setenv("FAHRTEN_GEOCODER", "photon")

    with pytest.raises(SettingsError, match=r"^FAHRTEN_GEOCODER_URL: muss mit http"):
        load_settings()
