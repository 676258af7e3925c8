"""`fahrten serve` with a wrong configuration: one German line for each mistake, and it ends."""

import shutil
import socket
import sqlite3
from pathlib import Path

import pytest

from api.errors import SettingsError
from api.operations import starting
from api.operations.office import Office
from api.settings import load_settings
from tests.builders_api import make_office
from tests.builders_commands import Fahrten
from tests.builders_databases import Postgres
from tests.builders_regions import KALLETAL
from tests.builders_serving import free_port

PORT = "FAHRTEN_PORT"


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv(PORT, str(free_port()))
    return monkeypatch


def test_a_database_that_does_not_answer_is_named(
    fahrten: Fahrten, environment: pytest.MonkeyPatch
) -> None:
    """But not with its password."""
    environment.setenv("FAHRTEN_DATABASE", "postgresql://fahrten:geheim@127.0.0.1:1/fahrten")
    run = fahrten("serve")

    # The server may have to be started yet: systemd tries again.
    assert run.code == 1
    assert run.err.startswith(
        "Fehler: Die Datenbank postgresql://fahrten:***@127.0.0.1:1/fahrten ist nicht zu benutzen: "
    )
    assert len(run.err.splitlines()) == 1
    assert "geheim" not in run.err


@pytest.mark.parametrize(
    "url", ["unsinn", "nichts://geheim@x/y", "sqlite+nichts:///x", "x://:geheim"]
)
def test_what_is_no_database_is_told(
    fahrten: Fahrten, environment: pytest.MonkeyPatch, url: str
) -> None:
    """With an example of what would be right, and without repeating a password."""
    environment.setenv("FAHRTEN_DATABASE", url)
    run = fahrten("serve")

    assert run.code == 2
    assert run.err.startswith("Fehler: FAHRTEN_DATABASE: Das ist keine Adresse einer Datenbank.")
    assert "geheim" not in run.err


