"""Those who call an installation, without a server in between."""

from typing import Any

from fastapi.testclient import TestClient

from api.app import create_app
from api.operations.office import Office
from api.settings import Settings

HOME = ("127.0.0.1", 50000)


def visit(office: Office | Settings, **how: Any) -> TestClient:
    """
    Somebody at the machine itself.

    As long as nobody has an account, every door is open to them, and to nobody else.
    """
    if isinstance(office, Office):
        app = create_app(office.settings, office=office)
    else:
        app = create_app(office)
    return TestClient(app, **{"base_url": "http://localhost", "client": HOME, **how})
