"""Examples of what the interface gives of a task, shown in its description."""

from typing import Any

from pydantic import ConfigDict

BTP = {"code": "BTP", "name": "Bộ Tư pháp"}
SHORT: dict[str, Any] = {
    "code": "NV-2026-000123",
    "title": "Xây dựng danh mục văn bản cần sửa đổi",
    "lead": BTP,
    "coordinators": [{"code": "BNV", "name": "Bộ Nội vụ"}],
    "assigned_by": {"code": "VPTW", "name": "Văn phòng Trung ương Đảng"},
    "state": "submitted",
    "progress": "in_progress",
    "timing": "due_soon",
    "percent": 100,
    "assigned_on": "2026-09-14",
    "due_on": "2026-10-15",
    "original_due_on": "2026-09-30",
    "submitted_on": "2026-10-12",
    "completed_on": None,
    "effectiveness": "not_judged",
    "is_core": True,
    "is_local": False,
    "secrecy": "internal",
    "rhythm": "",
    "programme": "NQ57",
    "document": 12,
}
FILE: dict[str, Any] = {
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "name": "danh-muc.docx",
}
REPORT: dict[str, Any] = {
    "id": 31,
    "kind": "submission",
    "at": "2026-10-12T09:30:00+07:00",
    "text": "Đã ban hành danh mục.",
    "percent": 100,
    "evidence": [FILE | {"media_type": "application/pdf", "size": 18230}],
}
WHOLE: dict[str, Any] = SHORT | {
    "version": "5f2c9a0b7e3d4c1f8a6b5d4e3f2a1b0c",
    "deliverable": "Danh mục",
    "target": "",
    "deadline_raw": "trong quý III/2026",
    "weight": "1.00",
    "accepting_body": None,
    "source": {
        "document": 12,
        "number": "57-TB/BCĐTW",
        "title": "Thông báo kết luận",
        "sentence": "Bộ Tư pháp chủ trì xây dựng danh mục.",
    },
    "products": [
        {"id": 4, "name": "Danh mục", "quantity": None, "unit": "", "is_accepted": False, "has_evidence": True}
    ],
    "milestones": [
        {
            "id": 9,
            "title": "Gửi lấy ý kiến",
            "due_on": "2026-09-25",
            "original_due_on": "2026-09-25",
            "reached_on": "2026-09-24",
        }
    ],
    "extensions": [
        {
            "old_due_on": "2026-09-30",
            "new_due_on": "2026-10-15",
            "decision_number": "12/QĐ",
            "reason": "Chờ luật có hiệu lực",
            "is_objective": True,
        }
    ],
    "reports": [REPORT],
    "history": [
        {
            "id": 77,
            "step": "submit",
            "from": "in_progress",
            "to": "submitted",
            "at": "2026-10-12T09:30:00+07:00",
            "lead": "BTP",
            "note": "",
        }
    ],
    "steps": ["approve_result", "return_result"],
}


def example(plain: dict[str, Any]) -> ConfigDict:
    """The configuration of a form that shows itself by this example."""
    return ConfigDict(json_schema_extra={"examples": [plain]})
