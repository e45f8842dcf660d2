"""`thuocdo exchange pair|sync|status`: this instance reports to one above it, from the machine that runs it."""

import click
from django.utils import timezone
from django.utils.translation import gettext as _

from thuocdo.accounts.permissions import machine
from thuocdo.exchanges.operations.partners import PartnerRefused, pair, renew_key, sync
from thuocdo.exchanges.queries.partners import parents_within, standings
from thuocdo.organisations.queries import body_by_code


@click.group(help="Trao đổi với bản Thước Đo cấp trên: nối, trao đổi ngay, xem tình trạng.")
def exchange() -> None:
    """Reporting to a parent instance."""


@exchange.command("pair", help="Nối với bản cấp trên tại ĐỊA_CHỈ; khóa được hỏi riêng, không ghi trên dòng lệnh.")
@click.argument("address", metavar="ĐỊA_CHỈ")
@click.option("--body", "code", required=True, help="Mã cơ quan mà bản này báo cáo thay.")
@click.option("--title", default="", help="Tên gọi của bản cấp trên.")
@click.option("--figures", is_flag=True, help="Gửi cả số liệu của cơ quan và các đơn vị trực thuộc.")
@click.option("--key", prompt=True, hide_input=True, envvar="THUOCDO_PARENT_KEY", help="Khóa do bản cấp trên cấp.")
def pair_(address: str, code: str, title: str, figures: bool, key: str) -> None:
    """Tie this instance to a parent, or give it another key."""
    body = body_by_code(code)
    if body is None:
        raise click.UsageError(_("Không có cơ quan mang mã này; hãy nạp gói dữ liệu trước hoặc sửa mã."))
    actor, now = machine("command", timezone.localdate()), timezone.now()
    known = parents_within(actor).filter(address=address.strip().rstrip("/")).first()
    try:
        if known is not None:
            renew_key(actor=actor, at=now, parent=known, token=key)
            click.echo(_("Đã đổi khóa; trao đổi tiếp từ chỗ đang dở."))
            return
        parent = pair(actor=actor, at=now, body=body, address=address, token=key, title=title, sends_figures=figures)
    except PartnerRefused as refusal:
        raise click.UsageError(str(refusal)) from refusal
    click.echo(_("Đã nối với %(title)s; chạy “thuocdo exchange sync” để trao đổi ngay.") % {"title": parent.title})


@exchange.command("sync", help="Trao đổi ngay một lượt với mọi bản cấp trên.")
def sync_() -> None:
    """One round with every parent; exit status 1 when one of them was not reached."""
    failed = False
    for parent in parents_within(machine("command", timezone.localdate())).filter(is_paused=False):
        done = sync(at=timezone.now(), parent=parent)
        said = {"title": parent.title, "orders": done.orders, "told": done.told, "refused": done.refused}
        click.echo(
            _("%(title)s: nhận %(orders)s nhiệm vụ, gửi %(told)s báo cáo, %(refused)s báo cáo không được nhận.") % said
        )
        if done.failure:
            failed = True
            click.echo(f"{parent.title}: {done.failure}", err=True)
    if failed:
        raise SystemExit(1)


@exchange.command(help="Tình trạng trao đổi với từng bản cấp trên.")
def status() -> None:
    """How it stands with every parent."""
    found = standings(machine("command", timezone.localdate()), at=timezone.now())
    if not found:
        click.echo(_("Chưa nối với bản cấp trên nào; dùng “thuocdo exchange pair”."))
    for one in found:
        said = {
            "title": one.parent.title, "state": one.state, "mirrors": one.mirrors, "waiting": one.waiting,
            "refused": one.refused, "problems": one.problems,
        }  # fmt: skip
        click.echo(
            _(
                "%(title)s: %(state)s; %(mirrors)s nhiệm vụ, %(waiting)s báo cáo đang chờ gửi, "
                "%(refused)s không được nhận, %(problems)s nhiệm vụ có vướng mắc."
            )
            % said
        )
        if one.parent.failure:
            click.echo(f"  {one.parent.failure}: {one.parent.failure_detail}", err=True)
