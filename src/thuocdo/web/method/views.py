"""The page of the method, for everybody, and its file as it was approved."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET

from thuocdo.engine.scoring import Spec
from thuocdo.indicators.queries import Indicator as Definition
from thuocdo.indicators.queries import indicators
from thuocdo.scorecards.queries import REPLICATES, SHARE, Scorecard, scorecard_by_code, spec_of
from thuocdo.web.design.figures import number, percent, speaks_english
from thuocdo.web.design.marks import PROVENANCES
from thuocdo.web.rankings.choice import scorecard_in_force
from thuocdo.web.rankings.marks import (
    children_of,
    class_mark,
    class_title,
    part_titles,
    parts_of,
    pillars_of,
    title_of,
)
from thuocdo.web.rankings.norms import norm_in_words

if TYPE_CHECKING:
    from thuocdo.engine.scoring.spec.model import Indicator, Node

TOML = "application/toml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Leaf:
    """An indicator of the method: the dictionary's definition beside the method's rule."""

    code: str
    title: str
    points: float | None
    rule: str
    is_less_better: bool
    definition: str
    unit: str
    frequency: str
    expected: str
    note: str


@dataclass(frozen=True, slots=True)
class Branch:
    """A pillar with its share of the points and its indicators."""

    code: str
    title: str
    points: float | None
    note: str
    leaves: list[Leaf]


def share_of(spec: Spec, one: "Node | Indicator") -> float | None:
    """How many of the 100 points a part can give, by the weights from the top down."""
    parts = {part.code: part for part in parts_of(spec)}
    share = 100.0
    here = one
    while here.parent is not None:
        family = children_of(spec, here.parent)
        total = sum(1.0 if spec.weighting == "equal" else part.weight for part in family)
        own = 1.0 if spec.weighting == "equal" else here.weight
        if not total:
            return None
        share *= own / total
        here = parts[here.parent]
    return round(share, 6)


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The scorecard in force in plain words, or a version of it (`?ban=`)."""
    scorecard = _asked(request)
    if scorecard is None:
        return render(request, "method/page.html", {"scorecard": None})
    spec = spec_of(scorecard)
    definitions = {row.code: row for row in indicators(codes=[one.code for one in spec.indicators])}
    branches = _branches(spec, definitions)
    return render(
        request,
        "method/page.html",
        {
            "scorecard": scorecard,
            "spec": spec,
            "title": title_of(spec.title),
            "branches": branches,
            "sentence": _sentence(spec, branches),
            "confidence": _confidence(spec),
            "caps": _caps(spec),
            "classes": [(class_mark(spec, one.code), one.lowest) for one in spec.classes],
            "groups": [title_of(one.title) for one in spec.peer_groups],
            "ties": _ties(spec),
            "steps": _steps(spec),
            "uncertainty": _uncertainty(spec),
        },
    )


