"""What each kind of sign is called, how it is computed, what it means and what it does not prove."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from thuocdo.engine.quality.gaming import Tally
from thuocdo.scorecards.queries.monitors import Ceiling, Copied, Heap, Hurry, Reuse, Signs
from thuocdo.web.design.figures import named, number, share
from thuocdo.web.design.figures import period as period_words
from thuocdo.web.design.marks import door
from thuocdo.web.rankings.marks import called


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of sign in words."""

    code: str
    title: str | Promise
    rule: str | Promise
    means: str | Promise
    proves_not: str | Promise
    nothing: str | Promise


KINDS = (
    Kind(
        "cham-tran",
        _("Điểm dồn lên trần"),
        _(
            "Trong nhóm có từ 8 cơ quan, ít nhất một nửa đạt từ 95% điểm tối đa của chỉ số; qua ít nhất ba kỳ đã xong, "
            "tỷ lệ ấy tăng từ 10 điểm phần trăm trở lên mà không kỳ nào lùi quá 5 điểm."
        ),
        _("Chỉ số không còn phân biệt được nơi làm tốt với nơi làm chưa tốt; nên nâng mốc hoặc thay cách đo."),
        _("Không chứng minh số liệu sai: có thể mọi nơi đều đã làm tốt hơn."),
        _("Không chỉ số nào dồn lên trần."),
    ),
    Kind(
        "so-tron",
        _("Số liệu tự khai dồn vào số tròn"),
        _(
            "Đếm giá trị tự khai là bội số của 5 (hoặc 10) trong thang 0–100, bỏ hai đầu; ngẫu nhiên thì cứ 5 (10) số "
            "nguyên có một. Nêu khi có từ 20 giá trị, gấp rưỡi trở lên, và xác suất nhị thức dưới một phần trăm chia "
            "cho số phép thử."
        ),
        _("Số có thể được ước lượng thay vì đếm; nên xem bảng gốc."),
        _("Không chứng minh khai khống: có đơn vị làm tròn khi báo cáo theo mẫu cũ."),
        _("Không cơ quan nào khai số tròn nhiều hơn ngẫu nhiên."),
    ),
    Kind(
        "cuoi-ky",
        _("Dồn việc vào ngày cuối kỳ"),
        _(
            "Gộp các quý đã xong, đếm nhiệm vụ nộp kết quả lần đầu (hoặc ngày ghi số liệu) rơi vào 3 ngày làm việc "
            "cuối quý so với nhịp đều. Nêu khi có từ 4 lần, gấp đôi trở lên, và xác suất nhị thức dưới một phần trăm "
            "chia cho số phép thử."
        ),
        _("Việc có thể được nộp cho kịp kỳ chấm; nên xem sản phẩm đã dùng được chưa."),
        _("Không chứng minh làm đối phó: nhiều thời hạn được giao vào cuối quý."),
        _("Không cơ quan nào dồn việc vào cuối quý hơn nhịp đều."),
    ),
    Kind(
        "dung-lai",
        _("Một tệp làm minh chứng cho nhiều nhiệm vụ"),
        _("So mã băm SHA-256 của tệp minh chứng: cùng mã băm là cùng một tệp, từng byte."),
        _("Cùng một sản phẩm có thể được tính nhiều lần; nên hỏi tệp chứng minh phần nào của từng nhiệm vụ."),
        _("Không chứng minh gian dối: một văn bản có thể thật sự hoàn thành nhiều nhiệm vụ."),
        _("Không tệp nào được dùng cho hơn một nhiệm vụ."),
    ),
    Kind(
        "chep-lai",
        _("Báo cáo chép lại"),
        _(
            "Bỏ dấu câu và chữ hoa, lấy mọi cụm 5 từ liền nhau, tính số cụm chung chia cho số cụm của cả hai báo cáo "
            "(Jaccard). Nêu khi đạt từ 80%, cho báo cáo từ 30 từ của các nhiệm vụ khác nhau."
        ),
        _("Báo cáo có thể không nói về việc thật sự đã làm; nên đọc hai báo cáo cạnh nhau."),
        _("Không chứng minh việc chưa làm: nhiệm vụ giống nhau có thể được báo cáo bằng lời giống nhau."),
        _("Không báo cáo nào giống báo cáo của nhiệm vụ khác."),
    ),
)


