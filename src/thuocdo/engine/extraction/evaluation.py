"""How well assignments were found: labels matched with findings, and precision, recall, F1 and field accuracy.

A label and a finding match when the characters they share are at least half of the longer of the two; pairs are made
one to one, the largest share first. Fields are judged on the pairs only, except `all_right_of_gold`, where a missed
label counts as wrong. Sources: the definitions beside the labelling scheme, docs/method/extraction.md.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

KINDS = ("by", "before", "within_month", "within_quarter", "within_year", "recurring", "relative", "none")
FIELDS = ("lead", "coordinating", "date", "kind", "addressee_kind", "target", "deliverable", "action")
_CORE = ("lead", "coordinating", "date", "kind")
_HALF = 0.5
_EDGES = " \t\n.,;:-–—()\"'“”"
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*\s*%?")
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")


class LabelError(ValueError):
    """A label that does not follow the scheme; `code` is for machines, `line` the number of its line."""

    def __init__(self, code: str, line: int, detail: str) -> None:
        super().__init__(f"line {line}: {detail}")
        self.code, self.line, self.detail = code, line, detail


@dataclass(frozen=True, slots=True)
class Labelled:
    """One assignment as somebody labelled it or as the rules found it, made comparable."""

    document: str
    start: int
    end: int
    lead: frozenset[str]
    coordinating: frozenset[str]
    action: str
    deliverable: str
    day: str | None
    kind: str
    target: str
    addressee_kind: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A label that was missed, a finding that no label asks for, or a pair with wrong fields."""

    document: str
    sort: str
    wanted: Labelled | None
    found: Labelled | None
    fields: tuple[str, ...] = ()


