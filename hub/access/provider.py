"""An OpenID Connect provider: its metadata, its keys, and what it says of who signed in.

Authorization code flow with PKCE (RFC 7636), state and nonce; the ID token's signature is checked against
the provider's published keys (OpenID Connect Core 1.0, section 3.1.3.7). Answers of the provider are short,
redirects are not followed, and every address that its metadata names must be HTTPS on the public internet,
unless it is on the issuer's own host.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote, urlencode, urlsplit

from hub.errors import NotAuthenticated, Surroundings
from hub.settings import Settings
from hub.webhooks.sending import NotDelivered, Policy, exchange

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures by a key that the provider alone has; never ``none``, and none made with a shared secret."""

LONGEST = 1 << 18
"""Bytes of an answer."""

FRESH, AGAIN = 3600.0, 60.0
"""Seconds for which metadata and keys are kept, and between two looks for a key that is not among them."""

LEEWAY = 60
"""Seconds by which clocks may differ."""


class SignInFailed(NotAuthenticated):
    """The provider did not say, in a way that can be believed, who this is; or it is nobody here."""

    code: ClassVar[str] = "sign_in_failed"
    title: ClassVar[str] = "Signing in did not work"


class Provider:
    """One provider as the settings name it. Metadata and keys are fetched when first needed, and kept."""

    def __init__(self, issuer: str, client: str, secret: str) -> None:
        self.issuer = issuer
        self._client = client
        self._secret = secret
        self._lock = threading.Lock()
        self._metadata: tuple[float, dict[str, Any]] = (-FRESH, {})
        self._keys: tuple[float, Any] = (-FRESH, None)

    def authorization_url(self, redirect: str, state: str, nonce: str, verifier: str) -> str:
        """Where the browser is sent to sign in.

        Raises:
            Surroundings: the provider cannot be reached, or its metadata is not usable.
        """
        asked = {
            "response_type": "code", "client_id": self._client, "redirect_uri": redirect,
            "scope": "openid profile email", "state": state, "nonce": nonce,
            "code_challenge": challenge(verifier), "code_challenge_method": "S256",
        }  # fmt: skip
        address = str(self.metadata()["authorization_endpoint"])
        return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(asked)}"

    def claims(self, code: str, redirect: str, nonce: str, verifier: str) -> dict[str, Any]:
        """The claims of the ID token for a code.

        Raises:
            SignInFailed: the provider does not take the code, or its token does not hold.
            Surroundings: the provider cannot be reached.
        """
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": redirect,
            "code_verifier": verifier, "client_id": self._client,
        }  # fmt: skip
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        ways = self.metadata().get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if self._secret and "client_secret_basic" in ways:
            pair = f"{quote(self._client, safe='')}:{quote(self._secret, safe='')}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        elif self._secret:
            form["client_secret"] = self._secret
        status, told = self._call(
            "POST", self.metadata()["token_endpoint"], urlencode(form).encode(), headers
        )
        token = told.get("id_token")
        if status != 200 or not isinstance(token, str):
            raise SignInFailed("the identity provider did not take the code; sign in again")
        return self._checked(token, nonce)

    def metadata(self) -> Mapping[str, Any]:
        """The provider's own description (OpenID Connect Discovery 1.0), as it was within the last hour.

        Raises:
            Surroundings: it cannot be fetched, is of another issuer, or names an address that is not safe.
        """
        with self._lock:
            fetched, found = self._metadata
            if time.monotonic() - fetched > FRESH:
                address = self.issuer.rstrip("/") + "/.well-known/openid-configuration"
                status, found = self._call("GET", address)
                if status != 200 or found.get("issuer") != self.issuer:
                    raise Surroundings("the identity provider describes another issuer than HUB_OIDC_ISSUER")
                for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                    self._policy_for(str(found.get(name, "")))
                self._metadata = (time.monotonic(), found)
            return found

    def _checked(self, token: str, nonce: str) -> dict[str, Any]:
        from joserfc import jwt
        from joserfc.errors import InvalidKeyIdError, JoseError

        try:
            try:
                found = jwt.decode(token, self._key_set(FRESH), algorithms=list(ALGORITHMS))
            except InvalidKeyIdError:
                # The provider may have begun to sign with a new key.
                found = jwt.decode(token, self._key_set(AGAIN), algorithms=list(ALGORITHMS))
            claims = dict(found.claims)
            jwt.JWTClaimsRegistry(
                leeway=LEEWAY,
                iss={"essential": True, "value": self.issuer},
                aud={"essential": True, "value": self._client},
                sub={"essential": True},
                exp={"essential": True},
                iat={"essential": True},
                nonce={"essential": True, "value": nonce},
            ).validate(claims)
        except (JoseError, ValueError, TypeError, KeyError) as fault:
            reason = getattr(fault, "error", "") or type(fault).__name__
            raise SignInFailed(f"the identity provider's token does not hold ({reason})") from fault
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", self._client) != self._client or (several and "azp" not in claims):
            raise SignInFailed("the identity provider's token does not hold (azp)")
        if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:
            raise SignInFailed("the identity provider's token does not hold (sub)")
        return claims

    def _key_set(self, fresh: float) -> KeySet:
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        address = str(self.metadata()["jwks_uri"])
        with self._lock:
            fetched, found = self._keys
            if time.monotonic() - fetched > fresh:
                status, told = self._call("GET", address)
                try:
                    found = KeySet.import_key_set({"keys": _signing(told)})
                except (JoseError, ValueError, TypeError, KeyError) as fault:
                    raise Surroundings(
                        f"the identity provider's keys cannot be read: HTTP {status}"
                    ) from fault
                self._keys = (time.monotonic(), found)
            return found  # type: ignore[no-any-return]

    def _call(
        self, method: str, address: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, Any]]:
        policy = self._policy_for(address)
        try:
            status, told = exchange(
                method, urlsplit(address), body, {"Accept": "application/json", **(headers or {})}, policy,
                most=LONGEST,
            )  # fmt: skip
            found = json.loads(told or b"{}")
        except NotDelivered as fault:
            raise Surroundings(f"the identity provider cannot be reached: {fault}") from fault
        except (ValueError, RecursionError) as fault:
            raise Surroundings("the identity provider's answer is no JSON") from fault
        return status, found if isinstance(found, dict) else {}

    def _policy_for(self, address: str) -> Policy:
        """How an address may be called: on the issuer's own host as it; elsewhere HTTPS in public."""
        own, other = urlsplit(self.issuer), urlsplit(address)
        if (own.scheme, own.hostname) == (other.scheme, other.hostname):
            return Policy(plain=True, private=True)
        if other.scheme != "https" or not other.hostname:
            raise Surroundings(f"the identity provider names an address that is not safe: {address[:200]!r}")
        return Policy()


def _signing(told: Mapping[str, Any]) -> list[Any]:
    """The keys that sign and that this library knows; a provider may publish others beside them."""
    keys = [key for key in told.get("keys", []) if isinstance(key, dict)]
    found = [key for key in keys if key.get("use", "sig") == "sig" and key.get("kty") in ("RSA", "EC")]
    if not found:
        raise ValueError("no key")
    return found


def challenge(verifier: str) -> str:
    """The S256 code challenge of a verifier.

    >>> challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
    """
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def provider_of(settings: Settings) -> Provider | None:
    """The provider of a hub, None where none is set.

    Raises:
        Surroundings: one is set, and the library that checks its tokens is not installed.
    """
    if not settings.oidc_issuer:
        return None
    return _made(settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret)


@cache
def _made(issuer: str, client: str, secret: str) -> Provider:
    try:
        import joserfc  # noqa: F401
    except ModuleNotFoundError as fault:
        raise Surroundings(
            "HUB_OIDC_ISSUER is set, and this hub cannot check tokens; install repertoire-hub[oidc]"
        ) from fault
    return Provider(issuer, client, secret)