def opening(found: Signs) -> SafeString:
    """How many signs there are, of which kinds."""
    if not found.number:
        return SafeString(gettext("Chưa thấy dấu hiệu nào cần xem lại trong năm quý gần nhất."))
    parts = [
        (
            len(found.ceilings),
            "#cham-tran",
            ngettext("chỉ số dồn lên trần", "chỉ số dồn lên trần", len(found.ceilings)),
        ),
        (
            len(found.heaps),
            "#so-tron",
            ngettext("cơ quan khai nhiều số tròn", "cơ quan khai nhiều số tròn", len(found.heaps)),
        ),
        (len(found.hurries), "#cuoi-ky", ngettext("lần dồn việc cuối kỳ", "lần dồn việc cuối kỳ", len(found.hurries))),
        (
            len(found.reused),
            "#dung-lai",
            ngettext("tệp minh chứng dùng lại", "tệp minh chứng dùng lại", len(found.reused)),
        ),
        (len(found.copied), "#chep-lai", ngettext("nhóm báo cáo chép lại", "nhóm báo cáo chép lại", len(found.copied))),
    ]
    head = SafeString("")
    for count, address, words in parts:
        if count:
            piece = format_html("{} {}", door(address, count), words)
            head = format_html("{}, {}", head, piece) if head else piece
    text = ngettext("{} dấu hiệu nên xem lại: {}.", "{} dấu hiệu nên xem lại: {}.", found.number)
    return format_html(text, number(found.number), head)


def chance_in_words(tally: Tally) -> str:
    """How often chance alone would give as much."""
    if tally.probability < 1e-6:
        return gettext("nếu ngẫu nhiên, hiếm hơn một phần triệu")
    return gettext("nếu ngẫu nhiên, khoảng %(times)s lần mới gặp một lần") % {
        "times": number(round(1 / tally.probability))
    }


def of_ceiling(sign: Ceiling, title: str, group: str, address: str) -> SafeString:
    """The sign in a sentence."""
    return format_html(
        gettext("{}: {} trên {} cơ quan ({}) đạt từ 95% điểm tối đa trong {}; qua {} kỳ tăng thêm {} điểm phần trăm."),
        door(address, title),
        number(sign.hits),
        number(sign.number),
        group,
        period_words(sign.period),
        number(len(sign.shares)),
        number(round(100 * sign.rise, 1)),
    )


def of_heap(sign: Heap, address: str) -> SafeString:
    """The sign in a sentence."""
    return format_html(
        gettext("{}: {} trên {} giá trị tự khai ({}) là bội số của {}, ngẫu nhiên chỉ khoảng {}; {}."),
        door(address, called(sign.body)),
        number(sign.tally.hits),
        number(sign.tally.number),
        share(sign.tally.share, 0),
        number(sign.step),
        share(sign.tally.expected, 0),
        chance_in_words(sign.tally),
    )


def of_hurry(sign: Hurry, address: str) -> SafeString:
    """The sign in a sentence."""
    text = (
        gettext("{}: {} trên {} nhiệm vụ nộp kết quả vào ba ngày làm việc cuối quý, nhịp đều chỉ khoảng {}; {}.")
        if sign.kind == "tasks"
        else gettext("{}: {} trên {} ngày ghi số liệu là ba ngày làm việc cuối quý, nhịp đều chỉ khoảng {}; {}.")
    )
    return format_html(
        text,
        door(address, called(sign.body)),
        number(sign.tally.hits),
        number(sign.tally.number),
        share(sign.tally.expected, 1),
        chance_in_words(sign.tally),
    )


def of_reuse(sign: Reuse) -> str:
    """The sign in a sentence."""
    leads = {task.lead_id: named(task.lead) for task in sign.tasks}
    text = gettext("Tệp “%(name)s” là minh chứng của %(count)s nhiệm vụ, của %(leads)s.")
    if len(leads) > 1:
        text = gettext("Tệp “%(name)s” là minh chứng của %(count)s nhiệm vụ, của %(leads)s cơ quan.")
    return text % {
        "name": sign.name,
        "count": number(len(sign.tasks)),
        "leads": number(len(leads)) if len(leads) > 1 else next(iter(leads.values())),
    }


def of_copied(sign: Copied) -> str:
    """The sign in a sentence."""
    leads = {report.task.lead_id: named(report.task.lead) for report in sign.reports}
    words = {
        "count": number(len(sign.reports)),
        "share": share(sign.likeness, 0),
        "leads": number(len(leads)) if len(leads) > 1 else next(iter(leads.values())),
    }
    if sign.likeness == 1:
        if len(leads) > 1:
            return gettext("%(count)s báo cáo của %(leads)s cơ quan giống hệt nhau, từng chữ.") % words
        return gettext("%(count)s báo cáo của %(leads)s giống hệt nhau, từng chữ.") % words
    if len(leads) > 1:
        return gettext("%(count)s báo cáo của %(leads)s cơ quan giống nhau từ %(share)s trở lên.") % words
    return gettext("%(count)s báo cáo của %(leads)s giống nhau từ %(share)s trở lên.") % words