@dataclass(slots=True)
class Tally:
    """Counts over some documents, and the figures that follow from them."""

    labels: int = 0
    findings: int = 0
    pairs: int = 0
    right: Counter[str] = field(default_factory=Counter)
    dated: int = 0
    dated_right: int = 0
    action_overlap: float = 0.0
    bodies: Counter[tuple[str, str]] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Take in the counts of other documents."""
        for name in ("labels", "findings", "pairs", "dated", "dated_right", "action_overlap"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.right += other.right
        self.bodies += other.bodies
        self.differences += other.differences

    def figures(self) -> dict[str, float | int | None]:
        """Return the figures by their names; None where nothing could be judged."""
        missed, extra = self.labels - self.pairs, self.findings - self.pairs
        precision, recall, f1 = _rates(self.pairs, extra, missed)
        shares = {name: _share(self.right[name], self.pairs) for name in (*FIELDS, "core", "all")}
        return {
            "gold": self.labels,
            "predicted": self.findings,
            "matched": self.pairs,
            "precision": precision,
            "recall": recall,
            "f1": f1,
            "lead_exact_set": shares["lead"],
            "lead_f1": self._body_rate("lead"),
            "coordinating_exact_set": shares["coordinating"],
            "coordinating_f1": self._body_rate("coordinating"),
            "deadline_date_accuracy": shares["date"],
            "deadline_date_accuracy_where_gold_has_a_date": _share(self.dated_right, self.dated),
            "deadline_kind_accuracy": shares["kind"],
            "addressee_kind_accuracy": shares["addressee_kind"],
            "target_accuracy": shares["target"],
            "deliverable_accuracy": shares["deliverable"],
            "action_token_f1": self.action_overlap / self.pairs if self.pairs else None,
            "core_fields_right": shares["core"],
            "all_fields_right": shares["all"],
            "core_right_of_gold": _share(self.right["core"], self.labels),
            "all_right_of_gold": _share(self.right["all"], self.labels),
        }

    def _body_rate(self, name: str) -> float:
        return _rates(self.bodies[name, "right"], self.bodies[name, "extra"], self.bodies[name, "missed"])[2]


def labelled(record: Mapping[str, Any], line: int = 0) -> Labelled:
    """Read one label of the scheme; LabelError tells what is wrong with it."""
    try:
        deadline = record.get("deadline") or {}
        start, end, day, kind = record["start"], record["end"], deadline.get("date"), deadline.get("kind") or "none"
        _check(line, start, end, kind)
        if day is not None:
            date.fromisoformat(day)
        return Labelled(
            document=re.split(r"[\\/]", record["doc"])[-1],
            start=start,
            end=end,
            lead=_names(record.get("lead")),
            coordinating=_names(record.get("coordinating")),
            action=record.get("action") or "",
            deliverable=record.get("deliverable") or "",
            day=day or None,
            kind=kind,
            target=record.get("target") or "",
            addressee_kind=record.get("addressee_kind") or "none",
        )
    except LabelError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise LabelError("label", line, f"{type(error).__name__}: {error}") from error


def _check(line: int, start: object, end: object, kind: object) -> None:
    if not (type(start) is int and type(end) is int and 0 <= start < end):
        raise LabelError("offsets", line, "start and end must be whole numbers, 0 <= start < end")
    if kind not in KINDS:
        raise LabelError("kind", line, f"{kind!r} is no kind of deadline")


def compare(labels: Sequence[Labelled], findings: Sequence[Labelled]) -> Tally:
    """Judge the findings of one document against its labels."""
    tally = Tally(labels=len(labels), findings=len(findings))
    pairs = _pairs(labels, findings)
    seen_labels, seen_findings = {i for i, _ in pairs}, {j for _, j in pairs}
    for i, label in enumerate(labels):
        if i not in seen_labels:
            tally.differences.append(Difference(label.document, "missed", label, None))
    for j, finding in enumerate(findings):
        if j not in seen_findings:
            tally.differences.append(Difference(finding.document, "extra", None, finding))
    for i, j in pairs:
        _judge(tally, labels[i], findings[j])
    tally.differences.sort(key=lambda d: (d.wanted or d.found).start)  # type: ignore[union-attr]
    return tally


def _judge(tally: Tally, label: Labelled, finding: Labelled) -> None:
    """Count one pair: which fields are right, which bodies were named."""
    overlap = token_overlap(label.action, finding.action)
    right = {
        "lead": label.lead == finding.lead,
        "coordinating": label.coordinating == finding.coordinating,
        "date": label.day == finding.day,
        "kind": label.kind == finding.kind,
        "addressee_kind": label.addressee_kind == finding.addressee_kind,
        "target": bool(label.target) == bool(finding.target) and figures_in(label.target) == figures_in(finding.target),
        "deliverable": bool(label.deliverable) == bool(finding.deliverable)
        and (not label.deliverable or token_overlap(label.deliverable, finding.deliverable) >= _HALF),
        "action": overlap >= _HALF,
    }
    tally.pairs += 1
    tally.action_overlap += overlap
    tally.right.update(name for name, is_right in right.items() if is_right)
    tally.right["core"] += all(right[name] for name in _CORE)
    tally.right["all"] += all(right.values())
    if label.day:
        tally.dated += 1
        tally.dated_right += right["date"]
    for name, wanted, found in (
        ("lead", label.lead, finding.lead),
        ("coordinating", label.coordinating, finding.coordinating),
    ):
        tally.bodies[name, "right"] += len(wanted & found)
        tally.bodies[name, "extra"] += len(found - wanted)
        tally.bodies[name, "missed"] += len(wanted - found)
    wrong = tuple(name for name in FIELDS if not right[name])
    if wrong:
        tally.differences.append(Difference(label.document, "fields", label, finding, wrong))


def _pairs(labels: Sequence[Labelled], findings: Sequence[Labelled]) -> list[tuple[int, int]]:
    """Match one to one, the largest share of common characters first; ties go to the earlier label."""
    candidates = []
    for i, label in enumerate(labels):
        for j, finding in enumerate(findings):
            common = min(label.end, finding.end) - max(label.start, finding.start)
            share = common / max(label.end - label.start, finding.end - finding.start)
            if common > 0 and share >= _HALF:
                candidates.append((-share, label.start, i, j))
    taken: list[tuple[int, int]] = []
    left: set[int] = set()
    right: set[int] = set()
    for _, _, i, j in sorted(candidates):
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
            taken.append((i, j))
    return sorted(taken)


def _rates(right: int, extra: int, missed: int) -> tuple[float, float, float]:
    """Return precision, recall and F1; where nothing was asked and nothing given, all are 1."""
    precision = right / (right + extra) if right + extra else float(not missed)
    recall = right / (right + missed) if right + missed else float(not extra)
    both = precision + recall
    return precision, recall, 2 * precision * recall / both if both else 0.0


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _plain(text: str) -> str:
    """NFC, no case, single spaces, no signs at the ends."""
    folded = unicodedata.normalize("NFC", text).casefold()
    return re.sub(r"\s+", " ", folded).strip(_EDGES)


def _names(names: Iterable[str] | None) -> frozenset[str]:
    return frozenset(plain for plain in map(_plain, names or ()) if plain)


def token_overlap(one: str, other: str) -> float:
    """Return the F1 of the words two texts share, each word counted as often as it stands; 1 when both are empty."""
    first = Counter(re.findall(r"\w+", _plain(one)))
    second = Counter(re.findall(r"\w+", _plain(other)))
    size = first.total() + second.total()
    if not size:
        return 1.0
    return 2 * (first & second).total() / size


def figures_in(text: str) -> frozenset[str]:
    """Return the figures of a target; 100% is not 100, and 1.500 is 1500."""
    found = set()
    for piece in _FIGURE.findall(text):
        percent = "%" if piece.rstrip().endswith("%") else ""
        number = piece.rstrip(" %")
        if _THOUSANDS.fullmatch(number):
            number = number.replace(".", "")
        found.add((number.replace(",", ".").lstrip("0") or "0") + percent)
    return frozenset(found)
