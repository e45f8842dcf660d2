"""`thuocdo extract`: the assignments of some documents, as a listing or as JSON Lines, without a database."""

import json
from datetime import date
from pathlib import Path

import click
from django.utils.translation import gettext

from thuocdo.cli.evaluate import evaluate
from thuocdo.cli.scheme import as_record
from thuocdo.directives.messages import NOTES, explain
from thuocdo.directives.reading import read_apart
from thuocdo.directives.recognition import MOST_PAGES, is_available, recognise
from thuocdo.engine.extraction.assignments import Assignment, find_assignments
from thuocdo.engine.extraction.reader import SourceText, UnreadableDocument

# Below this the rules are unsure, and the listing says so.
_FAIR = 0.7
_MAX_BYTES = 20_000_000


class _FilesOrCommand(click.Group):
    """A group whose first word is the name of a command, or else the first of some files."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ("-h", "--help"):
            args = ["files", *args]
        return super().parse_args(ctx, args)


@click.group(
    name="extract",
    cls=_FilesOrCommand,
    subcommand_metavar="TỆP… | evaluate THƯ_MỤC…",
    help="Đọc văn bản chỉ đạo (docx, pdf, txt) và liệt kê các nhiệm vụ được giao; evaluate đo bộ quy tắc.",
)
def extract() -> None:
    """Read documents, or judge how well documents are read."""


@extract.command(name="files", help="Đọc các tệp; chữ files có thể bỏ.")
@click.argument("files", metavar="TỆP…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="In mỗi nhiệm vụ thành một dòng JSON.")
def read_files(files: tuple[Path, ...], as_json: bool) -> None:
    """Print the assignments of the files; a bad file is told on stderr and makes the exit status 1."""
    failed = False
    for path in files:
        try:
            source = _source_of(path)
        except UnreadableDocument as error:
            failed = True
            click.echo(f"{path}: {explain(error)}", err=True)
            continue
        except OSError as error:
            failed = True
            click.echo(f"{path}: {_explain_file_error(error)}", err=True)
            continue
        for note in (NOTES[code] for code in source.notes if code in NOTES):
            click.echo(f"{path}: {note}", err=True)
        found = find_assignments(source.text)
        if as_json:
            for assignment in found:
                click.echo(json.dumps(as_record(path.name, assignment), ensure_ascii=False))
        else:
            click.echo(_listing(path.name, found))
    if failed:
        raise SystemExit(1)


extract.add_command(evaluate)


def _source_of(path: Path) -> SourceText:
    if path.is_file() and path.stat().st_size > _MAX_BYTES:
        # Refused before it is read into memory.
        raise UnreadableDocument("too_large", {"bytes": path.stat().st_size, "limit": _MAX_BYTES})
    data = path.read_bytes()
    try:
        return read_apart(data, max_bytes=_MAX_BYTES)
    except UnreadableDocument as error:
        pages = int(error.details.get("pages", 0))
        if error.code != "pdf_without_text" or not 0 < pages <= MOST_PAGES or not is_available():
            raise
    words = gettext("%(name)s: nhận dạng chữ trên bản quét, xong %(page)s/%(pages)s trang")
    return recognise(
        data, pages, lambda page: click.echo(words % {"name": path, "page": page, "pages": pages}, err=True)
    )


def _explain_file_error(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return gettext("Không tìm thấy tệp. Hãy kiểm tra lại đường dẫn.")
    if isinstance(error, IsADirectoryError):
        return gettext("Đây là thư mục. Hãy chỉ rõ tên tệp.")
    if isinstance(error, PermissionError):
        return gettext("Không có quyền đọc tệp. Hãy kiểm tra quyền truy cập.")
    return gettext("Không mở được tệp (%(reason)s). Hãy kiểm tra lại tệp.") % {"reason": error.strerror or error}


def _listing(name: str, found: list[Assignment]) -> str:
    """Return the assignments as numbered paragraphs in Vietnamese."""
    lines = [gettext("%(name)s: %(count)s nhiệm vụ") % {"name": name, "count": len(found)}]
    for number, assignment in enumerate(found, start=1):
        lines.append("")
        lines.append(f"{number}. {_one_line(assignment.action)}")
        for label, value in (
            (gettext("Chủ trì"), "; ".join(map(_one_line, assignment.lead))),
            (gettext("Phối hợp"), "; ".join(map(_one_line, assignment.coordinating))),
            (gettext("Thời hạn"), _shown_deadline(assignment.deadline.raw, assignment.deadline.date)),
            (gettext("Sản phẩm"), _one_line(assignment.deliverable or "")),
            (gettext("Mức phải đạt"), _one_line(assignment.target or "")),
        ):
            if value:
                lines.append(f"   {label}: {value}")
        if assignment.confidence < _FAIR:
            shown = f"{assignment.confidence:.2f}".replace(".", ",")
            lines.append("   " + gettext("Độ chắc chắn thấp (%(figure)s), cần đọc kỹ.") % {"figure": shown})
    return "\n".join([*lines, ""])


def _shown_deadline(raw: str | None, day: date | None) -> str:
    if raw is None:
        return ""
    if day is None:
        return _one_line(raw)
    shown = day.strftime("%d/%m/%Y")
    return gettext("%(raw)s (ngày cuối: %(day)s)") % {"raw": _one_line(raw), "day": shown}


def _one_line(text: str) -> str:
    return " ".join(text.split())
