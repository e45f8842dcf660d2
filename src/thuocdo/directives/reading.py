"""Reading a document in a process of its own, with little memory and little time, so that no file can harm the server.

Plain text is read here; Word and PDF files, which need large libraries and may be made to break them, are read by
`python -m thuocdo.directives.reading`, which takes the bytes on its standard input and answers in JSON.
"""

import json
import os
import resource
import subprocess
import sys
from dataclasses import asdict

from thuocdo.engine.extraction.reader import (
    TEXT,
    Passage,
    SourceText,
    UnreadableDocument,
    media_type_of,
    read,
)
from thuocdo.engine.extraction.reader.pdf import opened
from thuocdo.engine.extraction.reader.pdf.recognised import picture_of

SECONDS, MEMORY = 60, 1_000_000_000


def read_apart(data: bytes, *, max_bytes: int, seconds: int = SECONDS, memory: int = MEMORY) -> SourceText:
    """Return the text of a document; raises ``UnreadableDocument``, also when reading takes too long or too much."""
    if len(data) > max_bytes or media_type_of(data) in (TEXT, None):
        return read(data, max_bytes=max_bytes)
    try:
        told = json.loads(_run(data, "text", max_bytes, seconds=seconds, memory=memory))
    except ValueError as error:
        # Killed at its limits, or brought down by the file.
        raise UnreadableDocument("too_complex") from error
    if "code" in told:
        raise UnreadableDocument(told["code"], told["details"])
    return SourceText(
        told["text"],
        told["media_type"],
        told["encoding"],
        tuple(Passage(*passage) for passage in told["passages"]),
        tuple(told["notes"]),
        tuple(told["margins"]),
    )


def page_image(data: bytes, number: int, *, seconds: int = SECONDS, memory: int = MEMORY) -> bytes:
    """Return page `number` (from 0) of a PDF as a PNG file; raises ``UnreadableDocument``."""
    picture = _run(data, "picture", number, seconds=seconds, memory=memory)
    if not picture.startswith(b"\x89PNG"):
        raise UnreadableDocument("too_complex")
    return picture


def _run(data: bytes, what: str, number: int, *, seconds: int, memory: int) -> bytes:
    """What the other process answers, or nothing when it came to its limits."""
    command = [sys.executable, "-m", "thuocdo.directives.reading", what, str(number), str(seconds), str(memory)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    try:
        answer = subprocess.run(
            command, input=data, capture_output=True, timeout=2 * seconds + 10, check=False, env=environment
        )
    except subprocess.TimeoutExpired:
        return b""
    return answer.stdout


def _answer(data: bytes, max_bytes: int) -> dict[str, object]:
    try:
        source = read(data, max_bytes=max_bytes)
    except UnreadableDocument as error:
        return {"code": error.code, "details": error.details}
    except MemoryError:
        return {"code": "too_complex", "details": {}}
    return {
        **{name: value for name, value in asdict(source).items() if name != "passages"},
        "passages": [[one.start, one.end, one.page, one.paragraph] for one in source.passages],
    }


def main(what: str, number: int, seconds: int, memory: int) -> None:
    """Read the document on standard input within the limits and write the answer to standard output."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    data = sys.stdin.buffer.read()
    if what == "picture":
        with opened(data) as document:
            sys.stdout.buffer.write(picture_of(document, number))
    else:
        sys.stdout.write(json.dumps(_answer(data, number)))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:5]))
