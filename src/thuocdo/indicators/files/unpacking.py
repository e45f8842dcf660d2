"""An uploaded workbook as far as it is let in: see engine/workbooks.py for what could be wrong with it."""

from typing import Final

from django.utils.translation import gettext as _

from thuocdo.engine import workbooks

from .layout import LARGEST_UNPACKED, SheetUnreadable

# A template of ten thousand lines has 130,000 cells.
MOST_CELLS: Final = 2_000_000


def let_in(content: bytes) -> bytes:
    """The workbook packed anew; raises SheetUnreadable where it is too large, too far spread, or broken."""
    try:
        return workbooks.packed_anew(content, most_bytes=LARGEST_UNPACKED, most_cells=MOST_CELLS)
    except workbooks.TooVast as error:
        if not error.row:
            text = _("Tệp quá lớn sau khi giải nén; hãy dùng biểu mẫu và chia thành nhiều tệp.")
            raise SheetUnreadable(text) from error
        text = _("Trang tính có ô nằm quá xa bảng (dòng %(row)s); sao chép bảng sang biểu mẫu mới rồi tải lên.")
        raise SheetUnreadable(text % {"row": error.row}) from error
    except workbooks.Broken as error:
        text = _("Không đọc được tệp; hãy lưu lại dưới dạng Excel (.xlsx), không đặt mật khẩu, rồi tải lên.")
        raise SheetUnreadable(text) from error
