"""For whoever receives events from an instance: is this message really from it, whole, and new?"""

import hashlib
import hmac

HEADER = "Thuocdo-Signature"


def sign(secret: str, body: bytes, at: int) -> str:
    """HMAC-SHA256 over the time in seconds, a point and the body, in hexadecimal digits."""
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def verify(secret: str, header: str, body: bytes, *, now: float, tolerance: int = 300) -> bool:
    """Whether the signature in the header `Thuocdo-Signature` is that of the body, and not older than `tolerance`
    seconds at `now`, in seconds since 1970. `body` are the very bytes that came, before anything parses them.

    The header reads `t=1700000000,v1=<hex>`; while a secret is being changed it has two `v1`.
    """
    parts = [part.partition("=") for part in header.split(",")]
    times = [value for name, _sign, value in parts if name.strip() == "t"]
    if len(times) != 1 or not (times[0].isascii() and times[0].isdecimal()) or len(times[0]) > 12:
        return False
    at = int(times[0])
    if abs(now - at) > tolerance:
        return False
    expected = sign(secret, body, at)
    given = [value for name, _sign, value in parts if name.strip() == "v1" and value.isascii()]
    return any(hmac.compare_digest(expected, one) for one in given)
