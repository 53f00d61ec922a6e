"""A small OpenID Connect provider behind a real HTTP server: keys, codes with PKCE, signed tokens."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "hub-of-tests", "a secret & more"
Claims = dict[str, Any]


@dataclass
class Provider:
    """What it says, which tests change: the person, the claims, the way a token is made, the metadata."""

    issuer: str
    subject: str = "person-1"
    more: Claims = field(default_factory=dict)
    changed: Callable[[Claims], None] = lambda claims: None
    sign: Callable[[Claims], str] | None = None
    metadata: Claims = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"}))
    fetched: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def described(self) -> Claims:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            **self.metadata,
        }

    def visited(self, address: str) -> tuple[str, str]:
        """A person signs in at the address of the authorization: the code and the state that go back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return code, asked["state"]

    def token(self, form: dict[str, str], authorization: str) -> Claims | None:
        """What a code is exchanged for, once, by the right client with the right verifier."""
        asked = self.codes.pop(form.get("code", ""), None)
        pair = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        if asked is None or [unquote(part) for part in pair.split(":")] != [CLIENT, SECRET]:
            return None
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenged = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if challenged != asked["code_challenge"] or form["redirect_uri"] != asked["redirect_uri"]:
            return None
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": self.subject, "iat": now, "exp": now + 300,
            "nonce": asked["nonce"], **self.more,
        }  # fmt: skip
        self.changed(claims)
        return {"access_token": "x", "token_type": "Bearer", "id_token": (self.sign or self.signed)(claims)}

    def signed(self, claims: Claims) -> str:
        return str(jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key))


@contextmanager
def providing() -> Iterator[Provider]:
    """A provider on a port of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.fetched.append(self.path)
            if self.path == "/.well-known/openid-configuration":
                self._told(200, provider.described())
            elif self.path == "/keys":
                self._told(200, {"keys": [provider.key.as_dict(private=False)]})
            else:
                self._told(404, {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            found = provider.token(form, self.headers.get("Authorization", ""))
            self._told(200 if found else 400, found or {"error": "invalid_grant"})

        def _told(self, status: int, body: Claims) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = Provider(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
