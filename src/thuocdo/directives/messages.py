"""What people are told when a document cannot be read: the reason and what to do, one line for each code."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thuocdo.engine.extraction.reader import UnreadableDocument

# What was done to a text, or is to be known of it, when it was read.
NOTES: dict[str, Promise] = {
    "converted_from_tcvn3": _(
        "Văn bản dùng bảng mã cũ TCVN3 (ABC), đã chuyển sang Unicode; đối chiếu chữ khi rà soát."
    ),
    "converted_from_vni": _("Văn bản dùng bảng mã cũ VNI, đã chuyển sang Unicode; đối chiếu chữ khi rà soát."),
    "converted_from_double_utf8": _(
        "Văn bản bị lưu sai bảng mã hai lần, đã khôi phục thành Unicode; đối chiếu chữ khi rà soát."
    ),
    "mixed_encodings": _("Văn bản lẫn nhiều bảng mã, đã chuyển từng dòng sang Unicode; đối chiếu chữ khi rà soát."),
    "damaged_characters": _("Một số chữ trong tệp bị hỏng, hiện thành dấu �; đối chiếu với bản gốc."),
    "tracked_changes": _(
        "Tệp còn sửa đổi chưa được chấp nhận (Track Changes): máy đọc như đã chấp nhận tất cả; kiểm tra lại với bản ký."
    ),
    "macros_ignored": _("Tệp có macro; máy chỉ đọc phần chữ, không mở và không chạy macro."),
    "pages_without_text": _("Nhiều trang của tệp chỉ có ảnh, không có chữ; nhiệm vụ ở các trang đó chưa được đọc."),
    "written_here": _("Văn bản được ghi ngay trên hệ thống, từng điểm một, khi cuộc họp kết luận."),
    "recognised": _("Chữ được máy nhận dạng từ bản quét, có thể sai dấu; đối chiếu với bản gốc khi rà soát."),
    "not_vietnamese": _(
        "Văn bản không phải tiếng Việt có dấu; máy chỉ tìm được nhiệm vụ trong văn bản tiếng Việt có dấu."
    ),
    "converted_from_windows_1258": _(
        "Văn bản dùng bảng mã cũ Windows-1258, đã chuyển sang Unicode; đối chiếu chữ khi rà soát."
    ),
}


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
            "kèm tiếng Việt (gói tesseract-ocr-vie) để máy tự nhận dạng chữ (OCR)."
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
