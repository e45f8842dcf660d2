"""What a head answers for: terms, tenures, and the rule that gives each fact to the head of its day; pure."""

from .attribution import facts_of
from .figures import FIGURES, Figure, Group, figures_of_group
from .histories import Days, End, Fact, History, Moved, Occurred, Taken
from .method import METHOD, METHOD_VERSION
from .standings import Spread, share, spread_of
from .tenures import Appointed, Tenure, is_acting, tenures_of
from .terms import Term, TermError, parse_term, term_of, terms_before

__all__ = [
    "FIGURES",
    "METHOD",
    "METHOD_VERSION",
    "Appointed",
    "Days",
    "End",
    "Fact",
    "Figure",
    "Group",
    "History",
    "Moved",
    "Occurred",
    "Spread",
    "Taken",
    "Tenure",
    "Term",
    "TermError",
    "facts_of",
    "figures_of_group",
    "is_acting",
    "parse_term",
    "share",
    "spread_of",
    "tenures_of",
    "term_of",
    "terms_before",
]
