"""A small identity provider of the tests' own: a real server, with real keys and signatures."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "fahrten", "a-secret-of-two"


@dataclass
class Provider:
    """
    What it says of whoever comes; tests change that.

    *claims* stand in each token in the place of the usual ones, *key* signs it. *asked* are the
    questions with which browsers came, by code.
    """

    claims: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))
    signs_with: RSAKey | None = None
    algorithm: str = "RS256"
    about: dict[str, Any] = field(default_factory=dict)
    issuer: str = ""
    now: int = 0
    asked: dict[str, dict[str, str]] = field(default_factory=dict)

    def consent(self, address: str) -> str:
        """What a browser does there: somebody signs in, and is sent back to this address."""
        question = {name: each[0] for name, each in parse_qs(urlsplit(address).query).items()}
        assert question["client_id"] == CLIENT
        assert question["response_type"] == "code"
        assert question["code_challenge_method"] == "S256"
        code = f"code-{len(self.asked)}"
        self.asked[code] = question
        back = urlencode({"code": code, "state": question["state"]})
        return f"{question['redirect_uri']}?{back}"

    def answer(self, path: str) -> dict[str, Any] | None:
        """Answer a GET."""
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                **self.about,
            }
        return {"keys": [self.key.as_dict(private=False)]} if path == "/keys" else None

    def give(self, sent: dict[str, str], credentials: str) -> tuple[int, dict[str, Any]]:
        """Give a token for a code, once, to whoever asked for it."""
        question = self.asked.pop(sent.get("code", ""), None)
        expected = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            question is None
            or challenge != question["code_challenge"]
            or sent.get("redirect_uri") != question["redirect_uri"]
            or credentials != expected
        ):
            return 400, {"error": "invalid_grant"}
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "17",
            "iat": self.now,
            "exp": self.now + 300,
            "nonce": question["nonce"],
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": self.algorithm, "kid": "1"}
        token = jwt.encode(header, claims, self.signs_with or self.key, [self.algorithm])
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": token}


@contextmanager
def running_provider() -> Iterator[Provider]:
    """Let it answer on a port of this machine."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = provider.answer(urlsplit(self.path).path)
            self._send(200 if found is not None else 404, found or {})

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            sent = {
                name: each[0] for name, each in parse_qs(self.rfile.read(length).decode()).items()
            }
            self._send(*provider.give(sent, self.headers.get("Authorization", "")))

        def _send(self, status: int, document: dict[str, Any]) -> None:
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
