"""Sending one notice to an address that somebody else chose: only outwards, only there, and not for long.

The name is resolved once, every address it has must be one of the public internet, and the connection goes
to exactly that address; redirects are not followed, proxies not used, answers not read beyond their status.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from hub import __version__
from hub.errors import UsageError

STEP, WHOLE = 10.0, 20.0
"""Seconds for each step of a call, and for all of it."""

LONGEST_URL = 2_000
NAT64 = ipaddress.ip_network("64:ff9b::/96")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Policy:
    """What the operator allows: plain HTTP, and addresses of the own network (for tests and closed nets)."""

    plain: bool = False
    private: bool = False


class NotDelivered(Exception):
    """No answer with a status came; the message says why."""


def checked(url: str, policy: Policy) -> SplitResult:
    """The parts of an address that notices may go to.

    Raises:
        UsageError: it is not an HTTPS address of a host, or names one inside of this network.
    """
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise UsageError(f"{url!r} is not an address") from None
    schemes = ("https", "http") if policy.plain else ("https",)
    printable = url.isascii() and url.isprintable() and " " not in url and len(url) <= LONGEST_URL
    if parts.scheme not in schemes or not parts.hostname or not printable:
        raise UsageError(f"a webhook's address begins with {' or '.join(schemes)}://, in ASCII; not {url!r}")
    if parts.username or parts.password or parts.fragment:
        raise UsageError("a webhook's address has no user, password or fragment; put a secret into its path")
    try:
        literal = ipaddress.ip_address(parts.hostname)
    except ValueError:
        return parts
    if not policy.private and not public(literal):
        raise UsageError(f"{literal} is not an address of the public internet")
    return parts


def public(address: Address) -> bool:
    """Whether an address is one of the public internet, however it is wrapped.

    >>> [public(ipaddress.ip_address(text)) for text in ("8.8.8.8", "10.0.0.1", "169.254.169.254", "::1")]
    [True, False, False, False]
    >>> wrapped = ("::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::")
    >>> [public(ipaddress.ip_address(text)) for text in wrapped]
    [False, False, False]
    """
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if address.teredo is not None:
            return False
        if inner is not None:
            return public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved


def resolved(host: str, port: int, policy: Policy) -> str:
    """The one address to connect to.

    Raises:
        NotDelivered: the name has none, or one that is not of the public internet.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as fault:
        raise NotDelivered(f"the name {host} cannot be resolved: {fault}") from fault
    addresses = [str(item[4][0]) for item in found]
    for text in addresses:
        if not policy.private and not public(ipaddress.ip_address(text.partition("%")[0])):
            raise NotDelivered(f"{host} leads to {text}, which is not an address of the public internet")
    return addresses[0]


def post(url: str, body: bytes, headers: Mapping[str, str], policy: Policy) -> int:
    """Send a notice; the status of the answer, whatever it is.

    Raises:
        NotDelivered: no answer came in time, or the address may not be called.
    """
    try:
        parts = checked(url, policy)
    except UsageError as fault:
        raise NotDelivered(fault.detail) from fault
    sent = {"Content-Type": "application/json", "User-Agent": f"repertoire-hub/{__version__}", **headers}
    return exchange("POST", parts, body, sent, policy)[0]


def exchange(
    method: str,
    parts: SplitResult,
    body: bytes | None,
    headers: Mapping[str, str],
    policy: Policy,
    *,
    most: int = 0,
) -> tuple[int, bytes]:
    """One call: the status, and the body if it has at most ``most`` bytes (it is not read otherwise).

    Raises:
        NotDelivered: no answer came in time, it is longer, or the address may not be called.
    """
    port = parts.port or (443 if parts.scheme == "https" else 80)
    host = parts.hostname or ""
    address = resolved(host, port, policy)
    connection = _Pinned(host, port, address, secure=parts.scheme == "https")
    # A peer that sends a byte now and then would pass every timeout of a step: this one is for all of it.
    alarm = threading.Timer(WHOLE, connection.cut)
    alarm.daemon = True
    alarm.start()
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(method, target, body, dict(headers))
        answer = connection.getresponse()
        told = answer.read(most + 1) if most else b""
        if len(told) > most:
            raise NotDelivered(f"the answer of {host} has more than {most} bytes")
        return answer.status, told
    except (OSError, http.client.HTTPException, ValueError) as fault:
        raise NotDelivered(f"{type(fault).__name__}: {fault}") from fault
    finally:
        alarm.cancel()
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """A connection to one address under the name of its host, which its certificate must have."""

    def __init__(self, host: str, port: int, address: str, *, secure: bool) -> None:
        super().__init__(host, port, timeout=STEP)
        self._address = address
        self._secure = secure
        self.default_port = 443 if secure else 80

    def connect(self) -> None:
        """Connect to the address that was looked at, and to no other."""
        self.sock = socket.create_connection((self._address, self.port), STEP)
        if self._secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)

    def cut(self) -> None:
        """End the call from another thread."""
        opened = self.sock
        if opened is not None:
            try:
                opened.shutdown(socket.SHUT_RDWR)
            except OSError:
                return
