"""`thuocdo ledger verify`: walk the chain and name the first broken entry."""

import click
from django.utils.translation import gettext as _

from thuocdo.ledger.queries import first_broken_entry, newest_number


@click.group()
def ledger() -> None:
    """The record of everything that was written."""


@ledger.command()
@click.pass_context
def verify(context: click.Context) -> None:
    """Walk the whole chain; exit status 1 and the first broken entry when it does not hold."""
    broken = first_broken_entry()
    if broken is None:
        click.echo(_("Chuỗi nhật ký nguyên vẹn: %(count)d mục.") % {"count": newest_number()})
        return
    reasons = {
        "number": _("thiếu mục hoặc sai số thứ tự"),
        "previous": _("không nối với mục liền trước"),
        "digest": _("nội dung không khớp với mã băm"),
    }
    click.echo(
        _("Chuỗi nhật ký bị đứt tại mục %(number)d: %(reason)s.")
        % {"number": broken.number, "reason": reasons[broken.reason]},
        err=True,
    )
    context.exit(1)
