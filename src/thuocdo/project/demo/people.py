"""The invented people of the demonstration: one account for each role, shown on its sign-in page.

Plain data without any table, because the settings read it before Django knows its rooms.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# The same for all, printed and shown on purpose: nothing in a demonstration is worth hiding.
PASSWORD = "thuocdo-minhhoa"  # noqa: S105


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account of the demonstration: who signs in, as what, at which body; `over` widens the reach."""

    username: str
    full_name: str
    role: str
    role_title: str | Promise
    body: str
    body_title: str | Promise
    over: str = ""

    @property
    def password(self) -> str:
        """What to type, for pages that list the accounts."""
        return PASSWORD


PROVINCE, COMMUNE, WARD = "22", "06862", "06688"

ACCOUNTS: tuple[DemoAccount, ...] = (
    DemoAccount(
        "thuongtruc", "Phạm Thường Mẫu", "standing_office", _("Cơ quan thường trực"),
        "VPTW", _("Văn phòng Trung ương Đảng"), "TW",
    ),
    DemoAccount(
        "botuphap", "Trần Đầu Mối Mẫu", "focal_point", _("Đầu mối bộ, ngành"), "BTP", _("Bộ Tư pháp"),
    ),
    DemoAccount(
        "tinh", "Ngô Tỉnh Mẫu", "focal_point", _("Đầu mối tỉnh, thành phố"), PROVINCE, _("Tỉnh Quảng Ninh"),
    ),
    DemoAccount(
        "xa", "Vi Xã Mẫu", "focal_point", _("Đầu mối xã, phường, đặc khu"), COMMUNE, _("Xã Tiên Yên"),
    ),
    DemoAccount(
        "dungdau", "Lê Đứng Đầu Mẫu", "head", _("Người đứng đầu"), "BTP", _("Bộ Tư pháp"),
    ),
    DemoAccount(
        "thamdinh", "Đỗ Thẩm Định Mẫu", "verifier", _("Người thẩm định kết quả"),
        "VPCP", _("Văn phòng Chính phủ"), "TW",
    ),
    DemoAccount(
        "danhgia", "Hoàng Độc Lập Mẫu", "evaluator", _("Người đánh giá độc lập"),
        "VHLKHXH", _("Viện Hàn lâm Khoa học xã hội Việt Nam"), "TW",
    ),
    DemoAccount(
        "thanhtra", "Vũ Thanh Tra Mẫu", "inspector", _("Thanh tra"), "TTCP", _("Thanh tra Chính phủ"),
    ),
    DemoAccount(
        "congbo", "Bùi Công Bố Mẫu", "publisher", _("Người công bố"), "VPTW", _("Văn phòng Trung ương Đảng"), "TW",
    ),
    DemoAccount(
        "quantri", "Đặng Quản Trị Mẫu", "administrator", _("Quản trị hệ thống"),
        "VPTW", _("Văn phòng Trung ương Đảng"), "TW",
    ),
)  # fmt: skip

_SURNAMES = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý",
)  # fmt: skip
_MIDDLES = (
    "Văn Một", "Thị Hai", "Văn Ba", "Thị Tư", "Văn Năm", "Thị Sáu", "Văn Bảy", "Thị Tám", "Văn Chín", "Thị Mười",
    "Văn Đông", "Thị Tây", "Văn Nam",
)  # fmt: skip


def invented_name(number: int) -> str:
    """A name that nobody bears, ending in Mẫu ("specimen"); 182 of them before they repeat with a numeral."""
    middle = _MIDDLES[number % len(_MIDDLES)]
    surname = _SURNAMES[number % len(_SURNAMES)]
    round_number = number // (len(_MIDDLES) * len(_SURNAMES))
    return f"{surname} {middle} Mẫu" + (f" {round_number + 1}" if round_number else "")
