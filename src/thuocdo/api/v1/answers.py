"""What every resource of the interface shares: pages with cursors, versions, calls that are answered once."""

import base64
import hashlib
from collections.abc import Callable
from typing import Annotated, Any, Generic, TypeVar

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Schema, Status
from pydantic import Field, StringConstraints

from thuocdo.accounts.permissions import Permission, may_anywhere
from thuocdo.exchanges.operations.calls import CallRepeatedOtherwise, answer_once
from thuocdo.tasks.operations import ConflictOfInterest, FileRefused, NotInThisState, TaskRefused
from thuocdo.tasks.operations.seen import ChangedMeanwhile

from .keys import caller
from .problems import Refused

LONGEST_KEY = 200
PAGE, LONGEST_PAGE = 100, 500
LARGEST = 2**63 - 1
Row = TypeVar("Row")
Answer = Status[dict[str, Any]]
# One line of text, of parameters in an address.
PLAIN = r"^[^\x00-\x1f\x7f]*$"
# PostgreSQL keeps no NUL, and one in a text is nobody's intention.
Line = Annotated[str, StringConstraints(pattern=PLAIN)]
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$", max_length=20_000)]
Code = Annotated[str, StringConstraints(pattern=PLAIN, max_length=40)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

WRITING = [
    {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "schema": {"type": "string", "maxLength": LONGEST_KEY},
        "description": "A repeated key gets the first answer again; with another request it is refused (409).",
    },
    {
        "name": "If-Match",
        "in": "header",
        "required": False,
        "schema": {"type": "string", "maxLength": 100},
        "description": "The ETag that was seen: if the task has changed since, nothing is written (412).",
    },
]


class Page(Schema, Generic[Row]):
    """A part of a list; `next` is the `cursor` of the part after it, null at the end."""

    items: list[Row]
    next: str | None


class BodyRef(Schema):
    """A body by its official code."""

    code: str = Field(examples=["BTP"])
    name: str = Field(examples=["Bộ Tư pháp"])


def require_scope(request: HttpRequest, permission: Permission) -> None:
    """Refuse a key that may nothing of the kind anywhere, before anything is looked for."""
    if not may_anywhere(caller(request), permission):
        text = _("Khóa này không có quyền đọc hay ghi phần này; đề nghị quản trị cấp thêm quyền cho khóa.")
        raise Refused(403, "scope_missing", text)


def page_after(cursor: str) -> int:
    """The number after which a page begins; raises Refused for a cursor that no answer gave."""
    if not cursor:
        return 0
    try:
        number = int(base64.urlsafe_b64decode(cursor.encode()).decode().removeprefix("after:"))
    except ValueError:
        number = -1
    if not 0 <= number <= LARGEST:
        raise Refused(
            422, "unknown_cursor", _("Con trỏ trang không đúng; dùng giá trị next của trang trước."), "cursor"
        )
    return number


def cursor_of(rows: list[Any], limit: int) -> tuple[list[Any], str | None]:
    """The rows of this page, of one more than asked for, and the cursor of the next page."""
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], base64.urlsafe_b64encode(f"after:{rows[limit - 1].pk}".encode()).decode()


def request_digest(request: HttpRequest) -> str:
    """SHA-256 of what is asked: of a form its fields and files, whatever boundary stood between them."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\0".encode())
    if request.content_type == "multipart/form-data":
        for name, values in sorted(request.POST.lists()):
            digest.update(f"{name}={values!r}\0".encode("utf-8", "surrogatepass"))
        for name, files in sorted(request.FILES.lists()):
            for file in files:
                digest.update(f"{name}:{file.name}\0".encode("utf-8", "surrogatepass"))
                digest.update(hashlib.sha256(file.read()).digest())
                file.seek(0)
    else:
        digest.update(request.body)
    return digest.hexdigest()


def idempotency_key(request: HttpRequest) -> str:
    """The key of the call, empty without one; raises Refused for one that cannot be kept."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > LONGEST_KEY or not key.isprintable():
        text = _("Khóa chống gửi trùng tối đa 200 ký tự, không có ký tự điều khiển.")
        raise Refused(422, "invalid_key", text, "Idempotency-Key")
    return key


def seen_version(request: HttpRequest) -> str:
    """The version named by If-Match; empty when any will do."""
    given = request.headers.get("If-Match", "").strip()
    return "" if given == "*" else given.removeprefix("W/").strip('"')


def once(request: HttpRequest, response: HttpResponse, act: Callable[[], tuple[int, dict[str, Any]]]) -> Answer:
    """Do what a call asks, once for its idempotency key, and give the answer with its ETag.

    The errors of the room become answers with its code and field: 409 where the task has moved on or the judge is
    a party, 412 where it changed since it was seen, 422 for everything else.
    """
    try:
        answered = answer_once(
            actor=caller(request),
            at=timezone.now(),
            idempotency_key=idempotency_key(request),
            request_digest=request_digest(request),
            act=act,
        )
    except CallRepeatedOtherwise as error:
        raise Refused(409, "key_used_before", str(error), "Idempotency-Key") from error
    except ChangedMeanwhile as error:
        raise Refused(412, error.code, str(error), error.field) from error
    except (NotInThisState, ConflictOfInterest) as error:
        raise Refused(409, error.code, str(error), error.field) from error
    except (TaskRefused, FileRefused) as error:
        raise Refused(422, error.code, str(error), error.field) from error
    if answered.is_repeated:
        response["Idempotency-Replayed"] = "true"
    if version := answered.answer.get("version"):
        response["ETag"] = f'"{version}"'
    return Status(answered.status, answered.answer)