def test_a_file_that_is_no_database_is_told(
    fahrten: Fahrten, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Somebody has put a spreadsheet there."""
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "fahrten.sqlite3").write_text("Name;Telefon\n" * 500)
    run = fahrten("serve")

    assert run.code == 2
    assert "ist nicht zu benutzen: Das ist keine Datenbank." in run.err
    assert "Traceback" not in run.err


def test_a_newer_database_is_left_alone(
    fahrten: Fahrten, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An old program was started by mistake."""
    office = make_office(tmp_path / "var")
    office.store.close()
    with sqlite3.connect(tmp_path / "var" / "fahrten.sqlite3") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    for command in (["serve"], ["plan", "2027-03-02"], ["db", "upgrade"]):
        run = fahrten(*command)

        assert run.code != 0
        assert "ist neuer als dieses Programm (Stand 9999, bekannt bis " in run.err
        assert "Traceback" not in run.err


def test_a_broken_region_has_its_own_exit_code(
    fahrten: Fahrten, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Every mistake in its files with its line."""
    folder = tmp_path / "regions" / "kalletal"
    shutil.copytree(KALLETAL, folder)
    (folder / "region.toml").write_text("title = [")
    run = fahrten("serve")

    assert run.code == 6
    assert run.err.startswith("Fehler: region.toml")


def test_every_mistake_is_told_at_once(
    fahrten: Fahrten, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nobody has to start five times to learn of five mistakes."""
    (tmp_path / "file").touch()
    environment.setenv("FAHRTEN_FOLDER", str(tmp_path / "file"))
    environment.setenv("FAHRTEN_DATABASE", "postgresql://127.0.0.1:1/fahrten")
    environment.setenv("FAHRTEN_REGION", "atlantis")
    environment.setenv("FAHRTEN_PROT", "80")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = fahrten("serve", "--port", str(port))

    assert run.code == 2
    told = run.err.removeprefix("Fehler: ").splitlines()
    beginnings = [
        "Die Datenbank postgresql://127.0.0.1:1/fahrten ist nicht zu benutzen: ",
        f"FAHRTEN_FOLDER={tmp_path / 'file'}: Hierhin kann nicht geschrieben werden: ",
        f"Unter 127.0.0.1:{port} kann nicht gelauscht werden: Dort läuft schon etwas.",
        "FAHRTEN_PROT: Diese Einstellung gibt es nicht. Gemeint ist vielleicht FAHRTEN_PORT.",
        "FAHRTEN_REGION=atlantis: Eine Region „atlantis“ gibt es nicht.",
    ]
    assert len(told) == len(beginnings)
    assert all(map(str.startswith, told, beginnings)), told


def test_a_wrong_value_hides_no_other_mistake(
    fahrten: Fahrten, environment: pytest.MonkeyPatch
) -> None:
    """By the names of the settings; what hangs on a wrong value is looked at when that is right."""
    for name, value in {
        "PORT": "99999",
        "SECONDS": "0",
        "BLA": "1",
        "KEY": "abc",
        "REGION": "atlantis",
        "DATABASE": "postgresql://127.0.0.1:1/fahrten",
        "GEOCODER": "photon",
        "OIDC_ISSUER": "http://id.example",
        "URL": "fahrten.example.org",  # so that it is not known what the issuer lacks
    }.items():
        environment.setenv(f"FAHRTEN_{name}", value)
    run = fahrten("serve")
    environment.setenv("FAHRTEN_URL", "https://fahrten.example.org")
    again = fahrten("serve")

    told, beginnings = (
        run.err.removeprefix("Fehler: ").splitlines(),
        [
            "FAHRTEN_BLA: Diese Einstellung gibt es nicht.",
            "Die Datenbank postgresql://127.0.0.1:1/fahrten ist nicht zu benutzen: ",
            "FAHRTEN_GEOCODER_URL: muss mit http:// oder https:// beginnen",
            "In FAHRTEN_KEY steht kein Schlüssel: ",
            "FAHRTEN_PORT='99999': ist zu groß.",
            "FAHRTEN_REGION=atlantis: ",
            "FAHRTEN_SECONDS='0': ist zu klein.",
            "FAHRTEN_URL='fahrten.example.org': muss wie https",
        ],
    )
    assert run.code == 2
    assert len(told) == len(beginnings), told
    assert all(map(str.startswith, told, beginnings)), told
    assert "FAHRTEN_OIDC_ISSUER: muss mit https:// beginnen." in again.err
    assert "FAHRTEN_URL=" not in again.err


def test_a_port_that_is_named_counts_although_the_one_that_is_set_is_wrong(
    fahrten: Fahrten, environment: pytest.MonkeyPatch
) -> None:
    """Both are told: one is wrong, and the other taken."""
    environment.setenv(PORT, "achtzig")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = fahrten("serve", "--port", str(port))

    assert sorted(run.err.removeprefix("Fehler: ").splitlines()) == [
        "FAHRTEN_PORT='achtzig': muss eine ganze Zahl sein.",
        f"Unter 127.0.0.1:{port} kann nicht gelauscht werden: Dort läuft schon etwas.",
    ]


def test_one_mistake_has_one_line(
    fahrten: Fahrten, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A folder that is none has no database either; that need not be told as well."""
    (tmp_path / "var").touch()
    run = fahrten("serve")

    assert run.code == 2
    assert run.err == (
        f"Fehler: FAHRTEN_FOLDER={tmp_path / 'var'}: Hierhin kann nicht geschrieben werden: "
        "Dort liegt eine Datei.\n"
    )


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("REGION", "atlantis", "FAHRTEN_REGION=atlantis: Eine Region „atlantis“ gibt es nicht."),
        ("DATABASE", "sqlite://", "FAHRTEN_DATABASE: Eine Datenbank im Arbeitsspeicher vergisst"),
        ("DATABASE", "sqlite:////proc/none/x", "FAHRTEN_DATABASE: Die Datenbank sqlite:////proc"),
        ("KEY", "abc", "In FAHRTEN_KEY steht kein Schlüssel: es sind 32 Bytes in Base64"),
        ("KEY_FILE", "/proc/none/key", "Der Schlüssel „/proc/none/key“ kann nicht geschrieben"),
    ],
)
def test_what_does_not_get_better_is_not_tried_again(
    fahrten: Fahrten, environment: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    """Exit code 2, and one line that names the setting."""
    environment.setenv(f"FAHRTEN_{name}", value)
    run = fahrten("serve")

    assert (run.code, len(run.err.splitlines())) == (2, 1)
    assert run.err.startswith(f"Fehler: {told}")


def test_a_setting_that_is_empty_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder would be the one in which somebody happens to stand."""
    monkeypatch.setenv("FAHRTEN_FOLDER", "")
    monkeypatch.setenv("FAHRTEN_PORT", "")

    assert (load_settings().folder, load_settings().port) == (Path("var"), 8000)


def test_a_database_that_can_only_be_read_is_refused(
    fahrten: Fahrten, environment: pytest.MonkeyPatch, postgres: Postgres
) -> None:
    """A standby, for example; every booking would fail."""
    with postgres.database() as url:
        Office(load_settings().model_copy(update={"database": url})).store.close()
        environment.setenv(
            "FAHRTEN_DATABASE", f"{url}&options=-c%20default_transaction_read_only%3Don"
        )
        run = fahrten("serve")

    assert (run.code, len(run.err.splitlines())) == (2, 1)
    assert "Sie ist nur lesbar" in run.err


@pytest.mark.parametrize(
    ("host", "why"),
    [
        ("192.0.2.1", "Diese Adresse hat der Rechner nicht"),  # RFC 5737: nobody's
        ("atlantis.invalid", "Diesen Namen gibt es nicht"),  # RFC 6761: never a name
    ],
)
def test_an_address_of_somebody_else_cannot_be_listened_on(host: str, why: str) -> None:
    with pytest.raises(SettingsError, match=why):
        starting.listen(host, free_port())


def test_settings_that_exist_are_not_refused() -> None:
    """Nor those of the tests, nor of other programs."""
    assert not starting.unknown({"FAHRTEN_SHARED": "/data", "FAHRTEN_TEST_DAYS": "3"})
    assert not starting.unknown({"FAHRTEN_PORT": "80", "FAHRTENBUCH": "1", "PATH": "/bin"})
