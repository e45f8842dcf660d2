"""`thuocdo extract evaluate FOLDER`: labelled documents read by the rules, and how well, by kind of document."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext, gettext_noop

from thuocdo.cli.scheme import as_record
from thuocdo.engine.extraction.assignments import Assignment, find_assignments
from thuocdo.engine.extraction.evaluation import Difference, LabelError, Labelled, Tally, compare, labelled
from thuocdo.engine.extraction.head import read_head

_SHOWN = (
    ("precision", gettext_noop("độ chuẩn xác")),
    ("recall", gettext_noop("độ phủ")),
    ("f1", "F1"),
    ("lead_f1", gettext_noop("chủ trì F1")),
    ("coordinating_f1", gettext_noop("phối hợp F1")),
    ("deadline_date_accuracy_where_gold_has_a_date", gettext_noop("ngày hạn")),
    ("deadline_kind_accuracy", gettext_noop("loại hạn")),
    ("all_right_of_gold", gettext_noop("đúng mọi trường")),
)


class _Refused(Exception):
    """Something about the folders or labels that the caller must mend; its text is in the caller's language."""


@click.command(
    name="evaluate", help="Đối chiếu kết quả đọc của bộ quy tắc với các văn bản đã gán nhãn, theo từng loại văn bản."
)
@click.argument(
    "folders", metavar="THƯ_MỤC…", nargs=-1, required=True, type=click.Path(path_type=Path, file_okay=False)
)
@click.option(
    "--labels",
    "label_files",
    metavar="TỆP",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Tệp nhãn, nếu không phải labels.jsonl của từng thư mục; ghi được nhiều lần.",
)
@click.option("--json", "as_json", is_flag=True, help="In mọi số đo thành một đối tượng JSON.")
@click.option("--errors", is_flag=True, help="Liệt kê nhiệm vụ bỏ sót, thừa và trường sai.")
@click.option(
    "--at-least",
    metavar="F1",
    type=click.FloatRange(0, 1),
    help="Kết thúc với mã 1 nếu F1 của việc tìm nhiệm vụ thấp hơn mức này.",
)
def evaluate(
    folders: tuple[Path, ...], label_files: tuple[Path, ...], as_json: bool, errors: bool, at_least: float | None
) -> None:
    """Print the figures; exit 2 when folders or labels cannot be used, 1 when below ``--at-least``, else 0."""
    try:
        texts = _texts(folders)
        labels = _labels(label_files or tuple(folder / "labels.jsonl" for folder in folders), texts)
        genres = _genres(folders)
    except _Refused as refusal:
        click.echo(str(refusal), err=True)
        raise SystemExit(2) from refusal
    by_genre: dict[str, Tally] = {}
    for document in sorted(labels):
        text = texts[document].decode("utf-8")
        genre = genres.get(document) or read_head(text).kind or gettext("tin báo")
        found = [_found(document, assignment) for assignment in find_assignments(text)]
        by_genre.setdefault(genre.lower(), Tally()).add(compare(labels[document], found))
    overall = Tally()
    for tally in by_genre.values():
        overall.add(tally)
    if as_json:
        click.echo(json.dumps(_report(overall, by_genre, len(labels), errors=errors), ensure_ascii=False, indent=1))
    else:
        click.echo(_table(overall, by_genre))
        if errors:
            for difference in overall.differences:
                click.echo(_line(difference))
    figure = overall.figures()["f1"]
    if at_least is not None and (figure is None or figure < at_least):
        raise SystemExit(1)


def _texts(folders: tuple[Path, ...]) -> dict[str, bytes]:
    """Return the text files of the folders by name; two of one name cannot be told apart."""
    texts: dict[str, bytes] = {}
    for folder in folders:
        if not folder.is_dir():
            raise _Refused(gettext("Không có thư mục %(folder)s.") % {"folder": folder})
        for path in sorted(folder.glob("*.txt")):
            if path.name in texts:
                raise _Refused(gettext("Hai thư mục đều có tệp %(name)s. Hãy đổi tên một tệp.") % {"name": path.name})
            texts[path.name] = path.read_bytes()
    if not texts:
        raise _Refused(gettext("Thư mục không có tệp .txt nào."))
    return texts


