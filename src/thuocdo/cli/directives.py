"""`thuocdo directives examples FOLDER`: reviewed documents as labelled examples for `thuocdo extract evaluate`."""

import json
from pathlib import Path

import click
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from thuocdo.directives.queries import examples


@click.group(help="Văn bản chỉ đạo đã tiếp nhận.")
def directives() -> None:
    """The directives that this instance has received."""


@directives.command(
    name="examples", help="Ghi các văn bản đã rà soát xong thành ví dụ có nhãn, để đánh giá bộ quy tắc."
)
@click.argument("folder", metavar="THƯ_MỤC", type=click.Path(path_type=Path, file_okay=False))
def write_examples(folder: Path) -> None:
    """Write texts and labels.jsonl into a folder that is new or empty; nothing of it replaces a file."""
    if folder.exists() and any(folder.iterdir()):
        click.echo(_("%(folder)s không trống. Hãy chỉ một thư mục mới.") % {"folder": folder}, err=True)
        raise SystemExit(2)
    folder.mkdir(parents=True, exist_ok=True)
    documents = labels = 0
    with (folder / "labels.jsonl").open("w", encoding="utf-8", newline="") as file:
        for example in examples():
            (folder / example.name).write_text(example.text, encoding="utf-8", newline="")
            for label in example.labels:
                file.write(json.dumps(label, ensure_ascii=False) + "\n")
            documents, labels = documents + 1, labels + len(example.labels)
    if not documents:
        click.echo(_("Chưa có văn bản nào rà soát xong; rà soát hết các thẻ của một văn bản rồi chạy lại."), err=True)
        return
    words = ngettext("Đã ghi %(documents)s văn bản, ", "Đã ghi %(documents)s văn bản, ", documents)
    rest = ngettext("%(labels)s nhiệm vụ.", "%(labels)s nhiệm vụ.", labels)
    click.echo(words % {"documents": documents} + rest % {"labels": labels})
