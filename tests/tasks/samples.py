"""Tasks and files for the tests, made through the ordinary operations."""

import io
from datetime import date, datetime
from functools import cache
from random import Random
from typing import Any

from docx import Document as WordDocument
from PIL import Image

from tests.world import NOW, World
from thuocdo.organisations.models import Body
from thuocdo.tasks.models import Task
from thuocdo.tasks.operations import (
    TaskDescription,
    Upload,
    accept_assignment,
    approve_result,
    assign,
    report_progress,
    submit,
)


@cache
def word_file(text: str = "Danh mục văn bản đã ban hành") -> bytes:
    """A real docx."""
    document = WordDocument()
    document.add_paragraph(text)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


@cache
def picture_file(seed: int = 1, kind: str = "JPEG", size: tuple[int, int] = (320, 240)) -> bytes:
    """A picture with something to see in it, and with the place where it was taken written beside."""
    coarse = Random(seed).randbytes(8 * 6 * 3)
    picture = Image.frombytes("RGB", (8, 6), coarse).resize(size, Image.Resampling.BICUBIC)
    taken = Image.Exif()
    taken[0x010F] = "Camera"
    taken.get_ifd(0x8825)[1] = "N"
    kept = io.BytesIO()
    picture.save(kept, kind, exif=taken)
    return kept.getvalue()


@cache
def pdf_file(pages: int = 2) -> bytes:
    """A real PDF, each page a picture."""
    first, *others = (Image.new("RGB", (300, 424), (255, 255 - 40 * number, 240)) for number in range(pages))
    kept = io.BytesIO()
    first.save(kept, "PDF", save_all=True, append_images=others)
    return kept.getvalue()


def evidence(name: str = "danh-muc.docx") -> Upload:
    """The decision with which a ministry proves its result."""
    return Upload(name, word_file())


def description(lead: Body, **fields: Any) -> TaskDescription:
    """A task due on 15/10/2026, a month after today's date of the tests."""
    values: dict[str, Any] = {"title": "Xây dựng danh mục văn bản cần sửa đổi", "due_on": date(2026, 10, 15)} | fields
    return TaskDescription(lead=lead, **values)


def given(world: World, lead: str = "BTP", *, at: datetime = NOW, **fields: Any) -> Task:
    """A task that Thu gives for the Party Central Office."""
    return assign(actor=world.actor("thu"), at=at, task=description(world.body(lead), **fields))


def taken_on(world: World, *, at: datetime = NOW, **fields: Any) -> Task:
    """A task of the Ministry of Justice that Lan has accepted."""
    return accept_assignment(actor=world.actor("lan"), at=at, task=given(world, at=at, **fields))


def reported(world: World, *, at: datetime = NOW, **fields: Any) -> Task:
    """A task on which Lan has reported forty percent, without evidence."""
    task = taken_on(world, at=at, **fields)
    report_progress(actor=world.actor("lan"), at=at, task=task, text="Đã rà soát 40 văn bản", progress=40)
    task.refresh_from_db()
    return task


def submitted(world: World, *, at: datetime = NOW, **fields: Any) -> Task:
    """A task whose result Lan has handed in with a document as evidence."""
    task = taken_on(world, at=at, **fields)
    submit(actor=world.actor("lan"), at=at, task=task, text="Đã ban hành danh mục", files=[evidence()])
    task.refresh_from_db()
    return task


def completed(world: World, *, at: datetime = NOW, **fields: Any) -> Task:
    """A task whose result Minh of another body has approved."""
    return approve_result(actor=world.actor("minh"), at=at, task=submitted(world, at=at, **fields))
