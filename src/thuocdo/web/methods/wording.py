"""What one version of a method says otherwise than another, in sentences."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import isclose
from typing import Any

from django.utils.translation import gettext, ngettext, pgettext

from thuocdo.engine.scoring import Spec
from thuocdo.engine.scoring.differences import Difference
from thuocdo.web.design.figures import number, signed
from thuocdo.web.design.marks import PROVENANCES
from thuocdo.web.rankings.marks import class_title, part_titles, parts_of, title_of
from thuocdo.web.rankings.norms import norm_in_words


@dataclass(frozen=True, slots=True)
class Told:
    """A difference in words: what it is about, what stood there, what stands there now."""

    about: str
    before: str
    now: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """Differences of one kind."""

    title: str
    rows: list[Told]
    # Parts whose points only follow those of what they stand under.
    following: int = 0

    @property
    def has_amounts(self) -> bool:
        return any(row.by for row in self.rows)


def chapters(found: Iterable[Difference], old: Spec, new: Spec) -> list[Chapter]:
    """The differences by kind, the weightiest kinds first."""
    rows = list(found)
    titles = part_titles(old) | part_titles(new)
    weighed = set(weighed_anew(rows, old))
    following = sum(row.kind == "weight" and row.code not in weighed for row in rows)
    order = {code: place for place, code in enumerate(titles)}
    # Nodes come before indicators, as people speak of them.
    shown = sorted(
        (row for row in rows if row.kind == "weight" and row.code in weighed), key=lambda row: order[row.code]
    )
    told = [
        Chapter(title, [_tell(row, titles, old, new) for row in rows if row.kind in kinds])
        for title, kinds in (
            (gettext("Chỉ số, trụ cột thêm hoặc bớt"), ("added", "removed", "moved")),
            (gettext("Cách chấm từng chỉ số"), ("normalisation", "direction", "transform", "denominator", "treatment")),
            (gettext("Cách gộp điểm"), ("aggregation", "missing", "grace", "min_available", "imputation", "screening")),
            (gettext("Hệ số tin cậy của nguồn"), ("confidence",)),
            (gettext("Xếp loại, làm tròn, nhóm"), ("class", "cap", "rounding", "group", "uncertainty")),
        )
    ]
    weights = Chapter(gettext("Trọng số, điểm trong 100"), [_tell(row, titles, old, new) for row in shown], following)
    return [chapter for chapter in (weights, *told) if chapter.rows]


def weighed_anew(found: Iterable[Difference], old: Spec) -> list[str]:
    """The parts whose share among their siblings changed; the points of all that lies below go with it."""
    rows = [row for row in found if row.kind == "weight"]
    parents = {one.code: one.parent for one in parts_of(old)}
    growth = {row.code: row.new / row.old for row in rows if row.old}
    return [
        row.code
        for row in rows
        if row.code not in growth or not isclose(growth[row.code], growth.get(parents.get(row.code) or "", 1.0))
    ]


def summary(found: Iterable[Difference], old: Spec) -> str:
    """How much is different, in one clause."""
    rows = list(found)
    moved = weighed_anew(rows, old)
    others = [row for row in rows if row.kind != "weight"]
    parts = []
    if moved:
        parts.append(
            ngettext("đổi trọng số của %(count)s thành phần", "đổi trọng số của %(count)s thành phần", len(moved))
            % {"count": number(len(moved))}
        )
    if others:
        parts.append(
            ngettext("đổi %(count)s quy định khác", "đổi %(count)s quy định khác", len(others))
            % {"count": number(len(others))}
        )
    return gettext(" và ").join(parts) or gettext("không đổi quy định nào")


def _tell(row: Difference, titles: Mapping[str, str], old: Spec, new: Spec) -> Told:
    writers: Mapping[str, Callable[[], Told]] = {
        "added": lambda: Told(titles[row.code], pgettext("part of a method", "chưa có"), _points(row.new)),
        "removed": lambda: Told(titles[row.code], _points(row.old), gettext("không còn")),
        "moved": lambda: Told(titles[row.code], titles.get(str(row.old), ""), titles.get(str(row.new), "")),
        "weight": lambda: Told(titles[row.code], _points(row.old), _points(row.new), signed(row.new - row.old)),
        "normalisation": lambda: Told(titles[row.code], norm_in_words(row.old), norm_in_words(row.new)),
        "direction": lambda: Told(titles[row.code], _direction(row.old), _direction(row.new)),
        "confidence": lambda: Told(_source(row.code), _factor(row.old), _factor(row.new)),
        "class": lambda: Told(class_title(new, row.code) or class_title(old, row.code), _from(row.old), _from(row.new)),
        "cap": lambda: Told(titles.get(row.code, row.code), _cap(row.old, old), _cap(row.new, new)),
        "group": lambda: Told(_group(row.code, old, new), _has(row.old), _has(row.new)),
        "missing": lambda: Told(gettext("Thành phần thiếu số liệu"), _missing(row.old), _missing(row.new)),
        "grace": lambda: Told(gettext("Số ngày chờ sau kỳ"), number(row.old), number(row.new)),
        "rounding": lambda: Told(gettext("Làm tròn và đồng hạng"), _rounding(row.old), _rounding(row.new)),
    }
    if row.kind in writers:
        return writers[row.kind]()
    about = {
        "transform": gettext("phép biến đổi"),
        "denominator": gettext("mẫu số"),
        "treatment": gettext("xử lý giá trị ngoại lai"),
        "aggregation": gettext("quy tắc gộp"),
        "min_available": gettext("Tỷ lệ số liệu tối thiểu"),
        "imputation": gettext("Ước lượng số liệu thiếu"),
        "screening": gettext("Ngưỡng sàng lọc cơ quan"),
        "uncertainty": gettext("Điều thay đổi khi tính khoảng hạng"),
    }[row.kind]
    title = f"{titles[row.code]}: {about}" if row.code in titles else about
    return Told(title, _plain(row.old), _plain(row.new))


def _points(value: float | None) -> str:
    return gettext("%(points)s điểm") % {"points": number(round(value, 2))} if value is not None else "–"


def _direction(value: int) -> str:
    return gettext("càng cao càng tốt") if value > 0 else gettext("càng thấp càng tốt")


def _source(code: str) -> str:
    word = str(PROVENANCES[code].word)
    return word[:1].upper() + word[1:]


def _factor(value: float | None) -> str:
    return gettext("theo nguồn yếu nhất") if value is None else number(value)


def _from(value: float | None) -> str:
    return gettext("không có") if value is None else gettext("từ %(points)s điểm") % {"points": number(value)}


def _cap(value: tuple[float, str] | None, spec: Spec) -> str:
    if value is None:
        return gettext("không có ngưỡng")
    return gettext("dưới %(below)s thì không trên %(title)s") % {
        "below": number(value[0]),
        "title": class_title(spec, value[1]),
    }


def _group(code: str, old: Spec, new: Spec) -> str:
    return next((title_of(one.title) for one in (*new.peer_groups, *old.peer_groups) if one.code == code), code)


def _has(value: Any) -> str:
    return gettext("được xếp hạng") if value else gettext("không xếp hạng")


def _missing(value: str) -> str:
    return gettext("tính 0 điểm") if value == "zero" else gettext("chia trọng số cho phần còn lại")


def _rounding(value: Any) -> str:
    ties = gettext("1, 2, 2, 3") if value.ties == "dense" else gettext("1, 2, 2, 4")
    return gettext("%(decimals)s chữ số, đồng hạng %(ties)s") % {"decimals": number(value.decimals), "ties": ties}


def _plain(value: Any) -> str:
    """Settings for which the file's own words are the plainest: method names and their numbers."""
    if value is None or value == ():
        return gettext("không đặt")
    if hasattr(value, "__dataclass_fields__"):
        pairs = ((name, getattr(value, name)) for name in value.__dataclass_fields__)
        return ", ".join(f"{name} = {one}" for name, one in pairs if one not in (None, (), {}, False))
    return str(value)
