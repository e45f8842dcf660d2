"""What the check of a batch looks up once: the indicators, the bodies, and what the actor may write for which."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import get_language

from thuocdo.accounts.permissions import Actor, Permission, bodies_within, may_anywhere
from thuocdo.engine.spelling import nfc
from thuocdo.indicators.models import Indicator, Provenance
from thuocdo.organisations.models import Body, Descent, Hierarchy

from .cells import IndicatorFacts
from .own import PREFIX
from .rows import BodyFacts

# Which permission opens which provenance to whom; the machine may write every one.
PROVENANCE_OF: Mapping[Permission, str] = {
    Permission.RECORD_MEASUREMENT: Provenance.DECLARED,
    Permission.RECORD_INDEPENDENT_MEASUREMENT: Provenance.INDEPENDENT,
    Permission.FEED_MEASUREMENT: Provenance.SYSTEM,
}
# Units in which things are counted one by one.
_COUNTED = frozenset(
    ("người", "hồ sơ", "doanh nghiệp", "nhiệm vụ", "văn bản", "tài khoản", "lượt", "phiếu", "tổ chức", "cơ sở dữ liệu",
     "sản phẩm", "dự án", "đơn", "cuộc", "xã", "phường", "hộ", "trường hợp", "thủ tục", "bằng sáng chế", "sáng chế")
)  # fmt: skip
# Up to so many rows the bodies are looked up by name.
FEW = 1_000


def indicator_facts(on: date, given: Sequence[object] = ()) -> dict[str, IndicatorFacts]:
    """What the check needs to know of the programme's indicators, and of those own ones that the given rows name.

    A nation's bodies may keep a hundred thousand of their own, of which a batch names a handful.
    """
    english = (get_language() or "vi").startswith("en")
    fields = ("code", "lower", "upper", "applies_to", "unit", "unit_en", "kept_by_id", "retired_on")
    rows = list(Indicator.objects.filter(kept_by__isnull=True).only(*fields))
    if own := _own_codes(given):
        rows += Indicator.objects.filter(kept_by__isnull=False, code__in=own).only(*fields)
    inside: dict[int, set[int]] = {row.kept_by_id: {row.kept_by_id} for row in rows if row.kept_by_id is not None}
    lines = Descent.objects.valid_on(on).filter(hierarchy=Hierarchy.TERRITORIAL, ancestor__in=list(inside))
    for above, below in lines.values_list("ancestor_id", "descendant_id") if inside else ():
        inside[above].add(below)
    return {
        row.code: IndicatorFacts(
            pk=row.pk,
            lower=None if row.lower is None else float(row.lower),
            upper=None if row.upper is None else float(row.upper),
            applies_to=frozenset(row.applies_to),
            unit=row.unit_en if english else row.unit,
            units=(row.unit, row.unit_en),
            is_percentage=row.unit.strip() == "%" and (row.upper is None or row.upper > 1),
            is_count=_is_count(row.unit),
            measured_at=None if row.kept_by_id is None else frozenset(inside[row.kept_by_id]),
            retired_on=row.retired_on,
        )
        for row in rows
    }


def _own_codes(given: Sequence[object]) -> set[str]:
    """The codes of own indicators among the rows, or what looks like one."""
    named = (row.get("indicator") for row in given if row.__class__ is dict or isinstance(row, Mapping))
    return {code for code in named if isinstance(code, str) and code.startswith(PREFIX) and code.isprintable()}


def _is_count(unit: str) -> bool:
    """Whether the unit counts what has no halves, so that 12.345 of them are likely to be twelve thousand."""
    return nfc(unit).strip().lower() in _COUNTED


def reach_of(actor: Actor, rows: Sequence[object]) -> tuple[str, dict[str, BodyFacts]]:
    """The provenance meant when a row names none, and for every body the provenances the actor may write.

    Of a few rows only the bodies that they name are looked up.
    """
    asked = Body.objects.all()
    if len(rows) <= FEW:
        named = (row.get("body") for row in rows if isinstance(row, Mapping))
        asked = asked.filter(code__in={code for code in named if isinstance(code, str) and code.isprintable()})
    allowed: dict[int, frozenset[str]] = {}
    default = Provenance.DECLARED.value
    everything = frozenset(Provenance.values) if actor.is_machine else frozenset[str]()
    if not actor.is_machine:
        for permission, provenance in PROVENANCE_OF.items():
            if may_anywhere(actor, permission):
                default = str(provenance)
                found = bodies_within(actor, permission)
                if len(rows) <= FEW:
                    found = found.filter(pk__in=asked.values("pk"))
                for pk in found.values_list("pk", flat=True):
                    allowed[pk] = allowed.get(pk, frozenset()) | {str(provenance)}
    facts = {
        code: BodyFacts(pk, peer_group, allowed.get(pk, everything))
        for pk, code, peer_group in asked.values_list("pk", "code", "peer_group")
    }
    return default, facts


def every_body() -> list[str]:
    """The code of every body, to find the one that a wrong code meant."""
    return list(Body.objects.values_list("code", flat=True))
