"""`thuocdo demo`: load the demonstration nation where there is none, then serve it with worker and schedule."""

import sys
from collections.abc import Callable
from datetime import datetime

import click
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from thuocdo.ledger.queries import entries, newest_number

from .nation import MAKER, Nation, load_nation
from .people import PASSWORD
from .serving import PortTaken, require_free, serve_all
from .stream.starting import start_stream

# Whose keys the source system in small uses.
ADMINISTRATOR = "quantri"


@click.command()
@click.option(
    "--size",
    type=click.Choice(["small", "national"]),
    default="small",
    show_default=True,
    help="small: 34 provinces, 20 communes, 34 central bodies; national: every body of the pack.",
)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--no-serve", is_flag=True, help="Load only.")
@click.option("--no-stream", is_flag=True, help="Serve without the source system that sends dossiers all the time.")
def demo(size: str, port: int, no_serve: bool, no_stream: bool) -> None:
    """Load an invented year of a nation and serve it, marked as illustration on every page."""
    if not no_serve:
        try:
            require_free(port)
        except PortTaken as taken:
            raise click.ClickException(
                _("Cổng %(port)d đang được dùng; chọn cổng khác, ví dụ: thuocdo demo --port %(other)d.")
                % {"port": port, "other": taken.other}
            ) from taken
    call_command("migrate", verbosity=0)
    nation = _load(size == "national")
    _tell_accounts(nation)
    if not no_serve:
        sys.exit(
            serve_all(
                port,
                announce=lambda address: click.echo(_("Mở %(address)s") % {"address": address}),
                source=lambda: (
                    None if no_stream else start_stream(administrator=ADMINISTRATOR, port=port, at=timezone.now())
                ),
            )
        )


def _load(is_national: bool) -> Nation | None:
    """Load the nation into an empty instance; leave a loaded one as it is, refuse one that is somebody's own."""
    if newest_number():
        if not entries(actor=MAKER).exists():
            raise click.ClickException(
                _("Phiên bản này đã có dữ liệu thật nên không nạp dữ liệu minh hoạ; đặt THUOCDO_HOME là thư mục khác.")
            )
        click.echo(_("Dữ liệu minh hoạ đã có; muốn nạp mới, hãy dùng một thư mục THUOCDO_HOME trống."))
        return None
    now = timezone.now()
    label = _("Nạp dữ liệu minh hoạ")
    with click.progressbar(length=366, label=label, show_pos=False) as bar:
        nation = load_nation(now=now, is_national=is_national, told=_Teller(bar.update, now))
        bar.update(bar.length or 0)
    with connection.cursor() as cursor:
        # Whoever plans a query should know how large the tables are by now.
        cursor.execute("ANALYZE")
    click.echo(_("%(bodies)d cơ quan, %(entries)d mục nhật ký.") % {"bodies": nation.bodies, "entries": nation.entries})
    return nation


class _Teller:
    """Moves the bar by the days that have passed in the story."""

    def __init__(self, advance: Callable[[int], None], now: datetime) -> None:
        self._advance, self._now, self._shown = advance, now, 0

    def __call__(self, moment: datetime) -> None:
        day = 365 - (self._now - moment).days
        if day > self._shown:
            self._advance(day - self._shown)
            self._shown = day


def _tell_accounts(nation: Nation | None) -> None:
    click.echo()
    click.echo(_("Dữ liệu minh hoạ: mọi người, số liệu và văn bản đều do máy đặt ra, không nói về cơ quan thật."))
    click.echo(_("Tài khoản (mật khẩu chung: %(password)s):") % {"password": PASSWORD})
    for account in settings.DEMO_ACCOUNTS:
        click.echo(f"  {account.username:<12} {account.role_title}, {account.body_title}")
    if nation is not None:
        click.echo(_("Khóa của hệ thống nguồn (chỉ hiện lần này): %(token)s") % {"token": nation.token})
    click.echo()
