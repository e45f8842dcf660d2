"""Temporary passwords, and the promise that what is shown once is made once."""

import secrets

from django.http import HttpRequest

# Without characters that look alike: 0 and o, 1, l and i.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, LENGTH = 4, 4
NAME = "quan_tri_da_dung"
MOST_KEPT = 50


def temporary_password() -> str:
    """Sixteen characters in groups of four, about 79 random bits: kmp4-vx7d-9qte-hw3r."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(GROUPS))


def fresh_mark() -> str:
    """A mark for a form whose answer shows a secret."""
    return secrets.token_hex(8)


def use_mark(request: HttpRequest) -> bool:
    """Whether the form comes for the first time; a reload of the answer must not make a second secret."""
    mark = request.POST.get("dau", "")
    used: list[str] = request.session.get(NAME, [])
    if mark in used:
        return False
    request.session[NAME] = [*used, mark][-MOST_KEPT:]
    return True
