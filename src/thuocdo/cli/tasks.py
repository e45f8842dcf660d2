"""`thuocdo tasks export FILE` and `thuocdo tasks import FILE`: lists of tasks in the official column layouts."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
from django.utils import timezone
from django.utils.translation import gettext as _

from thuocdo.accounts.permissions import Actor, NotAllowed, machine
from thuocdo.accounts.queries import actor_for_user, body_of, standing_offices, user_by_username
from thuocdo.directives.queries import document_by_id
from thuocdo.exchanges.operations.delivering import deliver
from thuocdo.exchanges.operations.importing import import_at_once, look_at
from thuocdo.exchanges.operations.importing.looking import plain_faults
from thuocdo.exchanges.operations.importing.reading import read_list
from thuocdo.exchanges.queries.identifiers import bearing, system_by_code, systems
from thuocdo.exchanges.queries.mappings import mapping_named, mappings_for
from thuocdo.organisations.queries import body_by_code, of_kinds
from thuocdo.tasks.files import LAYOUTS, MOST_WORD_ROWS, Cover, HeadingsUnknown, SheetRefused, word_document, workbook
from thuocdo.tasks.queries import State, lines, tasks_of_document, visible_to

if TYPE_CHECKING:
    from thuocdo.exchanges.models import ColumnMapping, System
    from thuocdo.organisations.models import Body

# The machine that runs the instance works in peace: longer lists than a page takes.
MOST_ROWS = 100_000
MOST_BYTES = 100_000_000
_USER = click.option(
    "--user", "username", help="Làm thay mặt người có tên đăng nhập này, với quyền của họ; bỏ trống: hệ thống."
)


@click.group(help="Danh sách nhiệm vụ theo mẫu báo cáo chính thức: xuất ra, sửa, nhập lại.")
def tasks() -> None:
    """Lists of tasks, out and in again."""


def _actor(username: str | None) -> Actor:
    """The person with their rights, or the machine, which may do everything and is written down as such."""
    today = timezone.localdate()
    if username is None:
        return machine("command", today)
    user = user_by_username(username)
    if user is None:
        raise click.UsageError(_("Không có người dùng mang tên đăng nhập %(name)s.") % {"name": username})
    return actor_for_user(user, on=today)


@tasks.command(name="export", help="Ghi danh sách nhiệm vụ vào tệp .xlsx hoặc .docx theo mẫu Chính phủ hay mẫu Đảng.")
@click.argument("file", metavar="TỆP", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--layout", "name", type=click.Choice(list(LAYOUTS)), default="government", show_default=True)
@click.option("--document", "number", type=click.IntRange(1, 2**63 - 1), help="Chỉ nhiệm vụ của văn bản có số này.")
@click.option("--system", "code", help="Mã hệ thống nhận: theo cột của hệ thống ấy, kèm mã của nhiệm vụ ở đó.")
@click.option("--all", "whole", is_flag=True, help="Cùng --system: cả nhiệm vụ chưa có mã ở hệ thống nhận.")
@_USER
def export(file: Path, name: str, number: int | None, code: str | None, whole: bool, username: str | None) -> None:
    """Write a list; without a document, of all tasks that were given and not cancelled."""
    actor, today, layout = _actor(username), timezone.localdate(), LAYOUTS[name]
    if file.suffix.lower() not in (".xlsx", ".docx"):
        raise click.UsageError(_("Tên tệp phải có đuôi .xlsx hoặc .docx."))
    system = _system(code) if code is not None else None
    if system is not None and file.suffix.lower() != ".xlsx":
        raise click.UsageError(_("Danh sách cho hệ thống khác là tệp .xlsx."))
    subject = ""
    found = visible_to(actor).exclude(state__in=[State.DRAFT, State.CANCELLED]).order_by("code")
    if number is not None:
        document = document_by_id(actor, number)
        if document is None:
            raise click.UsageError(_("Không có văn bản số %(number)s.") % {"number": number})
        found = tasks_of_document(actor, document)
        subject = " ".join(part for part in ("Theo văn bản", document.number or document.title) if part)
    if system is not None and not whole:
        found = found.filter(bearing(system))
    most = MOST_WORD_ROWS if file.suffix.lower() == ".docx" else MOST_ROWS
    if (counted := found.count()) > most:
        raise click.UsageError(
            _("Danh sách có %(number)s dòng, tệp chỉ nhận %(most)s dòng; xuất theo từng văn bản.")
            % {"number": counted, "most": most}
        )
    cover = Cover(body_of(actor), today, subject=subject)
    if system is not None:
        file.write_bytes(deliver(actor=actor, at=timezone.now(), system=system, tasks=found, cover=cover))
    elif file.suffix.lower() == ".docx":
        file.write_bytes(word_document(lines(found, today), layout=layout, cover=cover))
    else:
        with workbook(lines(found, today), layout=layout, cover=cover) as made, file.open("wb") as kept:
            shutil.copyfileobj(made, kept)
    click.echo(_("Đã ghi %(number)s nhiệm vụ vào %(file)s.") % {"number": counted, "file": file})


@tasks.command(name="import", help="Nhập lại danh sách đã sửa; in số dòng đổi, số nhiệm vụ mới và mọi lỗi theo dòng.")
@click.argument("file", metavar="TỆP", type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Chỉ kiểm tra, không ghi gì.")
@click.option("--keep-good", is_flag=True, help="Có lỗi vẫn ghi các dòng đúng; mặc định là không ghi dòng nào.")
@click.option("--from", "code", help="Mã cơ quan giao các nhiệm vụ mới; mặc định: cơ quan thường trực.")
@click.option("--mapping", "mapping_name", help="Đọc cột theo cách ghép đã nhớ mang tên này.")
@_USER
def import_(
    file: Path, check: bool, keep_good: bool, code: str | None, mapping_name: str | None, username: str | None
) -> None:
    """Take a list over, or say what would come of it; exit status 1 when there are errors."""
    actor = _actor(username)
    body, mapping = _assigning(actor, code), _mapping(actor, mapping_name)
    try:
        content = file.read_bytes()
    except OSError as error:
        _refuse("not_found", _("Không mở được tệp %(file)s; kiểm tra đường dẫn.") % {"file": file}, error)
    try:
        read = read_list(actor, content, file.name, mapping=mapping, most_rows=MOST_ROWS, max_bytes=MOST_BYTES)
    except HeadingsUnknown as error:
        remedy = _("Ghép cột một lần ở trang Nhập danh sách rồi dùng --mapping.")
        _refuse("headings_unknown", f"{error} {remedy}", error)
    except SheetRefused as error:
        _refuse("unreadable", str(error), error)
    now, has_written = timezone.now(), True
    try:
        if check:
            plan = look_at(actor=actor, at=now, sheet=read.sheet, system=read.system, assigning_body=body).plan
        else:
            plan, run = import_at_once(
                actor=actor,
                at=now,
                content=content,
                name=file.name,
                read=read,
                on_error="keep_good" if keep_good else "refuse_all",
                assigning_body=body,
            )
            has_written = run.finished_at is not None
    except NotAllowed as error:
        raise click.UsageError(_("Người dùng này không có quyền nhập danh sách nhiệm vụ.")) from error
    if read.mapping is not None:
        click.echo(_("Cột đọc theo cách ghép đã nhớ “%(name)s”.") % {"name": read.mapping.name}, err=True)
    for caution in plan.cautions:
        click.echo(caution, err=True)
    changed, added = (len(plan.changes), len(plan.additions)) if has_written else (0, 0)
    _say(changed, added, [_plain(one) for one in plain_faults(plan.faults, read.sheet)])
    if plan.faults:
        raise SystemExit(1)


def _refuse(code: str, message: str, error: Exception) -> NoReturn:
    """Say that nothing could be read at all, in the same words in which errors of rows are told."""
    _say(0, 0, [{"row": 0, "cell": "", "field": "file", "code": code, "message": message}])
    raise SystemExit(1) from error


def _mapping(actor: Actor, name: str | None) -> "ColumnMapping | None":
    if name is None:
        return None
    found = mapping_named(actor, name)
    if found is None:
        known = ", ".join(sorted(f"“{one.name}”" for one in mappings_for(actor))) or _("chưa có cách ghép nào")
        raise click.UsageError(
            _("Không có cách ghép cột tên “%(name)s”; đang có: %(known)s.") % {"name": name, "known": known}
        )
    return found


def _system(code: str) -> "System":
    found = system_by_code(code)
    if found is None:
        known = ", ".join(one.code for one in systems()) or _("chưa nạp hệ thống nào")
        raise click.UsageError(
            _("Không có hệ thống mang mã %(code)s; đang có: %(known)s.") % {"code": code, "known": known}
        )
    return found


def _assigning(actor: Actor, code: str | None) -> "Body | None":
    """The body in whose name new tasks are given; for the machine the one standing office, else whoever is at the top.

    An instance without people yet has no standing office: then orders are those of the body above all others.
    """
    if code is not None:
        body = body_by_code(code)
        if body is None:
            raise click.UsageError(_("Không có cơ quan mang mã này; hãy nạp gói dữ liệu trước hoặc sửa mã."))
        return body
    if not actor.is_machine:
        return None
    offices = standing_offices(on=actor.on)
    return offices[0] if len(offices) == 1 else next(iter(of_kinds(["centre"], on=actor.on)), None)


def _plain(error: dict[str, Any]) -> dict[str, Any]:
    return {name: error[name] for name in ("row", "cell", "field", "code", "message")}


def _say(changed: int, added: int, errors: Sequence[dict[str, Any]]) -> None:
    click.echo(json.dumps({"changed": changed, "added": added, "errors": list(errors)}, ensure_ascii=False))
