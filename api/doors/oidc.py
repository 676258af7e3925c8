"""
Signing in with an identity provider: OpenID Connect, authorization code flow with PKCE.

The only module that knows Authlib, an extra (`pip install gesunde-fahrten[oidc]`). What the
provider says of somebody counts only with its signature, for us, now, and as the answer to the
very question that this browser was sent away with.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from api.doors.errors import ProviderError, SignInError
from api.settings import Settings

if TYPE_CHECKING:
    import httpx

_SCOPE: Final = "openid email"
RETURN: Final = "/anmelden/oidc/zurueck"
_ALGORITHMS: Final = ["RS256", "PS256", "ES256", "EdDSA"]  # never "none", nor one with our secret
_LEEWAY: Final = 60  # seconds by which clocks may differ
_TIMEOUT: Final = 10.0


@dataclass(frozen=True)
class Asked:
    """What a browser was sent away with; it has to come back with the answer to just that."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Identity:
    """Whom the provider vouches for; *email* only if it has verified that it is theirs."""

    subject: str
    email: str | None


def begin(settings: Settings) -> tuple[str, Asked]:
    """
    Say where to send a browser, and what it has to come back with.

    Raises
    ------
    ProviderError
        If the provider does not answer.
    """
    from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
    from authlib.oauth2.rfc7636 import create_s256_code_challenge

    asked = Asked(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))
    with _client() as client:
        about = _discover(client, settings)
    address = prepare_grant_uri(  # type: ignore[no-untyped-call]
        about["authorization_endpoint"],
        settings.oidc_client_id,
        "code",
        redirect_uri=_return_to(settings),
        scope=_SCOPE,
        state=asked.state,
        nonce=asked.nonce,
        code_challenge=create_s256_code_challenge(asked.verifier),  # type: ignore[no-untyped-call]
        code_challenge_method="S256",
    )
    return str(address), asked


def finish(settings: Settings, asked: Asked, *, code: str, state: str, now: float) -> Identity:
    """
    Ask the provider who somebody is who came back.

    Raises
    ------
    SignInError
        If it is not the answer to what was *asked*, or not a valid one.
    ProviderError
        If the provider does not answer.
    """
    if not hmac.compare_digest(asked.state.encode(), state.encode("utf-8", "replace")):
        raise SignInError(_STALE)
    with _client() as client:
        about = _discover(client, settings)
        token = _redeem(client, about["token_endpoint"], settings, asked, code)
        keys = _read(client, about["jwks_uri"])
    claims = _verified(token, keys, settings, asked, now=now)
    email, verified = claims.get("email"), claims.get("email_verified")
    return Identity(
        f"{settings.oidc_issuer} {claims['sub']}",
        email if verified is True and isinstance(email, str) else None,
    )


_STALE: Final = "Das hat nicht geklappt. Bitte noch einmal von vorn anmelden."


def _verified(
    token: str, keys: Mapping[str, Any], settings: Settings, asked: Asked, *, now: float
) -> dict[str, Any]:
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    registry = jwt.JWTClaimsRegistry(
        now=int(now),
        leeway=_LEEWAY,
        iss={"essential": True, "value": settings.oidc_issuer},
        aud={"essential": True, "value": settings.oidc_client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": asked.nonce},
    )
    try:
        read = jwt.decode(token, KeySet.import_key_set(dict(keys)), algorithms=_ALGORITHMS)  # type: ignore[arg-type]  # as the provider sent it
        registry.validate(read.claims)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise SignInError(_STALE) from error
    claims = dict(read.claims)
    # Of a token for several, it has to be said that it was we who asked for it.
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if several else settings.oidc_client_id) != settings.oidc_client_id:
        raise SignInError(_STALE)
    return claims


def _client() -> "httpx.Client":
    import httpx

    return httpx.Client(timeout=_TIMEOUT, follow_redirects=False)


def _return_to(settings: Settings) -> str:
    return f"{settings.url}{RETURN}"


def _discover(client: "httpx.Client", settings: Settings) -> Mapping[str, Any]:
    about = _read(client, f"{settings.oidc_issuer}/.well-known/openid-configuration")
    wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if about.get("issuer") != settings.oidc_issuer or not all(
        isinstance(about.get(name), str) for name in wanted
    ):
        raise ProviderError
    return about


def _redeem(
    client: "httpx.Client", address: str, settings: Settings, asked: Asked, code: str
) -> str:
    """Give the code back, and get the token for it: once, and only with our own question."""
    import httpx

    secret = settings.oidc_client_secret.get_secret_value()
    sent = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": _return_to(settings),
        "code_verifier": asked.verifier,
        **({} if secret else {"client_id": settings.oidc_client_id}),
    }
    # As RFC 6749, 2.3.1, has it: both are quoted before they are joined.
    pair = (quote(settings.oidc_client_id, safe=""), quote(secret, safe=""))
    try:
        known = httpx.BasicAuth(*pair) if secret else httpx.USE_CLIENT_DEFAULT
        answer = client.post(address, data=sent, auth=known)
    except httpx.HTTPError as error:
        raise ProviderError from error
    if answer.is_client_error:
        raise SignInError(_STALE)
    token = _document(answer).get("id_token")
    if not isinstance(token, str):
        raise ProviderError
    return token


def _read(client: "httpx.Client", address: str) -> Mapping[str, Any]:
    import httpx

    try:
        return _document(client.get(address))
    except httpx.HTTPError as error:
        raise ProviderError from error


def _document(answer: "httpx.Response") -> Mapping[str, Any]:
    try:
        document = answer.json() if answer.is_success else None
    except ValueError as error:
        raise ProviderError from error
    if not isinstance(document, dict):
        raise ProviderError
    return document
