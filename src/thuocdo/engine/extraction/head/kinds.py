"""Kinds of documents: their names as they stand in a head, and the codes by which numbers tell them."""

import re

from thuocdo.engine.extraction.head.pieces import Piece

_KINDS = (
    "nghị quyết|quyết định|chỉ thị|quy chế|quy định|thông báo kết luận|thông báo|thông cáo|hướng dẫn"
    "|chương trình hành động|chương trình|kế hoạch|phương án|đề án|dự án|báo cáo|biên bản|tờ trình"
    "|công điện|công văn|kết luận|thông tri|giấy mời|nghị định|thông tư liên tịch|thông tư|pháp lệnh|luật|lệnh"
)
_WHOLE = re.compile(rf"(?:{_KINDS})")
_FIRST = re.compile(rf"(?P<kind>{_KINDS})\s+(?!số\s)")

KIND_OF_CODE = {
    "NQ": "Nghị quyết", "QĐ": "Quyết định", "CT": "Chỉ thị", "QC": "Quy chế", "QyĐ": "Quy định", "QĐi": "Quy định",
    "TC": "Thông cáo", "TB": "Thông báo", "HD": "Hướng dẫn", "CTr": "Chương trình", "CTHĐ": "Chương trình hành động",
    "KH": "Kế hoạch", "PA": "Phương án", "ĐA": "Đề án", "DA": "Dự án", "BC": "Báo cáo", "TTr": "Tờ trình",
    "BB": "Biên bản", "CĐ": "Công điện", "CV": "Công văn", "GM": "Giấy mời", "KL": "Kết luận", "TT": "Thông tư",
    "NĐ": "Nghị định", "QH": "Luật", "TTLT": "Thông tư liên tịch", "TBKL": "Thông báo kết luận", "PL": "Pháp lệnh",
}  # fmt: skip


def kind_of_piece(piece: Piece) -> str | None:
    """Return the kind when a piece names it alone, or in capitals before its subject."""
    folded = " ".join(piece.fold.split())
    if _WHOLE.fullmatch(folded) and (piece.text.isupper() or piece.text[0].isupper()):
        return folded.capitalize()
    first = _FIRST.match(folded)
    return first["kind"].capitalize() if first and piece.text.isupper() and not folded.endswith(":") else None
