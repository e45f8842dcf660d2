"""What an address asks to be tried: weights as `ts.<code>`, values of one body (`cq`) as `gt.<code>`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from thuocdo.engine.scoring import Spec
from thuocdo.scorecards.queries.trials import weights_of

if TYPE_CHECKING:
    from django.http import QueryDict

WEIGHT, VALUE, BODY = "ts.", "gt.", "cq"
# No method needs more; beyond it a number is a slip of the hand.
HIGHEST = 1000.0
LONGEST = 20


@dataclass(frozen=True)
class Asked:
    """What is to be tried: only what differs from the method; `wrong` says by code what cannot be, and the remedy.

    `typed` keeps every field as it came, so that nothing typed is lost.
    """

    weights: Mapping[str, float] = field(default_factory=dict)
    values: Mapping[str, float] = field(default_factory=dict)
    body: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is tried."""
        return not (self.weights or self.values)

    def words(self, group: str, period: str) -> dict[str, str]:
        """The address of this trial as words: the ranking, and only what differs."""
        words = {"nhom": group, "ky": period}
        words |= {f"{WEIGHT}{code}": brief(weight) for code, weight in self.weights.items()}
        if self.body:
            words[BODY] = self.body
            words |= {f"{VALUE}{code}": brief(value) for code, value in self.values.items()}
        return words

    def address(self, name: str, group: str, period: str) -> str:
        """The page, part or file of this trial."""
        return f"{reverse(name)}?{urlencode(self.words(group, period))}"


def brief(value: float) -> str:
    """A number as short as it can be written for machines: 20.0 → 20."""
    return repr(value).removesuffix(".0")


def read_asked(query: "QueryDict", spec: Spec, *, body: str, now: Mapping[str, float | None]) -> Asked:
    """What the words of the address mean for this method; `now` are the body's values by indicator.

    A word for a part that the method does not have is passed over, for the address may be of another version.
    """
    weights, values = dict[str, float](), dict[str, float]()
    wrong, typed = dict[str, str](), dict[str, str]()
    given = weights_of(spec)
    for code, weight in given.items():
        text = query.get(f"{WEIGHT}{code}", "").strip()[:LONGEST]
        if not text or code == spec.top:
            continue
        typed[f"{WEIGHT}{code}"] = text
        number = read_number(text)
        if number is None or not 0 <= number <= HIGHEST:
            wrong[code] = gettext("Trọng số là một số từ 0 đến 1.000; hãy sửa “%(text)s”.") % {"text": text}
        elif number != weight:
            weights[code] = number
    for code, value in now.items() if body else ():
        text = query.get(f"{VALUE}{code}", "").strip()[:LONGEST]
        if not text:
            continue
        typed[f"{VALUE}{code}"] = text
        number = read_number(text)
        if number is None:
            wrong[code] = gettext("Giá trị là một con số; hãy sửa “%(text)s”.") % {"text": text}
        elif value is None or number != value:
            values[code] = number
    tree = spec.tree
    for place, children in enumerate(tree.children):
        codes = [tree.columns[child] for child in children]
        if not any(weights.get(code, given[code]) for code in codes):
            node = tree.columns[tree.leaf_count + place]
            wrong[node] = gettext("Ít nhất một trọng số trong nhóm này phải lớn hơn 0.")
            weights = {code: weight for code, weight in weights.items() if code not in codes}
    return Asked(weights, values, body, wrong, typed)


def read_number(text: str) -> float | None:
    """A number written with a decimal comma or point; None for what is none, or too large to mean anything."""
    plain = text.replace(" ", "")
    plain = plain.replace(".", "").replace(",", ".") if "," in plain else plain
    if not plain.isascii() or not all(sign.isdigit() or sign in ".-" for sign in plain):
        return None
    try:
        number = float(plain)
    except ValueError:
        return None
    return number if abs(number) < 1e15 else None
