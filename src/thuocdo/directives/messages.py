"""What people are told when a document cannot be read: the reason and what to do, one line for each code."""

from django.utils.translation import gettext

from thuocdo.engine.extraction.reader import UnreadableDocument


def explain(error: UnreadableDocument) -> str:
    """Return one line in the reader's language that says why a document was refused and what helps."""
    details = error.details
    if error.code == "too_large":
        if "characters" in details or "paragraphs" in details:
            return gettext("Văn bản quá dài (hơn 1.500 trang chữ). Hãy tách thành nhiều tệp, mỗi phụ lục một tệp.")
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
        "legacy_doc": gettext("Tệp Word kiểu cũ (doc) không đọc được. Hãy mở bằng Word, lưu thành docx rồi tải lại."),
        "rich_text": gettext("Tệp RTF không đọc được. Hãy mở bằng Word, lưu thành docx rồi tải lại."),
        "open_document": gettext("Tệp ODT không đọc được. Hãy lưu thành docx hoặc pdf rồi tải lại."),
        "web_page": gettext("Đây là một trang web đã lưu. Hãy in trang thành pdf hoặc chép phần chữ vào tệp txt."),
        "encrypted_docx": gettext("Tệp Word có mật khẩu. Hãy gỡ mật khẩu rồi tải lại."),
        "encrypted_pdf": gettext("Tệp PDF có mật khẩu. Hãy gỡ mật khẩu rồi tải lại."),
        "pdf_without_text": gettext(
            "Tệp PDF chỉ có ảnh quét, không có lớp chữ. Hãy dùng tệp gốc, hoặc nhờ người quản trị cài tesseract "
            "kèm tiếng Việt (gói tesseract-ocr-vie) để máy tự nhận dạng chữ."
        ),
        "recognition_failed": gettext(
            "Chương trình nhận dạng chữ (tesseract) gặp lỗi. Hãy thử lại, hoặc báo người quản trị kiểm tra."
        ),
        "too_complex": gettext(
            "Tệp quá phức tạp, đọc vượt giới hạn thời gian, bộ nhớ. Hãy in lại thành pdf hoặc tách thành nhiều tệp."
        ),
        "broken_pdf": gettext("Tệp PDF bị hỏng hoặc thiếu phần cuối. Hãy tải lại hoặc xuất lại tệp từ bản gốc."),
        "broken_docx": gettext("Tệp docx bị hỏng hoặc có cấu trúc không an toàn. Hãy mở bằng Word và lưu lại."),
        "unknown_encoding": gettext("Không nhận ra bảng mã của tệp. Hãy lưu lại tệp với bảng mã Unicode UTF-8."),
    }.get(error.code, gettext("Không đọc được tệp. Hãy kiểm tra lại tệp hoặc dùng định dạng khác."))


def explain_failure(code: str) -> str:
    """Return one line for what stopped the machine later: the reason of a refusal, else the code for whoever mends."""
    if code == "secret":
        return gettext(
            "Bản quét mang dấu độ mật; tệp đã được xóa khỏi hệ thống. Hãy xử lý theo quy định bảo vệ bí mật nhà nước."
        )
    if code == code.lower():
        return explain(UnreadableDocument(code))
    return gettext("Văn bản được giữ nguyên. Hãy báo người quản trị kèm mã lỗi %(code)s.") % {"code": code}


def _megabytes(size: str | int) -> str:
    """Return a size in whole megabytes, at least 1."""
    return str(max(1, round(int(size) / 1_000_000)))
