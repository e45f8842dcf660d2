"""What a call on a task brings, as JSON or as a form with files: how it is described, and how it is read."""

import json
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

from thuocdo.api.v1.answers import WRITING
from thuocdo.api.v1.problems import Refused
from thuocdo.tasks.operations import Upload
from thuocdo.tasks.operations.evidence import MOST_FILES

Form = TypeVar("Form", bound=BaseModel)


def described(form: type[BaseModel], *, with_files: bool = False) -> dict[str, Any]:
    """How a call is described whose body is read by hand, because it may be a form with files."""
    schema = form.model_json_schema()
    definitions = schema.pop("$defs", {})
    inlined = json.loads(_without_references(json.dumps(schema), definitions))
    (shown,) = inlined.pop("examples")
    content: dict[str, Any] = {"application/json": {"schema": inlined, "example": shown}}
    if with_files:
        fields = {name: part for name, part in inlined["properties"].items() if name != "evidence"}
        files = {"type": "array", "maxItems": MOST_FILES, "items": {"type": "string", "format": "binary"}}
        content["multipart/form-data"] = {
            "schema": {
                "type": "object",
                "required": inlined.get("required", []),
                "properties": fields | {"files": files},
                "additionalProperties": False,
            },
            "example": {name: value for name, value in shown.items() if name != "evidence"},
        }
    return {"requestBody": {"required": True, "content": content}, "parameters": WRITING}


def _without_references(text: str, definitions: dict[str, Any]) -> str:
    for name, definition in definitions.items():
        text = text.replace(json.dumps({"$ref": f"#/$defs/{name}"}), json.dumps(definition))
    return text


def read(request: HttpRequest, form: type[Form]) -> tuple[Form, list[Upload]]:
    """What a call brings, as JSON or as a form with files; raises Refused with the field that is wrong."""
    uploads: list[Upload] = []
    if request.content_type == "multipart/form-data":
        lists = {"products", "milestones"}
        given: Any = {name: values if name in lists else values[-1] for name, values in request.POST.lists() if values}
        for file in request.FILES.getlist("files"):
            if (file.size or 0) > settings.MAX_UPLOAD:
                text = _("Tệp “%(name)s” quá lớn; chia nhỏ tệp rồi gửi lại.") % {"name": file.name}
                raise Refused(413, "too_large", text, "files")
            uploads.append(Upload(file.name or "", file.read()))
        if strange := set(request.FILES) - {"files"}:
            text = _("Tệp phải gửi trong trường files; đổi tên trường %(name)s.") % {"name": min(strange)}
            raise Refused(422, "unknown_field", text, min(strange))
    elif request.content_type in ("application/json", ""):
        try:
            given = json.loads(request.body)
        except ValueError as error:
            text = _("Nội dung gửi không đọc được; gửi một đối tượng JSON bằng UTF-8.")
            raise Refused(400, "not_json", text) from error
    else:
        text = _("Gửi Content-Type: application/json hoặc multipart/form-data.")
        raise Refused(415, "unsupported_media_type", text, "Content-Type")
    try:
        # Numbers and days of a form are written as text, those of JSON as JSON has them.
        return form.model_validate(given), uploads
    except ValidationError as error:
        name = ".".join(str(part) for part in error.errors()[0]["loc"])
        text = _("Tham số %(name)s không hợp lệ; xem mô tả giao diện.") % {"name": name}
        raise Refused(422, "invalid_parameter", text, name) from error
