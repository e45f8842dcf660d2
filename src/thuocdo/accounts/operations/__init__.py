"""Writes of accounts: open and close an account, grant and end a role, issue, rotate and revoke a key."""

from .keys import GRACE, LONGEST_GRACE, TooManyCalls, issue_key, revoke_key, rotate_key, take_call
from .people import (
    AccountRefused,
    deactivate_account,
    end_role,
    grant_role,
    open_account,
    reactivate_account,
    renew_password,
    set_email,
)

__all__ = [
    "GRACE",
    "LONGEST_GRACE",
    "AccountRefused",
    "TooManyCalls",
    "deactivate_account",
    "end_role",
    "grant_role",
    "issue_key",
    "open_account",
    "reactivate_account",
    "renew_password",
    "revoke_key",
    "rotate_key",
    "set_email",
    "take_call",
]
