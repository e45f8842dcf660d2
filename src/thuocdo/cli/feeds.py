"""`thuocdo feeds land FEED FILE`, `feeds watch FOLDER` and `feeds compute FEED`: raw events without the interface."""

import time
from collections.abc import Iterator
from pathlib import Path

import click
from django.db import close_old_connections
from django.utils import timezone
from django.utils.translation import gettext as _

from thuocdo.accounts.permissions import machine
from thuocdo.feeds import queries
from thuocdo.feeds.files.reports import errors_csv
from thuocdo.feeds.operations import Landed, NoRoom, land_batch, recompute

# Files that somebody is still writing carry such names, or have been written to a moment ago.
UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart")
DONE, REFUSED = "done", "refused"
MOST_BYTES = 400_000_000


@click.group(help="Nguồn dữ liệu: tiếp nhận sự kiện từ tệp, theo dõi thư mục, tính lại số liệu.")
def feeds() -> None:
    """Feeds of raw events."""


@feeds.command(help="Tiếp nhận một tệp NDJSON (có thể nén gzip) hoặc Parquet; in kết quả và mọi lỗi theo dòng.")
@click.argument("feed", metavar="NGUỒN")
@click.argument("file", metavar="TỆP", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option(
    "--refuse-all", is_flag=True, help="Có một dòng lỗi thì không nhận dòng nào; mặc định vẫn nhận dòng đúng."
)
def land(feed: str, file: Path, refuse_all: bool) -> None:
    """Land one file; exit status 1 when anything was refused."""
    state = _feed(feed)
    try:
        landed = _land(state, file, queries.Batch.Door.COMMAND, refuse_all=refuse_all)
    except NoRoom as error:
        raise click.ClickException(_("Hết chỗ lưu; chưa nhận sự kiện nào. Dọn đĩa rồi chạy lại.")) from error
    _say(file, landed)
    for one in landed.batch.errors:
        click.echo(f"{one['row']}\t{one['field']}\t{one['code']}\t{one['message']}", err=True)
    if landed.batch.rejected or landed.batch.state == queries.Batch.State.REFUSED:
        raise SystemExit(1)


@feeds.command(
    help="Theo dõi THƯ MỤC: tệp trong THƯ MỤC/<mã nguồn>/ được tiếp nhận rồi chuyển vào done/ hoặc refused/, "
    "kèm tệp .errors.csv nếu có lỗi."
)
@click.argument("folder", metavar="THƯ_MỤC", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--once", is_flag=True, help="Tiếp nhận những gì đang có rồi kết thúc.")
@click.option("--every", default=2.0, show_default=True, type=click.FloatRange(0.1), help="Số giây giữa hai lần xem.")
@click.option("--settled", default=2.0, show_default=True, type=click.FloatRange(0), help="Tệp phải yên ngần này giây.")
def watch(folder: Path, once: bool, every: float, settled: float) -> None:
    """Land what is put into the folders of feeds, until told to stop.

    A file is moved after its events are safely stored: killed in between, the next run gets the same answer again.
    """
    while True:
        try:
            for state, file in list(_waiting(folder, settled)):
                _take(state, file)
        except NoRoom as error:
            # Whatever waits stays where it is; who watches goes on when there is room again.
            if once:
                raise SystemExit(1) from error
        if once:
            return
        close_old_connections()
        time.sleep(every)


@feeds.command(help="Tính số liệu từ các sự kiện đã nhận; --all tính lại toàn bộ.")
@click.argument("feed", metavar="NGUỒN")
@click.option("--all", "everything", is_flag=True, help="Tính lại mọi kỳ, kể cả kỳ không đổi.")
def compute(feed: str, everything: bool) -> None:
    """Compute the figures of a feed now."""
    done = recompute(
        actor=machine("command", timezone.localdate()), at=timezone.now(), feed=_feed(feed), everything=everything
    )
    click.echo(
        _("Đã tính %(figures)s số liệu, ghi %(recorded)s số liệu mới hoặc thay đổi, không ghi được %(refused)s.")
        % {"figures": done.figures, "recorded": done.recorded, "refused": done.refused}
    )


def _feed(code: str) -> queries.FeedState:
    state = queries.feed_by_code(code)
    if state is None:
        known = ", ".join(one.code for one in queries.feeds()) or _("chưa có nguồn nào, hãy nạp gói dữ liệu")
        raise click.UsageError(
            _("Không có nguồn dữ liệu mang mã %(code)s; các nguồn: %(known)s.") % {"code": code, "known": known}
        )
    return state


def _waiting(folder: Path, settled: float) -> Iterator[tuple[queries.FeedState, Path]]:
    """The files that wait, oldest first within a feed."""
    for state in queries.feeds():
        place = folder / state.code
        if not place.is_dir():
            continue
        now = timezone.now().timestamp()
        found = [path for path in place.iterdir() if path.is_file() and not path.name.startswith(".")]
        for path in sorted(found, key=lambda path: (path.stat().st_mtime, path.name)):
            if not path.name.endswith(UNFINISHED) and now - path.stat().st_mtime >= settled:
                yield state, path


def _take(state: queries.FeedState, file: Path) -> None:
    try:
        landed = _land(state, file, queries.Batch.Door.FOLDER)
        _put_away(file, landed.batch)
    except NoRoom:
        click.echo(_("%(file)s: hết chỗ lưu, tệp còn nguyên và sẽ được nhận sau.") % {"file": file.name}, err=True)
        raise
    except (OSError, click.ClickException) as error:
        # A file that cannot be read or moved stays where it is and gets the same answer again; the others go on.
        click.echo(f"{file.name}: {error}", err=True)
        return
    _say(file, landed)


def _put_away(file: Path, batch: queries.Batch) -> None:
    """Move the file beside what is done or refused, with its errors."""
    is_taken = batch.state == queries.Batch.State.LANDED
    place = _free(file.parent / (DONE if is_taken else REFUSED), file.name)
    if batch.errors:
        place.with_name(f"{place.name}.errors.csv").write_bytes(errors_csv(batch.errors, batch.error_counts))
    file.rename(place)


def _land(state: queries.FeedState, file: Path, door: str, *, refuse_all: bool = False) -> Landed:
    if file.stat().st_size > MOST_BYTES:
        raise click.ClickException(_("Tệp quá lớn; hãy chia thành nhiều tệp."))
    return land_batch(
        actor=machine("command" if door == queries.Batch.Door.COMMAND else "folder", timezone.localdate()),
        at=timezone.now(),
        feed=state,
        content=file.read_bytes(),
        door=door,
        on_error="refuse_all" if refuse_all else "keep_good",
    )


def _free(folder: Path, name: str) -> Path:
    """A place in the folder that nothing holds yet."""
    folder.mkdir(exist_ok=True)
    place, number = folder / name, 2
    while place.exists():
        place, number = folder / f"{number}-{name}", number + 1
    return place


def _say(file: Path, landed: Landed) -> None:
    batch = landed.batch
    text = _("%(file)s: nhận %(accepted)s, trùng trong lô %(duplicates)s, lỗi %(rejected)s dòng.") % {
        "file": file.name,
        "accepted": batch.accepted,
        "duplicates": batch.duplicates,
        "rejected": batch.rejected,
    }
    click.echo(text + (" " + _("Đã nhận lô này từ trước.") if landed.is_repeated else ""))
