"""What people are told when a document cannot be read: the reason and what to do, one line for each code."""

from django.utils.translation import gettext

from thuocdo.engine.extraction.reader import UnreadableDocument


def explain(error: UnreadableDocument) -> str:
    """Return one line in the reader's language that says why a document was refused and what helps."""
    details = error.details
    if error.code == "too_large":
        if "pages" in details:
            return (
                gettext("Tệp có %(pages)s trang, vượt giới hạn %(limit)s trang. Hãy tách tệp thành nhiều phần.")
                % details
            )
        size = {"size": _megabytes(details.get("bytes", 0)), "limit": _megabytes(details.get("limit", 0))}
        return gettext("Tệp quá lớn (%(size)s MB, giới hạn %(limit)s MB). Hãy tách tệp hoặc bớt hình ảnh.") % size
    if error.code == "secret":
        return gettext(
            "Văn bản mang dấu độ mật “%(mark)s”. Hệ thống không nhận văn bản mật; "
            "hãy xử lý theo quy định bảo vệ bí mật nhà nước."
        ) % {"mark": details.get("mark", "")}
    return {
        "empty": gettext("Tệp không có nội dung. Hãy chọn lại tệp có văn bản."),
        "unsupported_type": gettext("Không đọc được loại tệp này. Hãy dùng tệp docx, pdf có lớp chữ hoặc txt."),
        "encrypted_pdf": gettext("Tệp PDF có mật khẩu. Hãy gỡ mật khẩu rồi tải lại."),
        "pdf_without_text": gettext(
            "Tệp PDF chỉ có ảnh quét, không có lớp chữ. Hãy nhận dạng chữ (OCR) hoặc dùng tệp gốc."
        ),
        "broken_pdf": gettext("Tệp PDF bị hỏng. Hãy xuất lại tệp từ bản gốc."),
        "broken_docx": gettext("Tệp docx bị hỏng hoặc có cấu trúc không an toàn. Hãy mở bằng Word và lưu lại."),
        "unknown_encoding": gettext("Không nhận ra bảng mã của tệp. Hãy lưu lại tệp với bảng mã Unicode UTF-8."),
    }.get(error.code, gettext("Không đọc được tệp. Hãy kiểm tra lại tệp hoặc dùng định dạng khác."))


def _megabytes(size: str | int) -> str:
    """Return a size in whole megabytes, at least 1."""
    return str(max(1, round(int(size) / 1_000_000)))
