"""`GET /bodies`: the bodies of the political system with their codes, which every other call names."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import ConfigDict

from thuocdo.organisations import queries
from thuocdo.organisations.queries import Bloc, Kind

from .answers import LONGEST_PAGE, PAGE, PLAIN, Page, cursor_of, page_after
from .problems import Problem, Refused

router = Router(tags=["bodies"])


class BodyOut(Schema):
    """A body on a day; its validity is half-open: it ends before `valid_to`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "code": "00004",
                    "name": "Phường Ba Đình",
                    "name_en": "Ba Đình Ward",
                    "short_name": "Ba Đình",
                    "abbreviation": "",
                    "bloc": "local",
                    "kind": "ward",
                    "peer_group": "wards",
                    "valid_from": "2025-07-01",
                    "valid_to": None,
                }
            ]
        }
    )

    code: str
    name: str
    name_en: str
    short_name: str
    abbreviation: str
    bloc: Bloc
    kind: Kind
    peer_group: str
    valid_from: date
    valid_to: date | None


@router.get(
    "/bodies", response={200: Page[BodyOut], (401, 422, 429, 503): Problem}, summary="The bodies and their codes"
)
def get_bodies(
    request: HttpRequest,
    on: Annotated[date | None, Query(description="The day; default: today.")] = None,
    below: Annotated[str, Query(max_length=40, pattern=PLAIN, description="Only this body and those below.")] = "",
    kind: Kind | None = None,
    cursor: Annotated[str, Query(max_length=100)] = "",
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = PAGE,
) -> dict[str, Any]:
    """Every body that exists on the day, in a fixed order; they are public."""
    day = on or timezone.localdate()
    found = queries.bodies(on=day)
    if below:
        top = queries.body_by_code(below)
        if top is None:
            raise Refused(422, "unknown_body", _("Không có cơ quan mang mã này; kiểm tra lại mã."), "below")
        found = found.filter(queries.below([top.pk], on=day))
    if kind is not None:
        found = found.filter(kind=kind.value)
    rows, following = cursor_of(list(found.filter(pk__gt=page_after(cursor)).order_by("pk")[: limit + 1]), limit)
    names = BodyOut.model_fields
    return {"items": [{name: getattr(one, name) for name in names} for one in rows], "next": following}
