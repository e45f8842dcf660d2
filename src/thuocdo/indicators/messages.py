"""What the engine says of formulas and paths by code, in words that name the place and the remedy."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thuocdo.engine.formulas import FormulaProblem
from thuocdo.engine.targets import PathProblem

if TYPE_CHECKING:
    from django.utils.functional import Promise

FORMULA: Final[Mapping[str, "str | Promise"]] = {
    "empty": _("Công thức để trống; viết biểu thức trên mã của các chỉ số khác, hoặc bỏ hẳn công thức."),
    "too_long": _("Công thức quá dài (nhiều nhất %(most)s ký tự); tách thành chỉ số trung gian."),
    "syntax": _("Không đọc được công thức; kiểm tra dấu ngoặc và dấu phép tính, ví dụ a / b hoặc (a + b) / c."),
    "not_allowed": _(
        "Chỗ này không dùng được trong công thức; chỉ dùng mã chỉ số, số, các phép + - * /, so sánh và các hàm"
        " sum, mean, min, max, abs, previous, year_ago, year_to_date."
    ),
    "unknown_indicator": _("Không có chỉ số mã “%(name)s”; kiểm tra lại mã hoặc khai báo chỉ số đó trước."),
    "unknown_function": _(
        "Không có hàm “%(name)s”; các hàm dùng được: sum, mean, min, max, abs, previous, year_ago, year_to_date."
    ),
    "wrong_arguments": _("Hàm %(name)s nhận chưa đúng: viết các giá trị trong ngoặc, cách nhau bằng dấu phẩy."),
    "not_a_name": _("Hàm %(name)s chỉ nhận một mã chỉ số, ví dụ %(name)s(a)."),
    "units_differ": _("Không cộng, trừ, so sánh được %(left)s với %(right)s; hai vế phải cùng đơn vị tính."),
    "unit_of_result": _(
        "Công thức cho kết quả tính bằng %(found)s, còn chỉ số khai đơn vị %(wanted)s; sửa công thức hoặc đơn vị."
    ),
    "percent_factor": _("Không nhân với 100: kết quả được đổi ra đơn vị của chỉ số rồi; bỏ thừa số này."),
    "cycle": _("Các công thức gọi vòng lẫn nhau (%(path)s); bỏ một trong các chỗ gọi."),
    "too_large": _("Kết quả có quá nhiều chữ số; kiểm tra lại đơn vị của các chỉ số trong công thức."),
    "no_figures": _("Công thức không dùng chỉ số nào; nếu là một con số cố định thì không cần công thức."),
}
PATH: Final[Mapping[str, "str | Promise"]] = {
    "no_points": _("Đường mục tiêu chưa có mốc nào; ghi ít nhất một mốc gồm kỳ và mức."),
    "too_many": _("Đường mục tiêu có quá %(most)s mốc; giữ các mốc chính."),
    "unknown_shape": _("Không có kiểu đường “%(found)s”; dùng một trong: %(shapes)s."),
    "twice": _("Mốc này trùng ngày với mốc khác (%(day)s); giữ một mốc."),
    "out_of_range": _("Mức %(level)s nằm ngoài khoảng giá trị hợp lệ của chỉ số; sửa lại mức."),
    "backwards": _("Mức %(level)s ngược chiều của chỉ số so với mốc trước (%(former)s); kiểm tra lại các mốc."),
}


def formula_in_words(problem: FormulaProblem, *, title: str, text: str = "") -> str:
    """What is wrong with the formula of an indicator, where, and what to do."""
    words = str(FORMULA[problem.code]) % problem.values if problem.values else str(FORMULA[problem.code])
    if not text or problem.code in ("empty", "cycle", "too_large", "unit_of_result", "units_differ", "no_figures"):
        return gettext("Công thức của chỉ số %(title)s: %(words)s") % {"title": title, "words": words}
    # A formula of several lines is read as one.
    near = text.replace("\n", " ").strip()[problem.at : problem.at + 30]
    return gettext("Công thức của chỉ số %(title)s, từ ký tự %(place)d (“%(near)s”): %(words)s") % {
        "title": title,
        "place": problem.at + 1,
        "near": near,
        "words": words,
    }


def path_in_words(problem: PathProblem) -> str:
    """What is wrong with a path, at which point, and what to do."""
    words = str(PATH[problem.code]) % problem.values if problem.values else str(PATH[problem.code])
    return gettext("Mốc %(place)d: %(words)s") % {"place": problem.place, "words": words} if problem.place else words
