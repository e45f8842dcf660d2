"""A draft of the method that the demonstration compares with the one in force: more trust, less word of one's own."""

from datetime import datetime

from thuocdo.accounts.permissions import Actor, machine
from thuocdo.scorecards.operations.backcasting import ask_backcast, backcast
from thuocdo.scorecards.operations.drafts import draft_method
from thuocdo.scorecards.queries import Scorecard
from thuocdo.scorecards.queries.drafts import waiting_backcasts


def proposed(text: str) -> str:
    """The method with five points moved from discipline to trust, and less weight on what is only declared."""
    for code, now, then in (("discipline", 20, 15), ("trust", 20, 25)):
        head, found, rest = text.partition(f'[[node]]\ncode = "{code}"')
        text = head + found + rest.replace(f"weight = {now}", f"weight = {then}", 1)
    return text.replace("declared = 0.8", "declared = 0.7", 1)


def propose(*, administrator: Actor, at: datetime, scorecard: Scorecard) -> None:
    """Keep the draft and compute what was ranked by it."""
    draft = draft_method(actor=administrator, at=at, text=proposed(scorecard.text))
    ask_backcast(actor=administrator, at=at, draft=draft)
    actor = machine("backcasting", administrator.on)
    for waiting, period in waiting_backcasts():
        backcast(actor=actor, at=at, draft=waiting, period=period)
