"""How the interface says what went wrong: a code for machines, a sentence for people, in their language."""

import math
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import ConfigDict

from thuocdo.accounts.permissions import NotAllowed

from .keys import CalledTooOften

logger = structlog.get_logger(__name__)


class Problem(Schema):
    """What went wrong with the request as a whole, as RFC 9457 has it: `code` for programs, `message` for people.

    `field` names what to mend where it is one part of the request; the message says how.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:thuocdo:problem:no_evidence",
                    "title": "Unprocessable Entity",
                    "status": 422,
                    "detail": "Chưa có minh chứng; đính kèm ít nhất một tệp sản phẩm.",
                    "code": "no_evidence",
                    "message": "Chưa có minh chứng; đính kèm ít nhất một tệp sản phẩm.",
                    "field": "files",
                }
            ]
        }
    )

    code: str
    message: str
    field: str = ""
    type: str = "about:blank"
    title: str = ""
    status: int = 0
    detail: str = ""


def as_problem(plain: dict[str, Any], status: int) -> dict[str, Any]:
    """A refusal with every member of a problem document."""
    return {
        "type": f"urn:thuocdo:problem:{plain['code']}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": plain["message"],
        "code": plain["code"],
        "message": plain["message"],
        "field": plain.get("field") or "",
    }


class NotFound(LookupError):
    """What the address names is not there; answered with 404."""


class Refused(RuntimeError):
    """A request that is not taken as it is, with the status, the code and the sentence of the answer."""

    def __init__(self, status: int, code: str, message: str, field: str = "") -> None:
        super().__init__(message)
        self.status, self.code, self.field = status, code, field


def install(api: NinjaAPI) -> None:
    """Give every error of the interface the same form."""

    @api.exception_handler(AuthenticationError)
    def unauthenticated(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        text = _("Thiếu khóa kết nối hoặc khóa không còn hiệu lực; gửi Authorization: Bearer <khóa>.")
        response = api.create_response(request, {"code": "unauthenticated", "message": text}, status=401)
        response["WWW-Authenticate"] = "Bearer"
        return response

    @api.exception_handler(CalledTooOften)
    def too_often(request: HttpRequest, error: CalledTooOften) -> HttpResponse:
        pause = max(1, math.ceil(error.seconds))
        text = _("Khóa này gọi quá nhanh; chờ %(seconds)d giây rồi gửi tiếp, hoặc gộp nhiều dòng vào một lần gửi.")
        problem = {"code": "too_many_calls", "message": text % {"seconds": pause}}
        response = api.create_response(request, problem, status=429)
        response["Retry-After"] = str(pause)
        return response

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        name = ".".join(str(part) for part in error.errors[0]["loc"][1:]) if error.errors else ""
        text = _("Tham số %(name)s không hợp lệ; xem mô tả giao diện.") % {"name": name}
        return api.create_response(request, {"code": "invalid_parameter", "message": text, "field": name}, status=422)

    @api.exception_handler(HttpError)
    def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
        # What the framework itself refuses: a body that is no JSON.
        text = _("Nội dung gửi không đọc được; gửi một đối tượng JSON bằng UTF-8.")
        return api.create_response(request, {"code": "not_json", "message": text}, status=error.status_code)

    @api.exception_handler(RequestDataTooBig)
    def too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
        text = _("Nội dung gửi quá lớn; hãy chia thành nhiều lần gửi.")
        return api.create_response(request, {"code": "too_large", "message": text}, status=413)

    @api.exception_handler(Refused)
    def refused(request: HttpRequest, error: Refused) -> HttpResponse:
        plain = {"code": error.code, "message": str(error), "field": error.field}
        return api.create_response(request, plain, status=error.status)

    @api.exception_handler(NotAllowed)
    def not_allowed(request: HttpRequest, error: NotAllowed) -> HttpResponse:
        text = _("Khóa này không được làm việc này; đề nghị quản trị cấp quyền.")
        return api.create_response(request, {"code": "not_allowed", "message": text}, status=403)

    @api.exception_handler(OperationalError)
    def busy(request: HttpRequest, error: OperationalError) -> HttpResponse:
        # A database that is away, locked for too long or full: nothing was recorded, so repeating is safe.
        logger.error("api.database_unavailable", error=str(error))
        text = _("Hệ thống đang bận hoặc tạm ngừng; chưa ghi gì, hãy gửi lại với cùng khóa chống gửi trùng.")
        response = api.create_response(request, {"code": "busy", "message": text}, status=503)
        response["Retry-After"] = "5"
        return response

    @api.exception_handler(OSError)
    def storage(request: HttpRequest, error: OSError) -> HttpResponse:
        logger.error("api.storage_unavailable", error=str(error))
        text = _("Máy chủ hết chỗ lưu nên chưa nhận; báo quản trị và gửi lại sau với cùng khóa chống gửi trùng.")
        response = api.create_response(request, {"code": "no_room", "message": text}, status=507)
        response["Retry-After"] = "60"
        return response

    @api.exception_handler(NotFound)
    def not_found(request: HttpRequest, error: NotFound) -> HttpResponse:
        return api.create_response(request, {"code": "not_found", "message": str(error)}, status=404)
