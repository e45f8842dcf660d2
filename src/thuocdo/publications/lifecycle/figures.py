"""The figures of a head's record, in their order: what each is called and what it counts."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Group(StrEnum):
    """Where a figure stands on the page."""

    DEBTS = "debts"
    TAKEN_OVER = "taken_over"
    HAPPENINGS = "happenings"
    EFFECT = "effect"
    # Shown apart and never counted as blame.
    OBJECTIVE = "objective"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: `code` in data, `word` in addresses, `meaning` says which rows it counts."""

    code: str
    word: str
    group: Group
    title: str | Promise
    meaning: str | Promise
    # Whether it counts times that something happened, not tasks.
    counts_times: bool = False


FIGURES: tuple[Figure, ...] = (
    Figure(
        "owed", "phai-lam", Group.DEBTS, _("Phải thực hiện"),
        _("Nhiệm vụ cơ quan chủ trì còn phải làm ít nhất một ngày trong thời gian người đứng đầu giữ chức."),
    ),
    Figure(
        "in_time", "trong-han", Group.DEBTS, _("Hoàn thành trong hạn"),
        _("Kết quả được phê duyệt không muộn hơn thời hạn đang có hiệu lực."),
    ),
    Figure(
        "late", "hoan-thanh-muon", Group.DEBTS, _("Hoàn thành muộn"),
        _("Kết quả được phê duyệt sau thời hạn, và thời hạn rơi vào thời gian giữ chức."),
    ),
    Figure(
        "overdue", "qua-han", Group.DEBTS, _("Đang quá hạn"),
        _("Đã qua thời hạn trong thời gian giữ chức mà kết quả chưa được phê duyệt."),
    ),
    Figure(
        "running", "con-han", Group.DEBTS, _("Đang làm, còn hạn"),
        _("Chưa qua thời hạn, hoặc không có thời hạn."),
    ),
    Figure(
        "suspended", "tam-dung", Group.DEBTS, _("Đang tạm dừng"),
        _("Đã được cấp có thẩm quyền cho tạm dừng; thời hạn ngừng tính."),
    ),
    Figure(
        "left", "khong-con-no", Group.DEBTS, _("Rút hoặc chuyển đi"),
        _("Nhiệm vụ bị hủy, rút hoặc đã chuyển sang cơ quan khác."),
    ),
    Figure(
        "inherited", "nhan-ban-giao", Group.TAKEN_OVER, _("Nhận bàn giao"),
        _("Nhiệm vụ đã giao cho cơ quan trước ngày giữ chức và khi đó chưa xong."),
    ),
    Figure(
        "debt_settled", "no-cu-da-tra", Group.TAKEN_OVER, _("Nợ cũ đã xong"),
        _("Đã quá hạn trước ngày giữ chức, nay kết quả được phê duyệt."),
    ),
    Figure(
        "debt_open", "no-cu-con-lai", Group.TAKEN_OVER, _("Nợ cũ còn lại"),
        _("Đã quá hạn trước ngày giữ chức và vẫn chưa xong."),
    ),
    Figure(
        "returned", "bi-tra-lai", Group.HAPPENINGS, _("Bị trả lại"),
        _("Số lần kết quả trình lên bị trả lại; lần trả đã rút không tính."), counts_times=True,
    ),
    Figure(
        "transferred", "chuyen-di", Group.HAPPENINGS, _("Chuyển cơ quan khác"),
        _("Số lần nhiệm vụ bị chuyển sang cơ quan khác mà không do kiến nghị được chấp nhận."), counts_times=True,
    ),
    Figure(
        "extended", "gia-han", Group.HAPPENINGS, _("Gia hạn"),
        _("Số lần thời hạn được lùi, không vì nguyên nhân khách quan."), counts_times=True,
    ),
    Figure(
        "disputed", "kien-nghi", Group.HAPPENINGS, _("Kiến nghị giao lại"),
        _("Số lần kiến nghị giao lại chưa được chấp nhận."), counts_times=True,
    ),
    Figure(
        "effective", "co-hieu-qua", Group.EFFECT, _("Có hiệu quả"),
        _("Trong các nhiệm vụ đã hoàn thành, được kết luận là có hiệu quả."),
    ),
    Figure(
        "not_effective", "chua-co-hieu-qua", Group.EFFECT, _("Chưa có hiệu quả"),
        _("Trong các nhiệm vụ đã hoàn thành, được kết luận là chưa có hiệu quả."),
    ),
    Figure(
        "not_judged", "chua-danh-gia", Group.EFFECT, _("Chưa đánh giá hiệu quả"),
        _("Đã hoàn thành nhưng chưa có kết luận về hiệu quả."),
    ),
    Figure(
        "objective_extended", "gia-han-khach-quan", Group.OBJECTIVE, _("Gia hạn vì nguyên nhân khách quan"),
        _("Số lần gia hạn có nguyên nhân khách quan hoặc rủi ro được chấp thuận."), counts_times=True,
    ),
    Figure(
        "paused", "lan-tam-dung", Group.OBJECTIVE, _("Được tạm dừng"),
        _("Số lần cấp có thẩm quyền cho tạm dừng nhiệm vụ."), counts_times=True,
    ),
    Figure(
        "dispute_granted", "kien-nghi-dung", Group.OBJECTIVE, _("Kiến nghị được chấp nhận"),
        _("Số kiến nghị giao lại được chấp nhận: nhiệm vụ đã chuyển hoặc rút."), counts_times=True,
    ),
)  # fmt: skip


def figures_of_group(group: Group) -> list[Figure]:
    """The figures of one group, in their order."""
    return [figure for figure in FIGURES if figure.group == group]