def _labels(files: Iterable[Path], texts: dict[str, bytes]) -> dict[str, list[Labelled]]:
    """Return the labels by document; a document without labels is one in which nothing is to be found."""
    labels: dict[str, list[Labelled]] = {}
    for path in files:
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise _Refused(gettext("Không đọc được tệp nhãn %(path)s.") % {"path": path}) from error
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                label = labelled(json.loads(line), number)
            except (LabelError, json.JSONDecodeError) as error:
                words = gettext("%(path)s, dòng %(line)s không phải là nhãn đúng quy ước: %(why)s")
                raise _Refused(words % {"path": path, "line": number, "why": error}) from error
            if label.document not in texts:
                words = gettext("%(path)s, dòng %(line)s: không có văn bản %(name)s trong thư mục.")
                raise _Refused(words % {"path": path, "line": number, "name": label.document})
            labels.setdefault(label.document, []).append(label)
    for name in texts:
        labels.setdefault(name, [])
    return labels


def _genres(folders: tuple[Path, ...]) -> dict[str, str]:
    """Return what genres.json says of the documents, where a folder has one."""
    genres: dict[str, str] = {}
    for folder in folders:
        path = folder / "genres.json"
        if not path.exists():
            continue
        try:
            read = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise _Refused(gettext("Không đọc được %(path)s.") % {"path": path}) from error
        if not isinstance(read, dict):
            raise _Refused(gettext("Không đọc được %(path)s.") % {"path": path})
        genres |= {str(name): str(genre) for name, genre in read.items()}
    return genres


def _found(document: str, assignment: Assignment) -> Labelled:
    return labelled(as_record(document, assignment))


def _report(overall: Tally, by_genre: dict[str, Tally], documents: int, *, errors: bool) -> dict[str, Any]:
    report: dict[str, Any] = {
        "documents": documents,
        "overall": overall.figures(),
        "genres": {genre: tally.figures() for genre, tally in sorted(by_genre.items())},
    }
    if errors:
        report["errors"] = [
            {
                "doc": difference.document,
                "sort": difference.sort,
                "fields": list(difference.fields),
                "gold": _brief(difference.wanted),
                "predicted": _brief(difference.found),
            }
            for difference in overall.differences
        ]
    return report


def _table(overall: Tally, by_genre: dict[str, Tally]) -> str:
    """Return the figures as a table: kinds of documents down, figures across, three digits after the comma."""
    heads = [gettext("loại văn bản"), gettext("nhãn"), *(gettext(words) for _, words in _SHOWN)]
    lines = [heads]
    rows = [*sorted(by_genre.items()), (gettext("tất cả"), overall)]
    for genre, tally in rows:
        figures = tally.figures()
        lines.append([genre, str(tally.labels), *(_shown(figures[name]) for name, _ in _SHOWN)])
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _shown(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:.3f}".replace(".", ",")


def _line(difference: Difference) -> str:
    """Tell one difference in a line or two."""
    words = {"missed": gettext("BỎ SÓT"), "extra": gettext("THỪA"), "fields": gettext("SAI")}[difference.sort]
    fields = f" ({', '.join(difference.fields)})" if difference.fields else ""
    lines = [f"{words}{fields} {difference.document}"]
    for name, side in ((gettext("nhãn"), difference.wanted), (gettext("máy"), difference.found)):
        brief = _brief(side)
        if brief is not None:
            lines.append(f"    {name}: {brief}")
    return "\n".join(lines)


def _brief(side: Labelled | None) -> str | None:
    if side is None:
        return None
    who = " + ".join(sorted(side.lead)) or "–"
    with_whom = f" / {' + '.join(sorted(side.coordinating))}" if side.coordinating else ""
    action = " ".join(side.action.split())[:90]
    extra = f" | {side.deliverable or '–'} | {side.target or '–'}"
    return (
        f"[{side.start}–{side.end}] {who}{with_whom} | {side.kind} {side.day or ''} | {action}{' '.join(extra.split())}"
    )
