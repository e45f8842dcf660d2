"""Bodies' own indicators: kept beside those of the programme, seen within the body's subtree, never in a scorecard."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thuocdo.accounts.permissions import Actor, Permission, require
from thuocdo.engine.canonical import digest
from thuocdo.engine.spelling import search_key
from thuocdo.indicators.models import Indicator, Openness, Provenance
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.organisations.models import Body

from .checking import check_together, is_measured, refuse_locked
from .describing import DictionaryRefused, describe
from .versions import content_of, write_version

# What a person may say of an own indicator; the rest follows from whose it is.
FIELDS = frozenset(
    ("title", "title_en", "definition", "unit", "direction", "comparator", "lower", "upper", "target", "tolerance",
     "frequency", "provenance_expected", "public", "formula", "due_days", "adds_up_the_tree",
     "sampled")
)  # fmt: skip
PREFIX = "r_"
MOST_OWN = 200
_SHORT = re.compile(r"[a-z][a-z0-9_]{1,29}")


def own_code(body: Body, short: str) -> str:
    """The code under which a body's own indicator stands in the dictionary, in formulas and in files."""
    return f"{PREFIX}{search_key(body.code).replace('-', '_').replace(' ', '_').replace('.', '_')}_{short}"


def short_code(title: str) -> str:
    """A short code made of the title's first words: lower case, no accents."""
    words = re.sub(r"[^a-z0-9]+", "_", search_key(title)).strip("_")
    words = words if words[:1].isalpha() else f"c_{words}"
    return words[:30].rstrip("_")


@transaction.atomic
def keep_indicator(*, actor: Actor, at: datetime, body: Body, fields: Mapping[str, Any], short: str = "") -> Indicator:
    """Put an indicator of its own into a body's dictionary; raises NotAllowed, DictionaryRefused with the field."""
    require(actor, Permission.MANAGE_INDICATORS, body)
    short = short or short_code(str(fields.get("title", "")))
    if not _SHORT.fullmatch(short):
        raise DictionaryRefused(
            _("Mã ngắn gồm 2 đến 30 chữ thường không dấu, chữ số và gạch dưới, bắt đầu bằng chữ, ví dụ rac_thu_gom."),
            "short",
        )
    code = own_code(body, short)
    if Indicator.objects.filter(code=code).exists():
        raise DictionaryRefused(_("Cơ quan đã có chỉ số mã %(code)s; đặt mã ngắn khác.") % {"code": code}, "short")
    if Indicator.objects.filter(kept_by=body, retired_on__isnull=True).count() >= MOST_OWN:
        raise DictionaryRefused(
            _("Cơ quan đã có %(most)d chỉ số riêng đang dùng; ngừng dùng bớt trước khi thêm.") % {"most": MOST_OWN}
        )
    row = Indicator(code=code, version=0, kept_by=body, owner=body)
    _write(row, fields, {}, actor, at, None)
    return row


@transaction.atomic
def change_indicator(
    *, actor: Actor, at: datetime, indicator: Indicator, fields: Mapping[str, Any], valid_from: date | None = None
) -> Indicator:
    """Write a new version of a body's own indicator; the same content changes nothing.

    Once something is measured, the unit stays, and another formula or direction holds from a later day on.
    Raises NotAllowed, DictionaryRefused with the field.
    """
    row = _own(actor, indicator)
    if row.retired_on is not None:
        raise DictionaryRefused(_("Chỉ số đã ngừng dùng; mở lại trước khi sửa."))
    since = valid_from or (timezone.localdate(at) if is_measured(row) else row.valid_from)
    _write(row, fields, content_of(row), actor, at, since)
    return row


@transaction.atomic
def retire_indicator(*, actor: Actor, at: datetime, indicator: Indicator) -> Indicator:
    """Await no more values of a body's own indicator from today on; what was measured stays readable."""
    row = _own(actor, indicator)
    users = [
        one.code
        for one in Indicator.objects.filter(formula__contains=row.code, retired_on__isnull=True).exclude(pk=row.pk)
        if re.search(rf"\b{re.escape(row.code)}\b", one.formula or "")
    ]
    if users:
        raise DictionaryRefused(
            _("Chỉ số đang được dùng trong công thức của %(codes)s; sửa các công thức đó trước.")
            % {"codes": ", ".join(users)}
        )
    if row.retired_on is None:
        row.retired_on = timezone.localdate(at)
        row.save(update_fields=["retired_on"])
        _tell(row, actor, at, retired=True)
    return row


@transaction.atomic
def restore_indicator(*, actor: Actor, at: datetime, indicator: Indicator) -> Indicator:
    """Await values again of an own indicator that was retired."""
    row = _own(actor, indicator)
    if row.retired_on is not None:
        row.retired_on = None
        row.save(update_fields=["retired_on"])
        _tell(row, actor, at, retired=False)
    return row


def _own(actor: Actor, indicator: Indicator) -> Indicator:
    row = Indicator.objects.select_for_update(of=("self",)).select_related("kept_by", "owner").get(pk=indicator.pk)
    if row.kept_by is None:
        raise DictionaryRefused(_("Chỉ số của chương trình chỉ sửa bằng gói dữ liệu, không sửa trên trang này."))
    require(actor, Permission.MANAGE_INDICATORS, row.kept_by)
    return row


def _write(
    row: Indicator, fields: Mapping[str, Any], former: Mapping[str, Any], actor: Actor, at: datetime, since: date | None
) -> None:
    unknown = sorted(set(fields) - FIELDS)
    if unknown:
        raise DictionaryRefused(_("Không có trường %(name)s.") % {"name": unknown[0]}, unknown[0])
    if not str(fields.get("unit", "")).strip():
        raise DictionaryRefused(_("Ghi đơn vị tính, ví dụ %%, hồ sơ, triệu đồng.") % {}, "unit")
    owner = row.owner
    entry = {"code": row.code, "public": Openness.INTERNAL, "provenance_expected": Provenance.DECLARED, **fields}
    describe(row, {name: value for name, value in entry.items() if value not in (None, "")}, {})
    row.owner = owner
    row.title_en = str(fields.get("title_en") or row.title)
    if row.formula:
        row.provenance_expected = Provenance.DERIVED
    if row.lower is not None and row.upper is not None and row.lower > row.upper:
        raise DictionaryRefused(_("Giá trị nhỏ nhất lớn hơn giá trị lớn nhất; đổi lại hai số."), "upper")
    sealed = digest({"code": row.code, **content_of(row)})
    if row.digest == sealed:
        return
    refuse_locked(row, former, since)
    check_together([row])
    row.version, row.digest, row.valid_from = row.version + 1, sealed, since
    row.save()
    write_version(row, actor=actor, at=at)
    _tell(row, actor, at)


def _tell(row: Indicator, actor: Actor, at: datetime, **more: Any) -> None:
    append(
        actor=actor.label,
        at=at,
        event=Event.INDICATOR_DEFINED,
        subject=row.label,
        data={
            "version": row.version,
            "digest": row.digest,
            "body": row.kept_by.code if row.kept_by else None,
            "formulas": [row.code] if row.formula else [],
            **more,
        },
    )