@require_GET
def file(request: HttpRequest) -> HttpResponse:
    """The scorecard file, byte for byte as its digest seals it."""
    scorecard = _asked(request)
    if scorecard is None:
        raise Http404
    name = f"{scorecard.code}-{scorecard.version}.toml"
    return HttpResponse(
        scorecard.text.encode(),
        content_type=TOML,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _asked(request: HttpRequest) -> Scorecard | None:
    in_force = scorecard_in_force(timezone.localdate(), request.GET.get("bo", "")[:60])
    version = request.GET.get("ban", "")
    if in_force is None or not (version.isascii() and version.isdecimal() and len(version) < 9):
        return in_force
    found = scorecard_by_code(in_force.code, version=int(version))
    if found is None:
        raise Http404
    return found


def _branches(spec: Spec, definitions: dict[str, Definition]) -> list[Branch]:
    branches = []
    for pillar in pillars_of(spec):
        leaves = [one for one in spec.indicators if _stands_under(spec, one, pillar.code)]
        branches.append(
            Branch(
                code=pillar.code,
                title=title_of(pillar.title),
                points=share_of(spec, pillar),
                note=pillar.note,
                leaves=[_leaf(spec, one, definitions.get(one.code)) for one in leaves],
            )
        )
    return branches


def _stands_under(spec: Spec, one: "Indicator", code: str) -> bool:
    parents: dict[str, str | None] = {node.code: node.parent for node in spec.nodes}
    here: str | None = one.code if one.code == code else one.parent
    while here is not None:
        if here == code:
            return True
        here = parents.get(here)
    return False


def _leaf(spec: Spec, one: "Indicator", definition: Definition | None) -> Leaf:
    english = speaks_english()
    words = unit = frequency = expected = ""
    if definition is not None:
        words = (english and definition.definition_en) or definition.definition
        unit = (english and definition.unit_en) or definition.unit
        frequency = _frequency(definition.frequency)
        expected = str(PROVENANCES[definition.provenance_expected].word)
    return Leaf(
        code=one.code,
        title=title_of(one.title),
        points=share_of(spec, one),
        rule=norm_in_words(one),
        is_less_better=one.direction < 0,
        definition=words,
        unit=unit,
        frequency=frequency,
        expected=expected,
        note=one.note,
    )


def _frequency(code: str) -> str:
    return {
        "year": gettext("hằng năm"),
        "quarter": gettext("hằng quý"),
        "month": gettext("hằng tháng"),
        "day": gettext("hằng ngày"),
    }.get(code, code)


def _sentence(spec: Spec, branches: list[Branch]) -> SafeString:
    total = sum(len(branch.leaves) for branch in branches)
    text = ngettext(
        "{} chỉ số trong {} trụ cột cộng thành 100 điểm; nặng nhất là {} ({} điểm).",
        "{} chỉ số trong {} trụ cột cộng thành 100 điểm; nặng nhất là {} ({} điểm).",
        total,
    )
    heaviest = max(branches, key=lambda branch: branch.points or 0.0)
    return format_html(text, number(total), number(len(branches)), heaviest.title, _brief(heaviest.points))


def _brief(points: float | None) -> str:
    return "–" if points is None else number(Decimal(repr(round(points, 2))).normalize() + 0)


def _confidence(spec: Spec) -> list[tuple[str, str]]:
    """Each provenance in words with the factor that it counts with."""
    rows = []
    for code, look in PROVENANCES.items():
        if code == "derived" and spec.confidence.derived is None:
            rows.append((str(look.word), gettext("theo nguồn yếu nhất của số liệu gốc")))
        else:
            rows.append((str(look.word), number(spec.confidence.factor(code))))
    return rows


@dataclass(frozen=True, slots=True)
class Varied:
    """What varies in the runs behind the rank intervals, in words."""

    runs: int
    share: int
    weights: str
    errors: list[tuple[str, str]]
    has_alternatives: bool


def _uncertainty(spec: Spec) -> Varied | None:
    """What the scorecard varies; None where it states nothing."""
    stated = spec.uncertainty
    if stated is None:
        return None
    return Varied(
        runs=REPLICATES,
        share=round(SHARE * 100),
        weights=percent(stated.weights * 100, 0) if stated.weights else "",
        errors=[
            (str(look.word), number(stated.error[code])) for code, look in PROVENANCES.items() if stated.error.get(code)
        ],
        has_alternatives=any((stated.normalise, stated.aggregate, stated.treat, stated.impute)),
    )


def _caps(spec: Spec) -> list[str]:
    titles = part_titles(spec)
    return [
        gettext("Điểm %(pillar)s dưới %(below)s thì không xếp loại trên %(title)s, dù tổng điểm cao hơn.")
        % {
            "pillar": titles.get(cap.node, cap.node),
            "below": number(cap.below),
            "title": class_title(spec, cap.class_at_most),
        }
        for cap in spec.caps
    ]


def _ties(spec: Spec) -> str:
    if spec.rounding.ties == "dense":
        return gettext("cùng điểm thì cùng hạng, hạng sau liền kề (1, 2, 2, 3)")
    return gettext("cùng điểm thì cùng hạng, hạng sau bỏ qua số cơ quan đồng hạng (1, 2, 2, 4)")


def _steps(spec: Spec) -> list[str]:
    """What is done from the values to the ranks, in the order in which it is done."""
    aggregating = spec.aggregating
    steps = []
    if spec.imputation.method == "none":
        steps.append(gettext("Không ước lượng số liệu thiếu: chỉ tính số liệu đã được ghi nhận."))
    else:
        steps.append(gettext("Số liệu thiếu được ước lượng theo cách “%(way)s”.") % {"way": spec.imputation.method})
    if spec.treatment.method != "none":
        steps.append(gettext("Giá trị ngoại lai được xử lý trước khi chấm."))
    steps.append(
        gettext("Mỗi giá trị được đặt lên thang 0–100 theo mốc cố định của phương pháp, không theo dữ liệu của kỳ.")
    )
    steps.append(gettext("Điểm của chỉ số nhân với hệ số tin cậy của nguồn số liệu."))
    if all(rule.method == "arithmetic" for rule in spec.aggregations):
        steps.append(
            gettext("Trụ cột và điểm chung là trung bình cộng có trọng số; điểm chung bằng tổng điểm đóng góp.")
        )
    else:
        steps.append(gettext("Trụ cột và điểm chung được gộp theo quy tắc ghi trong tệp phương pháp."))
    steps.append(gettext("Thành phần không áp dụng cho cơ quan thì chia trọng số cho các thành phần còn lại."))
    if aggregating.missing == "zero":
        steps.append(
            gettext("Thành phần áp dụng mà thiếu số liệu được 0 điểm, sau %(days)s ngày chờ kể từ cuối kỳ.")
            % {"days": number(aggregating.grace_days)}
        )
    steps.append(
        gettext("Điểm làm tròn nửa lên đến %(decimals)s chữ số thập phân, ở bước cuối cùng.")
        % {"decimals": number(spec.rounding.decimals)}
    )
    return steps
