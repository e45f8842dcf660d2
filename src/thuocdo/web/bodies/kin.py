"""Where a body stands among others: above and below it, before and after it."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from thuocdo.organisations.queries import (
    COMMUNE_KINDS,
    Hierarchy,
    Kind,
    bodies_by_code,
    predecessors_by_successor,
    subordinates,
    successors,
    superiors,
)
from thuocdo.web.kept import kept

if TYPE_CHECKING:
    from thuocdo.organisations.models import Body

MOST_BELOW = 12


@dataclass(frozen=True, slots=True)
class Kin:
    """The neighbours of a body on a day; `below_count` counts all directly below it."""

    above: "list[Body]"
    directs: "list[Body]"
    below: "list[Body]"
    below_count: int
    before: "list[Body]"
    after: "list[Body]"


def kin_of(body: "Body", on: date) -> Kin:
    """Superiors nearest first, the lines that direct it, some of those below, predecessors, successors.

    Only communes and departments are asked for what is above them: everything else stands right below the
    Centre, which says nothing. Communes did not exist before the map that is in force. Who stands where
    changes by decree, not by the minute: the answer is kept for one.
    """
    return kept("kin", body.pk, on, build=lambda: _kin(body, on), seconds=60)


def _kin(body: "Body", on: date) -> Kin:
    below = list(subordinates(body, on=on)[: MOST_BELOW + 1])
    count = len(below) if len(below) <= MOST_BELOW else subordinates(body, on=on).count()
    is_low = body.kind in (*COMMUNE_KINDS, Kind.DEPARTMENT)
    former: list[Body] = []
    if not is_low:
        codes = [code for code, _ in predecessors_by_successor(kinds=[body.kind]).get(body.code, [])]
        known = bodies_by_code(codes) if codes else {}
        former = [known[code] for code in codes if code in known and code != body.code]
    above = superiors(body, on=on) if is_low else []
    return Kin(
        above=[one for one in above if one.kind not in (Kind.CENTRE, Kind.BLOC)],
        directs=superiors(body, on=on, hierarchy=Hierarchy.SECTOR) if is_low else [],
        below=below[:MOST_BELOW],
        below_count=count,
        before=former,
        after=successors(body) if body.valid_to is not None else [],
    )


def kind_in_words(body: "Body") -> str:
    """What kind of body it is."""
    return {
        "centre": gettext("Trung ương"),
        "bloc": gettext("Khối"),
        "ministry": gettext("Bộ"),
        "ministerial_agency": gettext("Cơ quan ngang bộ"),
        "government_agency": gettext("Cơ quan thuộc Chính phủ"),
        "party_body": gettext("Cơ quan tham mưu của Đảng"),
        "party_committee": gettext("Đảng ủy trực thuộc Trung ương"),
        "assembly_body": gettext("Cơ quan của Quốc hội"),
        "court": gettext("Tòa án"),
        "procuracy": gettext("Viện kiểm sát"),
        "audit": gettext("Kiểm toán Nhà nước"),
        "front_body": gettext("Mặt trận Tổ quốc"),
        "mass_organisation": gettext("Tổ chức chính trị - xã hội"),
        "state_body": gettext("Cơ quan nhà nước"),
        "province": gettext("Tỉnh"),
        "city": gettext("Thành phố trực thuộc Trung ương"),
        "commune": gettext("Xã"),
        "ward": gettext("Phường"),
        "special_zone": gettext("Đặc khu"),
        "department": gettext("Đơn vị trực thuộc"),
    }.get(body.kind, "")
