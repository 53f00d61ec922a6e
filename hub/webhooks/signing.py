"""Signatures of notices after Standard Webhooks (symmetric, ``v1``); nothing but the standard library.

A notice is signed with every secret that is good at the time: HMAC-SHA256 over ``id.timestamp.body``, base64.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping, Sequence
from typing import Any

PREFIX = "whsec_"
TOLERANCE = 300
"""Seconds by which a notice's time may differ from one's own clock."""

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"


class BadSignature(ValueError):
    """The notice is not from the hub, was changed on its way, or is too old; the message says which."""


def new_secret() -> str:
    """A secret of 32 random bytes."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def sign(secret: str, message: str, timestamp: int, body: bytes) -> str:
    """One signature; the example is the published one of the standard.

    >>> secret, message = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"
    >>> sign(secret, message, 1614265330, b'{"test": 2432232314}')
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    signed = f"{message}.{timestamp}.".encode() + body
    digest = hmac.new(_key(secret), signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def headers(keys: Sequence[str], message: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers of a notice, with a signature of each secret."""
    return {
        ID: message,
        TIMESTAMP: str(timestamp),
        SIGNATURE: " ".join(sign(secret, message, timestamp, body) for secret in keys),
    }


def verify(
    secret: str,
    received: Mapping[str, str],
    body: bytes,
    *,
    tolerance: int = TOLERANCE,
    now: float | None = None,
) -> dict[str, Any]:
    """The notice as JSON, if it is from the hub and as it was sent: for those who receive them.

    ``received`` are the headers, in any case. Keep the ids (``webhook-id``) for as long as notices are
    repeated, and let the second of an id be.

    Raises:
        BadSignature: no good signature, or a time outside of the tolerance.
    """
    given = {name.lower(): value for name, value in received.items()}
    message, stamp, signatures = (given.get(name, "") for name in (ID, TIMESTAMP, SIGNATURE))
    if not message or not (stamp.isascii() and stamp.isdigit()):
        raise BadSignature("the notice has no id or no timestamp")
    if abs((time.time() if now is None else now) - int(stamp)) > tolerance:
        raise BadSignature(f"the notice is more than {tolerance} s away from this clock")
    expected = sign(secret, message, int(stamp), body)
    if not any(hmac.compare_digest(expected.encode(), part.encode()) for part in signatures.split()):
        raise BadSignature("no signature of this notice was made with this secret")
    found = json.loads(body)
    if not isinstance(found, dict):
        raise BadSignature("the notice is no JSON object")
    return found


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise BadSignature("the secret is not one of a webhook: whsec_ and base64") from None
