"""`thuocdo pack load CODE`: write a programme's data into the instance."""

import click
from django.utils import timezone
from django.utils.translation import gettext as _

from thuocdo.accounts.permissions import machine

from .loading import load_pack
from .reading import PackUnreadable, open_pack


@click.group()
def pack() -> None:
    """Packs: the data of a programme (bodies, indicators, targets, method)."""


@pack.command()
@click.argument("code")
def load(code: str) -> None:
    """Load a pack; loading it again adds only what is new."""
    try:
        found = open_pack(code)
    except PackUnreadable as error:
        raise click.UsageError(str(error)) from error
    loaded = load_pack(actor=machine("pack", timezone.localdate()), at=timezone.now(), pack=found)
    click.echo(
        _("Đã nạp gói %(code)s: %(bodies)d cơ quan, %(indicators)d chỉ số mới.")
        % {"code": code, "bodies": loaded.bodies, "indicators": loaded.indicators}
    )
