"""The columns of the list of tasks: which there are, which were chosen, and how a row fills each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thuocdo.tasks.queries.fields import FieldType, shown
from thuocdo.web.design.figures import day, named, short_named
from thuocdo.web.design.marks import door

from .marks import Row

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from thuocdo.tasks.models import Field

CHOSEN = "cot"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its word in the address, its title, the word of its order (if any), and its cell."""

    word: str
    title: "str | Promise"
    cell: Callable[[Row], SafeString]
    order: str = ""
    unit: "str | Promise" = ""
    is_numeric: bool = False


def _code(row: Row) -> SafeString:
    return format_html('<td class="code">{}</td>', row.task.code)


def _title(row: Row) -> SafeString:
    core = format_html(' <span class="core">{}</span>', gettext("trọng tâm")) if row.task.is_core else ""
    local = format_html(' <span class="core">{}</span>', gettext("của riêng")) if row.task.is_local else ""
    return format_html(
        '<th scope="row"><a href="{}">{}</a>{}{}</th>', row.address, Truncator(row.title).chars(180), core, local
    )


def _lead(row: Row) -> SafeString:
    return format_html("<td>{}</td>", row.lead)


def _due(row: Row) -> SafeString:
    if row.task.due_on is None:
        return format_html('<td class="due"><span class="quiet">{}</span></td>', gettext("không nêu hạn"))
    return format_html(
        '<td class="due"><time datetime="{}">{}</time><span class="spare-mark">{}</span></td>',
        row.task.due_on.isoformat(),
        day(row.task.due_on),
        row.ruler,
    )


def _status(row: Row) -> SafeString:
    return format_html("<td>{}</td>", row.status)


def _progress(row: Row) -> SafeString:
    return format_html('<td class="figure spare">{}</td>', row.task.progress)


def _files(row: Row) -> SafeString:
    if not row.files:
        return mark_safe('<td class="figure spare">–</td>')
    link = door(f"{row.address}#bao-cao", row.files, gettext("tệp minh chứng"))
    return format_html('<td class="figure spare">{}</td>', link)


def _text(label: "str | Promise", of: Callable[[Row], Any]) -> Callable[[Row], SafeString]:
    def cell(row: Row) -> SafeString:
        return format_html('<td class="said" data-label="{}:">{}</td>', label, of(row) or "–")

    return cell


def _helpers(row: Row) -> str:
    bodies = [short_named(one.body) for one in row.task.coordinations.all()]
    return "; ".join([*bodies, row.task.also_coordinating]).strip("; ")


def _person(row: Row) -> str:
    said = [row.task.responsible.full_name if row.task.responsible else "", row.task.responsible_post]
    return ", ".join(word for word in said if word)


def _document(row: Row) -> str:
    return (row.task.document.number or Truncator(row.task.document.title).chars(60)) if row.task.document else ""


_TITLE = Column("nhiem_vu", _("Nhiệm vụ"), _title)
COLUMNS = (
    Column("ma", _("Mã"), _code, order="ma"),
    _TITLE,
    Column("co_quan", _("Chủ trì"), _lead, order="co_quan"),
    Column("han", _("Hạn"), _due, order="han"),
    Column("tinh_trang", _("Tình trạng"), _status),
    Column("tien_do", _("Tiến độ"), _progress, order="tien_do", unit="%", is_numeric=True),
    Column("minh_chung", _("Minh chứng"), _files, unit=_("tệp"), is_numeric=True),
    Column("phoi_hop", _("Phối hợp"), _text(_("Phối hợp"), _helpers)),
    Column("nguoi", _("Người phụ trách"), _text(_("Người phụ trách"), _person)),
    Column("giao_boi", _("Cơ quan giao"), _text(_("Cơ quan giao"), lambda row: named(row.task.assigned_by))),
    Column("van_ban", _("Văn bản giao"), _text(_("Văn bản giao"), _document)),
    Column("san_pham", _("Sản phẩm"), _text(_("Sản phẩm"), lambda row: Truncator(row.task.deliverable).chars(140))),
    Column("chi_tieu", _("Chỉ tiêu"), _text(_("Chỉ tiêu"), lambda row: Truncator(row.task.target).chars(140))),
    Column("giao", _("Ngày giao"), _text(_("Ngày giao"), lambda row: day(row.task.assigned_on)), order="giao"),
    Column(
        "han_goc",
        _("Hạn ban đầu"),
        _text(_("Hạn ban đầu"), lambda row: day(row.task.original_due_on)),
        order="han_goc",
    ),
    Column(
        "bao_cao",
        _("Báo cáo gần nhất"),
        _text(_("Báo cáo gần nhất"), lambda row: day(row.task.reported_on)),
        order="bao_cao",
    ),
    Column("chuong_trinh", _("Chương trình"), _text(_("Chương trình"), lambda row: row.task.programme)),
)
DEFAULT = ("ma", "nhiem_vu", "co_quan", "han", "tinh_trang", "tien_do", "minh_chung")


def of_field(own: "Field") -> Column:
    """The column of a body's own field."""
    is_figure = own.type == FieldType.NUMBER
    tone = "figure" if is_figure else "said"

    def cell(row: Row) -> SafeString:
        said = shown(own, row.values.get(own.pk)) or "–"
        return format_html('<td class="{}" data-label="{}:">{}</td>', tone, own.label, Truncator(said).chars(160))

    return Column(f"f{own.pk}", own.label, cell, unit=own.unit, is_numeric=is_figure)


def offered(fields: "Sequence[Field]") -> list[Column]:
    """Every column that may be chosen."""
    return [*COLUMNS, *(of_field(one) for one in fields)]


def chosen(request: HttpRequest, fields: "Sequence[Field]") -> list[Column]:
    """The columns that the address names, in the order of the offer; the usual ones where it names none.

    The name of the task is always among them: it is the way to its page.
    """
    asked = set(request.GET.getlist(CHOSEN)) or set(DEFAULT)
    found = [column for column in offered(fields) if column.word in asked or column is _TITLE]
    return found if len(found) > 1 else [column for column in COLUMNS if column.word in DEFAULT]


def own_of(columns: Sequence[Column], fields: "Sequence[Field]") -> "list[Field]":
    """The fields of bodies' own among the chosen columns."""
    words = {column.word for column in columns}
    return [one for one in fields if f"f{one.pk}" in words]


def cells(row: Row, columns: Sequence[Column]) -> SafeString:
    """All cells of a row."""
    return mark_safe("".join(column.cell(row) for column in columns))  # noqa: S308 (each cell is escaped)
