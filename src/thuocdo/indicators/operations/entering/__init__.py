"""Figures from the desk to their final form: typed, handed in, given back, signed off, taken over."""

from .deciding import accept_figures, approve_figures, return_figure, undo_decision, unlock_period
from .drafting import DraftCell, DraftSaved, discard_drafts, save_drafts
from .refusals import FiguresRefused
from .rules import load_entry_rules
from .submitting import check_submission, submit_figures
from .words import in_words, words_of_findings

__all__ = [
    "DraftCell",
    "DraftSaved",
    "FiguresRefused",
    "accept_figures",
    "approve_figures",
    "check_submission",
    "discard_drafts",
    "in_words",
    "load_entry_rules",
    "return_figure",
    "save_drafts",
    "submit_figures",
    "undo_decision",
    "unlock_period",
    "words_of_findings",
]
