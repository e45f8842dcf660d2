"""One HTTP call to an address that somebody else chose: short, without redirects, and never into our own network.

The address is resolved here and the connection made to what was looked at, so that a name which answers differently
the second time leads nowhere. Knows nothing of receivers; decides nothing.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 3.0, 5.0, 10.0
MOST_ANSWER = 500
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class NotSent(RuntimeError):
    """Nothing was sent, or no answer came; `code` says why."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(detail or code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Reply:
    """The status of an answer and its beginning as text."""

    status: int
    answer: str


def refusal_of(address: str, *, allowed: Collection[str]) -> str:
    """Why an address is not called, as a code; empty when it may be tried. Asks no name server.

    `allowed` are hosts (or host:port) of a closed network, which may speak plain HTTP and have private addresses.
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return "address"
    if not parts.hostname or parts.username or parts.password or parts.fragment or port == 0:
        return "address"
    if any(letter <= " " or letter == "\x7f" for letter in address):
        return "address"
    if _is_allowed(parts, allowed):
        return "" if parts.scheme in ("http", "https") else "address"
    if parts.scheme != "https":
        return "not_https"
    try:
        literal = ipaddress.ip_address(parts.hostname)
    except ValueError:
        return ""
    return "" if _is_public(literal) else "private_address"


def post(address: str, body: bytes, headers: Mapping[str, str], *, allowed: Collection[str]) -> Reply:
    """Send one POST and give the answer's status and beginning; raises NotSent.

    At most ten seconds in all, however slowly the other side speaks; redirects are answers like any other.
    """
    if refusal := refusal_of(address, allowed=allowed):
        raise NotSent(refusal)
    parts = urlsplit(address)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    family, place = _resolve(host, port, is_allowed=_is_allowed(parts, allowed))
    connection = http.client.HTTPConnection(host, port, timeout=READ_SECONDS)
    try:
        connection.sock = _connect(family, place, host, is_secret=parts.scheme == "https")
        return _exchange(connection, parts, body, headers)
    except NotSent:
        raise
    except TimeoutError as error:
        raise NotSent("too_slow") from error
    except ssl.SSLError as error:
        raise NotSent("certificate", str(error)) from error
    except (OSError, http.client.HTTPException) as error:
        raise NotSent("unreachable", f"{type(error).__name__}: {error}"[:200]) from error
    finally:
        connection.close()


def _exchange(
    connection: http.client.HTTPConnection, parts: SplitResult, body: bytes, headers: Mapping[str, str]
) -> Reply:
    held = connection.sock
    is_over = threading.Event()

    def end() -> None:
        is_over.set()
        try:
            held.shutdown(socket.SHUT_RDWR)
        except OSError:
            # It was closed a moment ago, which is all that was wanted.
            return

    watch = threading.Timer(WHOLE_SECONDS, end)
    watch.daemon = True
    watch.start()
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, {**headers, "Connection": "close"})
        answer = connection.getresponse()
        text = answer.read(MOST_ANSWER).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException) as error:
        if is_over.is_set():
            raise NotSent("too_slow") from error
        raise
    finally:
        watch.cancel()
    return Reply(answer.status, "".join(letter if letter.isprintable() else " " for letter in text)[:MOST_ANSWER])


def _connect(family: int, place: tuple[str, int], host: str, *, is_secret: bool) -> socket.socket:
    plain = socket.socket(family, socket.SOCK_STREAM)
    try:
        plain.settimeout(CONNECT_SECONDS)
        plain.connect(place)
        held: socket.socket = plain
        if is_secret:
            held = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
        held.settimeout(READ_SECONDS)
    except BaseException:
        plain.close()
        raise
    return held


def _resolve(host: str, port: int, *, is_allowed: bool) -> tuple[int, tuple[str, int]]:
    """The address to connect to. One private address among several refuses all: somebody is playing with names."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotSent("unknown_host", host) from error
    places = [(int(family), (str(place[0]).partition("%")[0], int(place[1]))) for family, _t, _p, _n, place in found]
    if not places:
        raise NotSent("unknown_host", host)
    if not is_allowed and not all(_is_public(ipaddress.ip_address(place[0])) for _family, place in places):
        raise NotSent("private_address", host)
    return places[0]


def _is_allowed(parts: SplitResult, allowed: Collection[str]) -> bool:
    host = (parts.hostname or "").lower()
    return host in allowed or f"{host}:{parts.port or ''}" in allowed


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address.teredo is not None or address in _NAT64:
            return False
        if inner is not None:
            return _is_public(inner)
    return address.is_global and not address.is_multicast
