"""Looking into evidence in a process of its own, with little memory and time: pictures of pages, texts, fingerprints.

What people hand in is never shown as it is: pages of PDF files are drawn, pictures are decoded and encoded again
without what cameras write beside them (place, owner, serial number), everything else becomes plain text. All of it
happens in `python -m thuocdo.tasks.previewing`, which takes the bytes on its standard input.
"""

import io
import json
import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Any

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PICTURES = frozenset({"image/png", "image/jpeg"})
TEXTS = frozenset({"text/plain", "text/csv"})

SECONDS, MEMORY = 20, 1_200_000_000
# A picture with more pixels is a bomb or a poster; neither can be looked at on a page.
MOST_PIXELS = 100_000_000
MOST_PAGES = 300
_QUALITY = 82
_MOST_LETTERS = 200_000
_MOST_ROWS, _MOST_COLUMNS = 200, 30
# So many files are looked into at once by one server process; the others wait a little and are then sent away.
_at_once = BoundedSemaphore(2)
_PATIENCE = 30.0


class NotShown(ValueError):
    """The file cannot be looked into: `code` is `busy`, `too_complex`, or what the reader said of it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Words:
    """The text of a file: paragraphs, or the rows of a table; `is_cut` when there is more."""

    paragraphs: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Prints:
    """The fingerprints of a file, as far as it has any."""

    image: str | None = None
    text: str | None = None


def page_picture(data: bytes, media_type: str, page: int, width: int) -> bytes:
    """Page `page` (from 1) of a PDF, or a picture, as JPEG no wider than `width` pixels; raises NotShown."""
    found = _run(data, "picture", media_type, page, width)
    if not found.startswith(b"\xff\xd8\xff"):
        raise NotShown(_told(found).get("code", "too_complex"))
    return found


def page_count(data: bytes) -> int:
    """How many pages a PDF has; raises NotShown for one that is locked or broken."""
    told = _told(_run(data, "pages", PDF))
    if "pages" not in told:
        raise NotShown(told.get("code", "too_complex"))
    return int(told["pages"])


def words_of(data: bytes, media_type: str) -> Words:
    """The text of a Word document, a spreadsheet or a plain text; raises NotShown."""
    told = _told(_run(data, "words", media_type))
    if "code" in told:
        raise NotShown(told["code"])
    return Words(tuple(told["paragraphs"]), tuple(tuple(row) for row in told["rows"]), told["is_cut"])


def prints_of(data: bytes, media_type: str) -> Prints:
    """The fingerprints of a file; none of what cannot be read."""
    told = _told(_run(data, "prints", media_type))
    return Prints(told.get("image"), told.get("text"))


def _told(answer: bytes) -> dict[str, Any]:
    try:
        told = json.loads(answer)
    except ValueError:
        # Killed at its limits, or brought down by the file.
        return {"code": "too_complex"}
    return told if isinstance(told, dict) else {"code": "too_complex"}


def _run(data: bytes, what: str, media_type: str, *numbers: int) -> bytes:
    """What the other process answers, or nothing when it came to its limits."""
    command = [sys.executable, "-m", "thuocdo.tasks.previewing", what, media_type, *map(str, numbers)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "OPENBLAS_NUM_THREADS": "1"}
    if not _at_once.acquire(timeout=_PATIENCE):
        raise NotShown("busy")
    try:
        answer = subprocess.run(
            command, input=data, capture_output=True, timeout=2 * SECONDS + 10, check=False, env=environment
        )
    except subprocess.TimeoutExpired:
        return b""
    finally:
        _at_once.release()
    return answer.stdout


# From here on: what happens in the other process.


def _picture(data: bytes, media_type: str, page: int, width: int) -> bytes:
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    if media_type == PDF:
        picture = _page(data, page, width)
    else:
        opened = Image.open(io.BytesIO(data), formats=["PNG", "JPEG"])
        if opened.width * opened.height > MOST_PIXELS:
            raise NotShown("too_many_pixels")
        # A photograph of many pixels is decoded at a fraction of its size where the format allows it.
        opened.draft("RGB", (width, width))
        picture = ImageOps.exif_transpose(opened)
    if picture.mode not in ("RGB", "L"):
        # What shines through is paper.
        ground = Image.new("RGB", picture.size, "white")
        clear = picture.convert("RGBA")
        ground.paste(clear, mask=clear.getchannel("A"))
        picture = ground
    picture.thumbnail((width, 4 * width))
    kept = io.BytesIO()
    # A new picture of the same pixels: nothing that was written beside them comes along.
    clean = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    clean.save(kept, "JPEG", quality=_QUALITY, optimize=True)
    return kept.getvalue()


def _page(data: bytes, page: int, width: int) -> Any:
    from thuocdo.engine.extraction.reader.pdf import opened

    with opened(data) as document:
        if not 1 <= page <= min(len(document), MOST_PAGES):
            raise NotShown("no_such_page")
        drawn = document[page - 1]
        scale = width / max(drawn.get_width(), 1.0)
        # A page as long as a street is drawn smaller.
        scale = min(scale, 4 * width / max(drawn.get_height(), 1.0))
        return drawn.render(scale=scale).to_pil()


def _words(data: bytes, media_type: str) -> Words:
    if media_type == XLSX:
        return _rows(data)
    from thuocdo.engine.extraction.reader import read

    text = read(data, max_bytes=len(data)).text
    return Words(tuple(text[:_MOST_LETTERS].split("\n")), is_cut=len(text) > _MOST_LETTERS)


def _rows(data: bytes) -> Words:
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        sheet = book.get_sheet_by_index(0)
        rows = sheet.to_python(nrows=_MOST_ROWS + 1)
    cut = tuple(tuple(str(cell)[:500] for cell in row[:_MOST_COLUMNS]) for row in rows[:_MOST_ROWS])
    return Words((), cut, is_cut=len(rows) > _MOST_ROWS or len(book.sheet_names) > 1)


def _prints(data: bytes, media_type: str) -> Prints:
    if media_type in PICTURES:
        import numpy as np
        from PIL import Image, ImageOps

        from thuocdo.engine.likeness import picture_fingerprint

        opened = Image.open(io.BytesIO(data), formats=["PNG", "JPEG"])
        if opened.width * opened.height > MOST_PIXELS:
            raise NotShown("too_many_pixels")
        opened.draft("L", (512, 512))
        grey = ImageOps.exif_transpose(opened).convert("L")
        grey.thumbnail((512, 512))
        return Prints(image=picture_fingerprint(np.asarray(grey)))
    from thuocdo.engine.likeness import text_fingerprint

    if media_type == XLSX:
        return Prints(text=text_fingerprint("\n".join(" ".join(row) for row in _rows(data).rows)))
    from thuocdo.engine.extraction.reader import read

    return Prints(text=text_fingerprint(read(data, max_bytes=len(data)).text))


def _answer(what: str, data: bytes, media_type: str, numbers: list[int]) -> bytes:
    from dataclasses import asdict

    from thuocdo.engine.extraction.reader import UnreadableDocument

    told: Any
    try:
        match what:
            case "picture":
                return _picture(data, media_type, *numbers)
            case "pages":
                from thuocdo.engine.extraction.reader.pdf import opened

                with opened(data) as document:
                    told = {"pages": len(document)}
            case "words":
                told = asdict(_words(data, media_type))
            case _:
                told = asdict(_prints(data, media_type))
    except (UnreadableDocument, NotShown) as error:
        told = {"code": error.code}
    except Exception:  # noqa: BLE001 (whatever a hostile file does to a library, it ends in this process and is said)
        told = {"code": "too_complex"}
    return json.dumps(told).encode()


def main(what: str, media_type: str, numbers: list[int]) -> None:
    """Look into the file on standard input within the limits and write the answer to standard output."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.buffer.write(_answer(what, sys.stdin.buffer.read(), media_type, numbers))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], [int(number) for number in sys.argv[3:]])
